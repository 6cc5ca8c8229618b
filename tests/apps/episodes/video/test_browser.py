"""A real browser numbers frames as we do: edit lists, rotation and variable rates included."""

import base64
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests import videos
from tests.apps.episodes.video.conftest import Case, picture

CHROMIUM = Path("/usr/bin/chromium")
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
  canvas.getContext('2d').drawImage(element, 0, 0);
  return canvas.toDataURL('image/jpeg', 0.95).split(',')[1];
}"""

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM.exists(), reason=f"there is no {CHROMIUM}"),
]


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


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
