"""A robot's recordings through the browser, and its rollouts from the uploader to the trial's page."""

import shutil
import subprocess
import sys
from pathlib import Path

import h5py
import pytest
from playwright.sync_api import Browser, expect

from robot.formats import aloha
from tests.e2e import api, pages
from tests.e2e.site import ROOT, Site
from tests.e2e.test_axe import violations
from tests.e2e.test_live import token_of
from tests.robot.conftest import make_recording
from tests.robot.rollout.play import record

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


@pytest.fixture
def silent(tmp_path: Path) -> Path:
    """A folder with a file as the paper's, which states neither order nor rate."""
    folder = tmp_path / "takes"
    folder.mkdir()
    aloha.write(folder / "episode_0.hdf5", make_recording(), "jpeg", "bgr")
    with h5py.File(folder / "episode_0.hdf5", "a") as file:
        del file.attrs["channel_order"], file.attrs["fps"]
    return folder


@pytest.mark.parametrize("way", ["archive", pytest.param("folder", marks=pytest.mark.full)])
def test_the_page_asks_for_order_and_rate_and_imports(
    browser: Browser, site: Site, silent: Path, way: str
) -> None:
    project = api.project_new(site, f"Robots {way}")
    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}/projects/robots-{way}/")
    if way == "archive":
        archive = shutil.make_archive(str(silent.parent / "takes"), "zip", silent)
        page.get_by_label("Choose files").set_input_files(archive)
    else:
        page.get_by_label("Choose a folder").set_input_files(silent)
    card = page.get_by_role("region", name="takes")
    expect(card.get_by_role("img")).to_have_count(2)
    start = card.get_by_role("button", name="Import")
    assert not (found := violations(page)), "\n".join(found)
    card.get_by_label("Taken as BGR").last.check()
    expect(start).to_be_disabled()
    card.get_by_label("Frames a second").select_option("25")
    start.click()
    expect(card.get_by_role("status")).to_contain_text("episode 0", timeout=pages.INGEST_PATIENCE)

    client = site.client("annotator")
    (episode,) = api.ok(client.get(f"/api/v1/projects/{project}/episodes/"))["results"]
    found = api.await_ingest(client, episode["id"])
    assert (found["state"], len(found["cameras"]), found["has_signals"]) == ("ready", 3, True)
    assert found["task"]["description"] == "Put the cube away."
    page.context.close()


def test_a_rollout_goes_from_the_robots_folder_to_its_page_and_into_the_queue(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    project = api.project_new(site, "Rollouts")
    record(tmp_path / "recorded")
    command = [
        sys.executable,
        "-m",
        "robot.rollout",
        "upload",
        str(tmp_path / "recorded"),
        "--url",
        site.address,
    ]
    done = subprocess.run(
        [*command, "--token", token_of(site, project, "upload")], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")
    client = site.client("annotator")
    (run,) = api.ok(client.get(f"/api/v1/projects/{project}/runs/"))
    (rollout,) = run["rollouts"]
    api.await_ingest(client, rollout["episode"])

    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}/projects/rollouts/runs/")
    page.get_by_role("link", name="Open trial 0 of run-1").click()
    expect(page.get_by_role("region", name="What happened")).to_contain_text("Answer: It sees a failure")
    expect(page.get_by_text("the robot's supervisor (tiny, run-1)")).to_be_visible()
    page.get_by_role("slider", name="Position in the recording").fill("0.52")
    expect(page.locator("[aria-current=true]")).to_contain_text("It sees a failure")

    assert not (found := violations(page)), "\n".join(found)
    annotation = api.ok(client.post(f"/api/v1/projects/{project}/queue/next/"))
    assert annotation["episode"] == rollout["episode"]
    page.context.close()
