"""Runs that the site makes itself, against a real server: whole or not at all, never dearer than allowed."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from apps.core.errors import AppError
from apps.core.jobs import SILENCE, Work
from apps.episodes.storage import blob_read
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.services import run_again, run_request
from apps.leaderboard.states import run_states
from apps.leaderboard.tasks import run_benchmark, run_benchmark_died
from apps.releases.models import VqaBuild
from tests.apps.releases.conftest import Reviewed
from tests.ml.bench.servers import ChatServer, fail, say, serving

MAY = frozenset({"release"})
CONTROLS = ["keyframe_free", "text_only", "rotations"]


@pytest.fixture
def endpoint(settings: Settings) -> Callable[..., None]:
    """Set a server as the one endpoint, with these prices."""

    def use(server: ChatServer, **more: float) -> None:
        known = {"name": "Lab", "base_url": server.url, "key": "s3cret", "models": ["m"], **more}
        settings.BENCH_ENDPOINTS = [known]

    return use


def asked_of(build: VqaBuild, reviewed: Reviewed, model: str = "Lab: m", **fields: Any) -> BenchmarkRun:
    """The run after the worker had its turn."""
    fields = {"groups": ["lite"], "controls": CONTROLS, **fields}
    run = run_request(build=build, by=reviewed.cast.ada, model=model, **fields)
    run_benchmark(run.pk)
    return BenchmarkRun.objects.get(pk=run.pk)


def test_a_run_asks_everything_once_and_keeps_all_that_was_said(
    build: VqaBuild, reviewed: Reviewed, endpoint: Callable[..., None], bench_dir: Path
) -> None:
    with serving(say("A")) as server:
        endpoint(server)
        run = asked_of(build, reviewed)

    assert (run.state, run.problem, run.progress) == ("done", "", 1.0)
    assert set(run.summary["controls"]) == {"main", *CONTROLS}
    assert run.summary["headline"] == "keyframe_free"
    assert len(server.asked) == run.summary["questions"]
    assert {each.authorization for each in server.asked} == {"Bearer s3cret"}
    with zipfile.ZipFile(io.BytesIO(blob_read(run.archive))) as archive:
        assert json.loads(archive.read("summary.json")) == run.summary
        assert archive.read("log.jsonl").count(b"\n") == run.summary["questions"]
        assert b"s3cret" not in b"".join(archive.read(name) for name in archive.namelist())
    assert not (bench_dir / str(run.pk)).exists()


def test_what_was_answered_before_the_worker_was_killed_is_not_asked_again(
    build: VqaBuild, reviewed: Reviewed, endpoint: Callable[..., None], bench_dir: Path
) -> None:
    """The first worker ends after some answers, as if killed: its lines stay, torn last one and all."""
    with serving(lambda text, times: say("A")) as server:
        endpoint(server)
        run = asked_of(build, reviewed)
        asked = len(server.asked)
        with zipfile.ZipFile(io.BytesIO(blob_read(run.archive))) as archive:
            archive.extractall(bench_dir / str(run.pk))
        log = bench_dir / str(run.pk) / "log.jsonl"
        lines = log.read_bytes().splitlines(keepends=True)
        log.write_bytes(b"".join(lines[:5]) + lines[5][:20])
        BenchmarkRun.objects.filter(pk=run.pk).update(state="running", archive=None, summary={})

        run_benchmark_died(run.pk)
        dead = BenchmarkRun.objects.get(pk=run.pk)
        assert (dead.state, dead.archive) == ("failed", None)
        run_again(run=dead, by=reviewed.cast.ada, permissions=MAY)
        run_benchmark(run.pk)

    assert BenchmarkRun.objects.get(pk=run.pk).state == "done"
    assert len(server.asked) == asked + (asked - 5)


@pytest.mark.parametrize("limit", [0.0, 0.01])
def test_nothing_is_spent_over_the_limit_before_somebody_says_so(
    build: VqaBuild, reviewed: Reviewed, endpoint: Callable[..., None], limit: float
) -> None:
    with serving(say("A")) as server:
        endpoint(server, input=2.0, output=1000.0)
        run = asked_of(build, reviewed, limit_cost=limit)
        assert (run.state, len(server.asked)) == ("asking", 0)
        assert f"the limit is {limit:.2f}" in run.problem

        run_again(run=run, by=reviewed.cast.ada, permissions=MAY, limit_cost=1000.0)
        run_benchmark(run.pk)

    done = BenchmarkRun.objects.get(pk=run.pk)
    assert done.state == "done"
    assert done.summary["spent"]["cost"] == pytest.approx(len(server.asked) * (100 * 2 + 10 * 1000) / 1e6)


def test_a_server_outside_without_a_price_is_asked_about_first(
    build: VqaBuild, reviewed: Reviewed, settings: Settings
) -> None:
    settings.BENCH_ENDPOINTS = [{"name": "Far", "base_url": "https://api.example.com/v1", "models": ["m"]}]

    run = asked_of(build, reviewed, model="Far: m", limit_cost=1e6)

    assert run.state == "asking"
    assert run.problem.startswith("No price of Far: m is known")


def test_a_server_that_refuses_everything_fails_the_run_with_what_it_said(
    build: VqaBuild, reviewed: Reviewed, endpoint: Callable[..., None]
) -> None:
    with serving(fail(400, "no such model")) as server:
        endpoint(server)
        run = asked_of(build, reviewed)

    assert (run.state, run.archive) == ("failed", None)
    assert "no such model" in run.problem


def test_a_baseline_needs_no_server_and_asking_twice_is_the_same_run(
    build: VqaBuild, reviewed: Reviewed
) -> None:
    first = asked_of(build, reviewed, model="always-failed", controls=[])
    second = asked_of(build, reviewed, model="always-failed", controls=[])

    assert first.pk == second.pk
    assert first.state == "done"
    assert first.summary["controls"]["main"]["types"]["failure_detection_qa"]["score"] == 0.5


def test_a_run_started_again_while_its_worker_lives_is_finished_by_the_newer_one(
    build: VqaBuild, reviewed: Reviewed
) -> None:
    run = run_request(build=build, by=reviewed.cast.ada, model="majority", groups=["lite"])
    older = Work(BenchmarkRun.objects.get(pk=run.pk), run_states)
    BenchmarkRun.objects.filter(pk=run.pk).update(heard=older.job.heard - SILENCE * 2)
    run_again(run=BenchmarkRun.objects.get(pk=run.pk), by=reviewed.cast.ada, permissions=MAY)
    run_benchmark(run.pk)

    assert BenchmarkRun.objects.get(pk=run.pk).state == "done"


@pytest.mark.parametrize(
    ("fields", "code"),
    [({"model": "gpt-9"}, "no_such_model"), ({"model": "random", "groups": []}, "nothing_to_ask")],
)
def test_what_cannot_be_asked_is_refused_at_once(
    build: VqaBuild, reviewed: Reviewed, fields: dict[str, Any], code: str
) -> None:
    with pytest.raises(AppError) as refused:
        asked_of(build, reviewed, **fields)

    assert refused.value.code == code
    assert not BenchmarkRun.objects.exists()


def test_groups_that_the_data_does_not_have_fail_with_a_sentence(build: VqaBuild, reviewed: Reviewed) -> None:
    VqaBuild.objects.filter(pk=build.pk).update(archive=build.release.archive)

    run = asked_of(build, reviewed, model="random")

    assert run.state == "failed"
    assert run.problem == "there is no such benchmark in this VQA data."
