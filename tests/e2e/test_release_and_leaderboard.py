"""From a release to a row of the leaderboard in the browser, with the real worker, also when it is killed."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import Site
from tests.e2e.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]
JOB_PATIENCE = 60_000  # ms


@pytest.fixture(scope="module")
def release(site: Site, film: Callable[[int], Path]) -> str:
    """The address of a packed release of two failures, in a project of these tests' own."""
    project = api.project_new(site, "Benchmarked")
    people = {name: site.client(name) for name in ("annotator", "reviewer", "admin")}
    for frames in (31, 32):
        task = api.task_of(people["annotator"], project, "sort")
        episode = api.upload_episode(people["annotator"], project, task, film(frames))
        api.await_ingest(people["annotator"], episode)
        annotation = api.annotate_failure(people["annotator"], episode, (5, 9))
        api.approve(people["reviewer"], annotation)
    made = api.ok(people["admin"].post(f"/api/v1/projects/{project}/releases/"))
    api.await_archive(people["admin"], made["id"])
    return f"{site.address}/projects/benchmarked/releases/{made['version']}/"


@pytest.fixture
def admin(browser: Browser, site: Site) -> Page:
    return pages.log_in(browser, site, "admin")


def test_building_watching_training_and_asking_a_baseline(admin: Page, site: Site, release: str) -> None:
    admin.goto(release)
    expect(admin.get_by_role("heading", name="Version 1")).to_be_visible()
    expect(admin.get_by_text("Build VQA data first")).to_be_visible()
    admin.get_by_text("Own wording or split").click()
    split = {"name": "split.toml", "mimeType": "text/plain", "buffer": b"[benchmark]\nsort = 1"}
    admin.get_by_label("Split (TOML)").set_input_files(split)
    admin.get_by_role("button", name="Build VQA data").click()

    expect(admin.locator("article .badge.done")).to_be_visible(timeout=JOB_PATIENCE)
    expect(admin.get_by_text("The check found no error.")).to_be_visible()
    expect(admin.locator("article").get_by_role("row", name="failure_detection_qa")).to_be_visible()
    commands = admin.locator("#train").inner_text()
    assert "-m ml.finetune train paper --data benchmarked-v1/VQA/ViFailback_VQA_train.json" in commands
    admin.context.grant_permissions(["clipboard-read", "clipboard-write"])
    admin.get_by_role("button", name="Copy").click()
    expect(admin.get_by_role("button", name="Copied")).to_be_visible()
    assert admin.evaluate("navigator.clipboard.readText()") == admin.locator("#train").text_content()
    with admin.expect_download() as download:
        admin.locator("article").get_by_role("link", name="Download").click()
    assert Path(download.value.path()).read_bytes().startswith(b"PK")
    assert not (found := violations(admin)), "\n".join(found)

    admin.get_by_role("link", name="Leaderboard").click()
    admin.locator("select[name=model]").select_option("text-prior")
    admin.get_by_role("button", name="Start").click()
    expect(admin.get_by_role("row", name="text-prior").first).to_be_visible(timeout=JOB_PATIENCE)
    admin.get_by_text("By question type").click()
    assert not (found := violations(admin)), "\n".join(found)

    site.client("admin").patch("/api/v1/preferences/", json={"language": "zh-hans", "theme": "dark"})
    for address, words in ((admin.url, "让模型作答"), (release, "生成 VQA 数据")):
        admin.goto(address)
        expect(admin.get_by_text(words).first).to_be_visible()
        assert not (found := violations(admin)), "\n".join(found)
    site.client("admin").patch("/api/v1/preferences/", json={"language": "", "theme": "system"})

    admin.reload()
    admin.get_by_role("link", name="Leaderboard").click()
    admin.once("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Remove text-prior").click()
    expect(admin.get_by_text("No run yet.")).to_be_visible()


def test_a_build_whose_worker_is_killed_is_started_again_and_whole(
    admin: Page, site: Site, release: str
) -> None:
    """Every format with pictures, so that the pool's processes die in the middle."""
    admin.goto(release)
    admin.get_by_label("Seed").fill("7")
    admin.get_by_label("parquet").check()
    stop_workers(site, signal.SIGSTOP)
    admin.get_by_role("button", name="Build VQA data").click()
    client = site.client("admin")
    (build,) = [each for each in builds(client, release) if each["seed"] == 7]
    stop_workers(site, signal.SIGCONT)
    await_state(client, build["id"], "running", "done")
    stop_workers(site, signal.SIGKILL)

    article = admin.locator(f"#build-{build['id']}")
    if await_state(client, build["id"], "failed", "done") == "failed":
        expect(article.get_by_text("The worker was stopped.")).to_be_visible(timeout=JOB_PATIENCE)
        assert client.get(f"/api/v1/vqa/{build['id']}/download/").status_code == 409
        article.get_by_role("button", name="Start again").click()

    expect(article.locator(".badge.done")).to_be_visible(timeout=JOB_PATIENCE)
    assert client.get(f"/api/v1/vqa/{build['id']}/download/").content.startswith(b"PK")


def stop_workers(site: Site, number: int) -> None:
    """Send a signal to the processes of the worker's pool: those of celery whose parent is celery."""
    found = [pid for pid in site.children() if b"celery" in command_of(pid)]
    for pid in found:
        if parent_of(pid) in found:
            os.kill(pid, number)


def command_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def builds(client: httpx.Client, release: str) -> list[dict]:
    project = api.project_id(client, "Benchmarked")
    (made,) = api.ok(client.get(f"/api/v1/projects/{project}/releases/"))
    return api.ok(client.get(f"/api/v1/releases/{made['id']}/vqa/"))


def await_state(client: httpx.Client, build: int, *states: str) -> str:
    deadline = time.monotonic() + JOB_PATIENCE / 1000
    while time.monotonic() < deadline:
        state = api.ok(client.get(f"/api/v1/vqa/{build}/"))["state"]
        if state in states:
            return state
        time.sleep(0.01)
    raise AssertionError(f"build {build} is {state}, not {states}")
