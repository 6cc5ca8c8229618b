"""From a recording to a release, as people go it: upload, annotate, send back, approve, export."""

import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import videos
from tests.apps.releases.exporting import check_drawn
from tests.conftest import SHARED
from tests.e2e import api, pages
from tests.e2e.site import ROOT, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

PROJECT = "Whole way"
SUBTASKS = ["Move to the object.", "Grasp it.", "Lift it."]
AVOIDANCE, CORRECTION = 37, 61  # the first is no 1 fps sample
AVOIDANCE_COMMAND = (
    "Move the left gripper to the right slightly and backward significantly, "
    "rotate the left gripper clockwise, and close the left gripper."
)


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A real recording where there is one, else a made one; with the head camera's name."""
    target = tmp_path / "episode_7_cam_high.mp4"
    real = SHARED / "videos" / "droid_05.mp4"
    source = real if real.exists() else videos.make("h264", tmp_path / "made").path
    target.write_bytes(source.read_bytes())
    return target


def diagnose(page: Page) -> None:
    pages.choose(page, "Failed")
    pages.go_to_frame(page, AVOIDANCE)
    pages.choose(page, "Set avoidance here")
    pages.go_to_frame(page, CORRECTION)
    pages.choose(page, "Set correction here")
    pages.choose(page, "2 Grasp it.", "Gripper 6D-pose")


def draw_all_seven(page: Page) -> list[dict]:
    """One drag for each symbol; returns what was drawn, in source pixels."""
    press = page.keyboard.press
    press("A")
    press("G")  # after red, which is chosen at first
    press("R")  # off
    press("R")  # and on again: the colors are in the order pressed
    pages.drag(page, (40, 40), (110, 100))
    press("S")
    pages.drag(page, (60, 120), (80, 120))
    press("D")
    pages.drag(page, (20, 20), (130, 60))
    for key, point in zip("COFLW", [(90, 30), (30, 90), (100, 110), (120, 30), (75, 75)], strict=True):
        press(key)
        pages.drag(page, (point[0] - 9, point[1] - 7), point)
    return [
        {"type": "move_arrow", "start": [40, 40], "end": [110, 100], "colors": ["green", "red"]},
        {"type": "rotate_arrow", "center": [60, 120], "direction": "clockwise"},
        {"type": "dual_crosshair", "p1": [20, 20], "p2": [130, 60]},
        {"type": "crosshair", "pos": [90, 30]},
        {"type": "state", "pos": [30, 90], "text": "ON"},
        {"type": "state", "pos": [100, 110], "text": "OFF"},
        {"type": "lock", "pos": [120, 30]},
        {"type": "rewind", "pos": [75, 75]},
    ]


def guide(page: Page) -> list[dict]:
    """Both keyframes; returns the avoidance keyframe's symbols as they were left."""
    pages.open_stage(page, "Guide")
    pages.choose(page, "Avoidance ·")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", str(AVOIDANCE))
    pages.choose(page, "Left", "→ right", "→ right", "↓ backward", "↓ backward", "↓ backward")
    pages.choose(page, "↻ clockwise", "close")
    expect(page.get_by_test_id("command-text")).to_have_text(AVOIDANCE_COMMAND)
    symbols = draw_all_seven(page)
    page.keyboard.press("V")
    pages.drag(page, (90, 30), (95, 45))  # the crosshair, moved
    symbols[3]["pos"] = [95, 45]
    pages.drag(page, (120, 30), (120, 30))  # the lock, chosen
    page.keyboard.press("Delete")
    del symbols[6]

    pages.choose(page, "Correction ·")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", str(CORRECTION))
    pages.choose(page, "Everything holds still")
    page.keyboard.press("L")
    pages.drag(page, (50, 60), (50, 60))
    return symbols


def explain(page: Page) -> None:
    pages.open_stage(page, "Explain")
    pages.await_saved(page)
    pages.accept_drafts(page)
    expect(page.get_by_text("Put together by a template")).to_be_visible()
    expect(page.get_by_role("textbox", name="Why it failed")).to_have_value(re.compile("Grasp it"))
    page.get_by_role("textbox", name="Why it failed").fill("The gripper closed beside the object.")
    pages.await_saved(page)


def submit(page: Page) -> None:
    pages.choose(page, "Submit")


def export_folder(site: Site, target: Path) -> dict[str, bytes]:
    env = {**os.environ, "DATA_DIR": str(site.data_dir), "DJANGO_SETTINGS_MODULE": "annotation_site.settings"}
    command = ["manage.py", "export_release", "--project", PROJECT, "--out", str(target)]
    subprocess.run([sys.executable, *command], env=env, cwd=ROOT, check=True, capture_output=True)
    return {
        str(file.relative_to(target)): file.read_bytes()
        for file in sorted(target.rglob("*"))
        if file.is_file()
    }


def test_a_recording_becomes_a_release(browser: Browser, site: Site, recording: Path, tmp_path: Path):
    project = api.project_new(site, PROJECT)
    page = pages.log_in(browser, site, "annotator")
    pages.open_project(page, PROJECT)
    pages.add_task(page, name="lift_object", description="Lift the object.", subtasks=SUBTASKS)
    page.get_by_label("Which task").select_option("lift_object")
    pages.upload(page, recording)
    row = pages.row_of(page, "lift_object", 0)
    pages.await_state(row, "ready")
    row.get_by_role("button", name="Annotate").click()

    diagnose(page)
    symbols = guide(page)
    submit(page)
    expect(page.get_by_text("Write the failure reason.")).to_be_visible()  # what is missing is said
    explain(page)
    submit(page)
    expect(page.get_by_text("Submitted. Thank you.")).to_be_visible()
    annotation = int(page.url.rstrip("/").rsplit("/", 1)[1])

    judge = pages.log_in(browser, site, "reviewer")
    judge.goto(f"{site.address}/review/{annotation}/")
    expect(judge.get_by_text(AVOIDANCE_COMMAND)).to_be_visible()
    judge.get_by_role("button", name="Send back").click()
    judge.get_by_role("textbox").fill("Which finger?")
    judge.get_by_role("button", name="Send back").click()
    expect(judge.get_by_text("Nothing waits for your review.")).to_be_visible()

    page.goto(f"{site.address}/")
    page.get_by_role("link", name="lift_object episode 0 reviewer: Which finger?").click()
    expect(page.get_by_text("Which finger?")).to_be_visible()
    pages.open_stage(page, "Explain")
    page.get_by_role("textbox", name="Why it failed").fill("The left finger closed beside the object.")
    pages.await_saved(page)
    submit(page)
    expect(page.get_by_text("Submitted. Thank you.")).to_be_visible()

    judge.goto(f"{site.address}/review/{annotation}/")
    judge.get_by_role("button", name="Approve").click()
    expect(judge.get_by_text("Nothing waits for your review.")).to_be_visible()

    admin = pages.log_in(browser, site, "admin")
    pages.open_project(admin, PROJECT)
    admin.get_by_role("link", name="Releases").click()
    admin.get_by_role("button", name="Export a release").click()
    with admin.expect_download() as download:
        admin.get_by_role("link", name=re.compile("Download")).click(timeout=30_000)
    archive = zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes()))
    zipped = {name: archive.read(name) for name in archive.namelist()}
    folder = export_folder(site, tmp_path / "release")
    assert folder == dict(sorted(zipped.items()))
    assert folder == export_folder(site, tmp_path / "again")
    check_release(site, project, folder, symbols, recording)


def check_release(
    site: Site, project: int, files: dict[str, bytes], symbols: list[dict], recording: Path
) -> None:
    (record,) = json.loads(files["annotations.json"])
    frames = "annotated_data/lift_object/frames/episode_0_cam_high"
    assert record["task"] == "Lift the object."
    assert record["failure_detection"] == "yes"
    assert record["failure_subtask"] == "2"
    assert record["failure_type"] == "gripper 6d-pose"
    assert record["failure_reason"] == "The left finger closed beside the object."
    assert record["keyframe"] == [
        {
            "avoid_keyframe": f"{frames}/{AVOIDANCE}_avoid_keyframe.jpg",
            "correct_keyframe": f"{frames}/{CORRECTION}_correct_keyframe.jpg",
        }
    ]
    (avoidance,) = record["avoidance"]
    (correction,) = record["correction"]
    assert avoidance["low_level"] == AVOIDANCE_COMMAND
    assert avoidance["avoid_keyframe_annotations_code"] == symbols
    assert correction["low_level"] == "Hold still."
    assert correction["correct_keyframe_annotations_code"] == [{"type": "lock", "pos": [50, 60]}]
    assert files[record["video"]] == recording.read_bytes()
    assert all(image in files for image in record["images"])

    client = site.client("annotator")
    (episode,) = client.get(f"/api/v1/projects/{project}/episodes/").json()["results"]
    still = client.get(f"/api/v1/episodes/{episode['id']}/cameras/cam_high/frames/{AVOIDANCE}.jpg").content
    assert files[f"{frames}/{AVOIDANCE}_avoid_keyframe.jpg"] == still
    drawn = files[f"{frames}/{AVOIDANCE}_avoid_keyframe_annotations.jpg"]
    check_drawn(still, drawn, symbols)
