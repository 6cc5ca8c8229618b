"""`make up`: starts, says how it is, stops, and keeps everything."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import httpx
import pytest

from apps.episodes.ingest import MAX_ATTEMPTS
from tests import videos
from tests.e2e import api
from tests.e2e.site import Site, descendants, start_site

pytestmark = pytest.mark.xdist_group("up")

Start = Callable[[], tuple[Site, float]]

STOP_LIMIT = 5.0
SECOND_START_LIMIT = 6.0


def alive(pid: int) -> bool:
    """Running, not merely unburied."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition, seconds: float = 10.0) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def child_running(site: Site, word: str) -> int:
    return next(pid for pid in site.children() if word in command_line(pid))


def test_it_says_where_it_is_stops_at_once_and_keeps_everything(start: Start):
    site, _ = start()
    healthy = httpx.get(f"{site.address}/healthz").json()
    assert healthy["ok"]
    assert {healthy[part] for part in ("database", "broker", "worker")} == {"ok"}
    assert until(lambda: f"{site.address}/" in site.output.read_text())
    said = site.output.read_text()
    for name in ("annotator", "annotator2", "reviewer", "admin"):
        assert site.logins[name] in said
        assert site.client(name).get("/api/v1/projects/").json()[0]["name"] == "Sample project"
    assert oct((site.data_dir / "logins.json").stat().st_mode)[-3:] == "600"

    children = site.children()
    assert len(children) >= 4  # broker, worker and its pool, web server
    assert site.stop(signal.SIGTERM) < STOP_LIMIT
    assert not any(alive(pid) for pid in children)

    again, seconds = start()
    assert seconds < SECOND_START_LIMIT
    project = {"name": "Kept"}
    again.client("admin").post("/api/v1/projects/", json=project).raise_for_status()
    assert again.stop(signal.SIGINT) < STOP_LIMIT

    third, _ = start()
    names = [row["name"] for row in third.client("admin").get("/api/v1/projects/").json()]
    third.stop()
    assert names == ["Kept", "Sample project"]
    assert third.logins == site.logins


def test_the_sample_project_is_drawn_and_becomes_ready(tmp_path: Path):
    site, _ = start_site(tmp_path / "data", SAMPLE_RECORDINGS="yes")
    client = site.client("annotator")
    project = api.project_id(client)
    rows = client.get(f"/api/v1/projects/{project}/episodes/").json()["results"]
    ingested = [api.await_ingest(client, row["id"]) for row in rows]
    site.stop()
    assert len(ingested) >= 6
    assert {episode["state"] for episode in ingested} == {"ready"}
    assert max(len(episode["cameras"]) for episode in ingested) == 3


def test_healthz_names_what_is_not_well(start: Start):
    site, _ = start()
    worker = child_running(site, "celery")
    os.kill(worker, signal.SIGSTOP)  # hung, not gone: `up` has nothing to notice
    sick = httpx.get(f"{site.address}/healthz", timeout=20)
    assert (sick.status_code, sick.json()["unwell"]) == (503, ["worker"])
    os.kill(worker, signal.SIGCONT)
    assert until(lambda: httpx.get(f"{site.address}/healthz", timeout=20).status_code == 200)

    broker = child_running(site, "valkey")
    os.kill(broker, signal.SIGSTOP)
    sick = httpx.get(f"{site.address}/healthz", timeout=30)
    assert sick.status_code == 503
    assert "broker" in sick.json()["unwell"]
    os.kill(broker, signal.SIGCONT)
    site.stop()


def ingesting(site: Site, tmp_path: Path) -> tuple[httpx.Client, int]:
    """An episode that the worker has in hand, and will have for some seconds."""
    recording = videos.make("h264", tmp_path / "long", frames=1500).path
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_new(client, project, "long"), recording)
    assert until(lambda: client.get(f"/api/v1/episodes/{episode}/").json()["state"] == "ingesting")
    return client, episode


def attempts(site: Site, episode: int) -> int:
    """How often the site has begun to ingest it."""
    with closing(sqlite3.connect(f"file:{site.data_dir / 'site.sqlite3'}?mode=ro", uri=True)) as database:
        query = "SELECT attempts FROM episodes_episode WHERE id = ?"
        return database.execute(query, (episode,)).fetchone()[0]


def test_an_ingest_that_a_stop_cut_off_is_resumed(start: Start, tmp_path: Path):
    site, _ = start()
    client, episode = ingesting(site, tmp_path)
    assert client.get(f"/api/v1/episodes/{episode}/").json()["state"] == "ingesting"
    assert site.stop() < STOP_LIMIT
    again, _ = start()
    found = api.await_ingest(again.client("annotator"), episode)
    assert (found["state"], found["cameras"][0]["frame_count"]) == ("ready", 1500)


def test_a_recording_that_always_kills_its_decoder_is_rejected_and_the_worker_goes_on(
    start: Start, tmp_path: Path
):
    site, _ = start()
    client, episode = ingesting(site, tmp_path)
    worker = child_running(site, "celery")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert until(lambda number=attempt: attempts(site, episode) == number)
        for pool_process in descendants(worker):
            with suppress(ProcessLookupError):
                os.kill(pool_process, signal.SIGKILL)
    found = api.await_ingest(client, episode)
    assert found["state"] == "rejected"
    assert "decoder" in found["rejection"]
    task = api.task_new(client, found["project"], "next")
    short = videos.make("fps_5", tmp_path / "short", frames=10).path
    following = api.upload_episode(client, found["project"], task, short)
    assert api.await_ingest(client, following)["state"] == "ready"


def test_when_a_part_ends_all_end_and_say_so(start: Start):
    site, _ = start()
    children = site.children()
    os.kill(child_running(site, "uvicorn"), signal.SIGKILL)
    assert site.process.wait(10) != 0
    assert "uvicorn" in site.output.read_text()
    assert not any(alive(pid) for pid in children)


def test_when_the_parent_is_killed_nothing_stays(start: Start):
    site, _ = start()
    children = site.children()
    names = {pid: command_line(pid).replace("\0", " ") for pid in children}
    site.process.kill()
    site.process.wait()
    until(lambda: not any(alive(pid) for pid in children))
    assert [names[pid] for pid in children if alive(pid)] == []


def test_a_taken_port_is_said(tmp_path: Path, site: Site):
    port = site.address.rsplit(":", 1)[1]
    env = {**os.environ, "DATA_DIR": str(tmp_path / "data"), "PORT": port, "HOST": "127.0.0.1"}
    env["DJANGO_SETTINGS_MODULE"] = "annotation_site.settings"
    done = subprocess.run(
        [sys.executable, "-m", "annotation_site.up"], env=env, capture_output=True, text=True, timeout=60
    )
    assert done.returncode != 0
    assert f"port {port}" in (done.stdout + done.stderr).lower()
    assert json.loads(httpx.get(f"{site.address}/healthz").text)["ok"]
