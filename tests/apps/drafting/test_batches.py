"""Batches: so many calls at once, none sent again that was answered, also when the worker is killed."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest
from django.conf import settings as site_settings
from django.db import connections
from pytest_django import Settings

from apps.annotation.models import Annotation
from apps.core.errors import AppError
from apps.drafting.batches import batch_run, batch_start, batch_stop
from apps.drafting.models import Batch, Call, Draft, Drafting
from apps.drafting.statistics import batch_json
from tests.apps.drafting.conftest import choose
from tests.apps.drafting.servers import Asked, Step, fail, say, serving
from tests.people import Cast, make_cast
from tests.work import FRAMES, begin, edit, event_operations, filmed, make_task, op, put, ready

pytestmark = [pytest.mark.usefixtures("allowed"), pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[3]
CONCURRENCY = 2


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def annotation(cast: Cast, film: Callable[[int], Path]) -> Annotation:
    """Six failures, each with words of its own, so that no two are asked for alike."""
    Drafting.objects.create(project=cast.project, concurrency=CONCURRENCY)
    return failures(begin(filmed(make_task(cast.project), cam_high=film(FRAMES)), cast.ann), 6)


def failures(annotation: Annotation, count: int) -> Annotation:
    operations = [put("outcome", value="failed")]
    for number in range(count):
        operations += event_operations(f"e{number}", avoid=5, correct=7)
        operations.append(put("events", f"e{number}", "reason", value=f"Words of failure {number}."))
    return edit(annotation, *operations)


def words_in(asked: Asked) -> str:
    return next(line for line in asked.text.splitlines() if "Words of failure" in line)


def test_a_batch_drafts_all_that_is_ready_and_no_more_at_once_than_allowed(
    cast: Cast, annotation: Annotation
) -> None:
    edit(annotation, op("add_event", "events", value={"id": "unready"}))
    with serving(say(pause=0.01)) as server:
        choose(cast, server.url)
        batch = batch_start(project=cast.project, purpose="explain", by=cast.ada)
        assert batch_run(batch=batch)

    assert Counter(map(words_in, server.asked)).most_common(1)[0][1] == 1
    assert len(server.asked) == 6
    assert server.most_in_flight == CONCURRENCY
    told = batch_json(Batch.objects.get())
    assert (told["state"], told["made"], told["failed"], told["lost"]) == ("done", 6, 0, 0)
    assert set(Draft.objects.values_list("state", flat=True)) == {"ready"}
    with pytest.raises(AppError, match="nothing that a model could be asked"):
        batch_start(project=cast.project, purpose="explain", by=cast.ada)


def test_one_batch_at_a_time_and_a_second_worker_leaves_it_alone(
    cast: Cast, annotation: Annotation, settings: Settings
) -> None:
    choose(cast, "http://127.0.0.1:9/v1")
    batch = batch_start(project=cast.project, purpose="explain", by=cast.ada)
    with pytest.raises(AppError, match="running already"):
        batch_start(project=cast.project, purpose="explain", by=cast.ada)

    Batch.objects.update(alive_until="2999-01-01T00:00:00Z")
    assert not batch_run(batch=batch)

    batch_stop(batch=batch, by=cast.ada)
    assert batch_run(batch=batch)
    assert not Call.objects.exists()
    assert set(Draft.objects.values_list("state", "problem")) == {
        ("failed", "The batch was stopped before this draft was made.")
    }


def test_a_budget_ends_a_batch_within_it(cast: Cast, annotation: Annotation) -> None:
    """Calls under way count in full, so that many at once cannot go beyond it together."""
    one = 0.04  # what one call may come to, at 2 and 8 for a million tokens
    Drafting.objects.update(budget=2.5 * one)
    with serving(say(pause=0.02)) as server:
        choose(cast, server.url, input_price=2, output_price=20)
        batch_run(batch=batch_start(project=cast.project, purpose="explain", by=cast.ada))

    spent = sum(call.cost for call in Call.objects.all())
    assert len(server.asked) > 0
    assert spent <= 2.5 * one
    assert {draft.problem for draft in Draft.objects.filter(state="failed")} <= {
        "This project's budget for language models is reached, so no model is asked any more."
    }


def test_what_fails_fails_alone(cast: Cast, annotation: Annotation) -> None:
    def step(asked: Asked) -> Step:
        return fail(400) if "failure 3" in words_in(asked) else say()

    with serving(choose=step) as server:
        choose(cast, server.url)
        batch_run(batch=batch_start(project=cast.project, purpose="explain", by=cast.ada))

    told = batch_json(Batch.objects.get())
    assert (told["made"], told["failed"], told["state"]) == (6, 1, "done")
    assert "refused the request" in told["problem"]
    assert Draft.objects.filter(state="ready").count() == 5


@contextmanager
def worker(output: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A real Celery worker on this test's database and broker, in a process group of its own."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "annotation_site.settings",
        "DATABASE_URL": _database_url(),
        "DRAFTING_ALLOW_PRIVATE_ADDRESSES": "yes",
        "DRAFTING_LEASE_SECONDS": "1.5",
    }
    command = [sys.executable, "-m", "celery", "--quiet", "--app", "annotation_site", "worker"]
    options = ["--concurrency", "1", "--loglevel", "WARNING", "--without-mingle", "--without-gossip"]
    with output.open("ab") as file:
        process = subprocess.Popen(
            command + options, env=environment, cwd=ROOT, stdout=file, stderr=file, start_new_session=True
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def _database_url() -> str:
    database = connections["default"].settings_dict
    if database["ENGINE"].endswith("sqlite3"):
        return f"sqlite:///{database['NAME']}"
    host, port = database["HOST"] or "127.0.0.1", database["PORT"] or 5432
    return f"postgres://{database['USER']}:{database['PASSWORD']}@{host}:{port}/{database['NAME']}"


def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.full
def test_after_a_sigkill_no_answered_request_is_sent_again(
    cast: Cast, annotation: Annotation, tmp_path: Path, settings: Settings
) -> None:
    """And those that were in flight are sent once more, and counted."""
    assert os.environ["REDIS_URL"] == site_settings.REDIS_URL
    killed, held = Event(), []

    def step(asked: Asked) -> Step:
        if len(server.asked) < 3 or killed.is_set():
            return say()
        held.append(words_in(asked))
        return lambda handler: killed.wait(60) and None

    with serving(choose=step) as server:
        choose(cast, server.url, timeout=60)
        batch = batch_start(project=cast.project, purpose="explain", by=cast.ada)
        with worker(tmp_path / "first.txt"):
            until(lambda: len(held) == CONCURRENCY)
        killed.set()
        assert Call.objects.filter(state="answered").count() == 3
        with worker(tmp_path / "second.txt"):
            until(lambda: Batch.objects.get(pk=batch.pk).state == "done")

    times = Counter(map(words_in, server.asked))
    assert times == Counter({words_in(each): 1 for each in server.asked}) + Counter(held)
    assert len(times) == 6
    told = batch_json(Batch.objects.get())
    assert (told["made"], told["lost"], told["failed"]) == (6, CONCURRENCY, 0)
    assert set(Draft.objects.values_list("state", flat=True)) == {"ready"}


@pytest.mark.full
def test_a_pool_process_that_is_killed_is_replaced_and_the_draft_comes(
    cast: Cast, annotation: Annotation, tmp_path: Path
) -> None:
    held = Event()

    def step(asked: Asked) -> Step:
        if held.is_set():
            return say()
        held.set()
        return lambda handler: time.sleep(60)

    with serving(choose=step) as server:
        choose(cast, server.url, timeout=60)
        batch = batch_start(project=cast.project, purpose="explain", by=cast.ada)
        with worker(tmp_path / "worker.txt") as process:
            until(held.is_set)
            children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
            os.kill(int(children[0]), signal.SIGKILL)
            until(lambda: Batch.objects.get(pk=batch.pk).state == "done")

    assert batch_json(Batch.objects.get())["made"] == 6


def test_proposals_are_asked_for_open_episodes_only(cast: Cast) -> None:
    task = make_task(cast.project)
    ready(task, "open")
    choose(cast, "http://127.0.0.1:9/v1", purpose="propose")

    batch = batch_start(project=cast.project, purpose="propose", by=cast.ada)
    assert batch_run(batch=batch)

    row = Batch.objects.get()
    assert (row.state, row.problem) == ("done", "This episode has no frames that could be shown to a model.")
