"""A frame number is the same picture everywhere: on the page, over the API, in a release, in the video."""

import io
import zipfile
from pathlib import Path

import httpx
import imageio_ffmpeg
import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from tests import videos
from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

QUICK = ("vfr", "edit_list", "rotated_90")
LONG = ("h264", "h265_open_gop", "av1", "odd_444", "fps_120", "start_ts", "mjpeg_avi", "ten_bit", "mirrored")
HOSTILE = [*QUICK, *(pytest.param(kind, marks=pytest.mark.full) for kind in LONG)]
PAGE_FRAMES = 8  # that many frames, spread over the video, are looked at on the page


def frames_on_page(page: Page, count: int) -> list[tuple[int, int]]:
    """`count` frame numbers with the counters that the canvas shows there, read off the screen."""
    last = int(page.get_by_label("Frame number").get_attribute("max") or 0)
    numbers = sorted({round(last * step / max(count - 1, 1)) for step in range(count)})
    found = []
    for number in numbers:
        pages.go_to_frame(page, number)
        found.append((number, pages.counter_on_screen(page)))
    return found


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_video_shows_the_frame_it_says(kind: str, browser: Browser, site: Site, tmp_path: Path):
    truth = videos.make(kind, tmp_path / kind)
    annotator, reviewer, admin = (site.client(name) for name in ("annotator", "reviewer", "admin"))
    project = api.project_new(site, f"Frames {kind}")
    task = api.task_new(admin, project, f"frames_{kind}")
    episode = api.upload_episode(annotator, project, task, truth.path)
    found = api.await_ingest(annotator, episode)
    assert found["state"] == "ready", found["rejection"]
    (camera,) = found["cameras"]
    assert (camera["width"], camera["height"]) == truth.size
    assert camera["frame_count"] == len(truth.counters)

    base = f"/api/v1/episodes/{episode}/cameras/cam_high/frames"
    stills = [annotator.get(f"{base}/{number}.jpg").content for number in range(len(truth.counters))]
    assert [videos.read_counter(pages.rgb_of(still)) for still in stills] == truth.counters

    frames = (7, len(stills) - 2)
    annotation = api.annotate_failure(annotator, episode, frames)
    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}/annotate/{annotation}/")
    for number, counter in frames_on_page(page, PAGE_FRAMES):
        assert counter == truth.counters[number]
    page.context.close()

    api.approve(reviewer, annotation)
    exported = export(admin, project, f"annotated_data/frames_{kind}/frames/episode_0_cam_high/")
    for name, number in exported_numbers(exported):
        assert exported[name] == stills[number]
    assert {f"{frames[0]}_avoid_keyframe.jpg", f"{frames[1]}_correct_keyframe.jpg"} <= set(exported)


def export(admin: httpx.Client, project: int, folder: str) -> dict[str, bytes]:
    """The files of one folder of a new release."""
    release = api.ok(admin.post(f"/api/v1/projects/{project}/releases/"))["id"]
    archive = zipfile.ZipFile(io.BytesIO(api.await_archive(admin, release)))
    names = [name for name in archive.namelist() if name.startswith(folder)]
    return {name.removeprefix(folder): archive.read(name) for name in names}


def exported_numbers(names: dict[str, bytes]) -> list[tuple[str, int]]:
    return [(name, int(name.split("_")[0].removesuffix(".jpg"))) for name in names]


@pytest.mark.parametrize("step", [17, pytest.param(1, marks=pytest.mark.full)])
def test_a_recorded_rollout_shows_the_frame_it_says(step: int, site: Site, shared_videos: Path):
    """The frame number is written in these pictures: each still is nearest to that frame of the source."""
    source = shared_videos / "safe_pi0-fast-real-1-fail.mp4"
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_of(client, project, "recorded_rollout"), source)
    found = api.await_ingest(client, episode)
    assert found["state"] == "ready", found["rejection"]
    truth = decoded_by_ffmpeg(source)
    assert found["cameras"][0]["frame_count"] == len(truth)
    for number in range(0, len(truth), step):
        still = client.get(f"/api/v1/episodes/{episode}/cameras/cam_high/frames/{number}.jpg").content
        assert nearest(pages.rgb_of(still), truth, number) == number


def decoded_by_ffmpeg(path: Path) -> list[np.ndarray]:
    reader = imageio_ffmpeg.read_frames(str(path), output_params=["-fps_mode", "passthrough"])
    width, height = next(reader)["size"]
    return [np.frombuffer(frame, np.uint8).reshape(height, width, 3) for frame in reader]


def nearest(still: np.ndarray, truth: list[np.ndarray], number: int) -> int:
    """Of the frames around `number` the one whose picture is most like the still."""
    around = range(max(0, number - 3), min(len(truth), number + 4))
    return min(around, key=lambda n: (np.abs(truth[n].astype(int) - still).mean(), abs(n - number)))
