"""A real browser numbers frames as we do: edit lists, rotation and variable rates included."""

import base64
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests import videos
from tests.apps.episodes.video.conftest import Case, picture

KINDS = ["h264", "vfr", "edit_list", "rotated_90", "rotated_180", "rotated_270", "mirrored"]
SHOW = """async ([video, seconds]) => {
  const element = document.createElement('video');
  element.muted = true;
  element.src = 'data:video/mp4;base64,' + video;
  await new Promise((done, fail) => { element.onloadeddata = done; element.onerror = fail; });
  element.currentTime = seconds;
  await new Promise(done => { element.onseeked = done; });
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [element.videoWidth, element.videoHeight];
  const context = canvas.getContext('2d');
  const drawn = () => {
    context.drawImage(element, 0, 0);
    const {data} = context.getImageData(0, 0, canvas.width, canvas.height);
    return data.some(value => value > 0 && value < 255);
  };
  while (!drawn()) await new Promise(requestAnimationFrame);  // a busy machine paints after it says "seeked"
  return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
}"""

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("which", ["source", "proxy"])
def test_a_browser_shows_the_frame_of_that_number(
    kind: str, which: str, case: Callable[[str], Case], page: Page
) -> None:
    truth, ingested = case(kind).truth, case(kind).ingested
    video = base64.b64encode((truth.path if which == "source" else ingested.proxy).read_bytes()).decode()

    for number in (0, 9, 10, 31):
        middle = (ingested.index.timestamp(number) + ingested.index.timestamp(number + 1)) / 2
        shown = picture(base64.b64decode(page.evaluate(SHOW, [video, float(middle)])))
        assert videos.read_counter(shown) == truth.counters[number]
        assert shown.shape[:2] == truth.size[::-1]
