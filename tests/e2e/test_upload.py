"""Recordings are brought in by the browser: many at once, duplicates and bad files said in a sentence."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests import videos
from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def named(source: Path, name: str) -> Path:
    return source.rename(source.with_name(name))


def test_many_files_at_once(browser: Browser, site: Site, tmp_path: Path):
    head = named(videos.make("fps_5", tmp_path / "a", frames=12).path, "episode_1_cam_high.mp4")
    wrist = named(videos.make("fps_5", tmp_path / "b", frames=13).path, "episode_1_cam_left_wrist.mp4")
    other = named(videos.make("fps_5", tmp_path / "c", frames=14).path, "episode_2_cam_high.mp4")
    twin = tmp_path / "the_same_again.mp4"
    twin.write_bytes(other.read_bytes())
    text = tmp_path / "notes.mp4"
    text.write_text("This is no video.")

    page = pages.log_in(browser, site, "annotator")
    pages.open_project(page)
    pages.add_task(page, name="many_files", description="Many files.", subtasks=[])
    page.get_by_label("Which task").select_option("many_files")
    pages.upload(page, head, wrist, other, text)
    over = re.compile("ready|rejected")  # episodes are numbered as their last file arrives, in any order
    for number in range(3):
        pages.await_state(pages.row_of(page, "many_files", number), over)
    ours = page.get_by_role("row").filter(has=page.get_by_role("cell", name="many_files", exact=True))
    expect(ours.locator(".badge.ready")).to_have_count(2)
    rejected = page.get_by_role("row").filter(has_text="rejected")
    expect(rejected.locator(".error")).not_to_be_empty()

    pages.upload(page, twin)
    expect(page.get_by_text("In the project already:")).to_be_visible()

    client = site.client("annotator")
    rows = client.get(f"/api/v1/projects/{api.project_id(client)}/episodes/").json()["results"]
    ours = [row for row in rows if row["task"]["name"] == "many_files"]
    cameras = sorted([camera["name"] for camera in row["cameras"]] for row in ours)
    assert cameras == [[], ["cam_high"], ["cam_high", "cam_left_wrist"]]


def test_a_dropped_file_is_uploaded(browser: Browser, site: Site, tmp_path: Path):
    recording = videos.make("fps_5", tmp_path / "dropped", frames=15).path
    page = pages.log_in(browser, site, "annotator")
    pages.open_project(page)
    pages.add_task(page, name="dropped_files", description="Dropped.", subtasks=[])
    page.get_by_label("Which task").select_option("dropped_files")
    page.evaluate(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name, {type: 'video/mp4'}));
            const zone = document.querySelector('[data-testid=drop-zone]');
            const init = {dataTransfer: transfer, bubbles: true, cancelable: true};
            for (const kind of ['dragover', 'drop']) zone.dispatchEvent(new DragEvent(kind, init));
        }""",
        [recording.name, list(recording.read_bytes())],
    )
    pages.await_state(pages.row_of(page, "dropped_files", 0), "ready")
