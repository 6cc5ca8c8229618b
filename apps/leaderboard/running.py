"""A benchmark run in the worker: `ml.bench` asks, the row says how far it is.

What is answered lies in `BENCH_DIR/<run>` until it is done: after a kill nothing answered is asked again.
"""

import shutil
import tempfile
import zipfile
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.core.errors import AppError, invalid
from apps.core.jobs import Superseded, Work
from apps.episodes.storage import blob_as_path, blob_store_path
from apps.leaderboard.endpoints import Endpoint, endpoint_named
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.services import pack_run
from apps.leaderboard.states import run_states
from apps.releases.vqa import release_unpack
from ml.bench import (
    BenchError,
    Item,
    ModelOptions,
    Outcome,
    RunPlan,
    load_items,
    open_model,
    run,
    write_summary,
)
from ml.bench.models import Model
from ml.bench.prices import Estimate
from ml.bench.rundir import read_log

POLL_SECONDS = 1.0
SHARE_OF_ASKING = (0.1, 0.98)


def run_make(*, run_row: BenchmarkRun) -> None:
    """Ask what is not answered yet. Done with all figures, asking for leave to spend, or failed."""
    try:
        work = Work(run_row, run_states)
    except AppError:
        return  # another worker has it, or it is done
    try:
        _make(run_row, work)
    except Superseded:
        return
    except AppError as error:
        work.end("fail", problem=error.message)


def _make(row: BenchmarkRun, work: Work) -> None:
    out = settings.BENCH_DIR / str(row.pk)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder) / "data"
        release_unpack(row.build.release, root, work.part("unpacking", 0.0, 0.05))
        with blob_as_path(row.build.archive) as path, zipfile.ZipFile(path) as archive:
            archive.extractall(root)  # our own archive; names are made safe by zipfile
        work.report("unpacking", SHARE_OF_ASKING[0])
        try:
            asking = _prepare(row, root, out)
            outcome = _ask(asking, work)
            if outcome is not None:
                _finish(row, out, outcome, work)
        except BenchError as error:
            raise invalid(_plain(error, root, out)) from None


def _plain(error: BenchError, root: Path, out: Path) -> str:
    sentence = str(error).replace(f"{root}/", "").replace(str(out), "this run")
    return sentence if sentence.endswith(".") else f"{sentence}."


@dataclass
class _Asking:
    """A plan with its model; what is heard of it while another thread asks."""

    plan: RunPlan
    model: Model
    endpoint: Endpoint
    unpriced: bool
    share: float = 0.0
    superseded: bool = False
    refused: list[str] = field(default_factory=list)

    def allow(self, left: Estimate) -> bool:
        """Whether what is left may be spent; where not, `refused` says why."""
        limit = self.plan.limit_cost
        if self.endpoint.unpriced and not self.unpriced:
            why = (
                f"No price of {self.endpoint.name} is known, and {left.questions} questions are to be asked."
            )
            self.refused.append(why)
        elif limit is not None and (left.cost or 0.0) > limit:
            why = f"{left.questions} questions may cost up to {left.cost:.2f}; the limit is {limit:.2f}."
            self.refused.append(why)
        return not self.refused

    def hear(self, done: int, total: int) -> None:
        """Called in the asking thread after each question."""
        if self.superseded:
            raise Superseded
        self.share = done / total


def _prepare(row: BenchmarkRun, root: Path, out: Path) -> _Asking:
    options = row.options
    endpoint = endpoint_named(options["endpoint"])
    items = load_items(_files(root, options))
    model = open_model(
        endpoint.spec,
        items,
        ModelOptions(
            base_url=endpoint.base_url or None,
            concurrency=settings.BENCH_CONCURRENCY,
            train=_train(root),
            key=endpoint.key,
        ),
    )
    plan = RunPlan(
        items=items, root=root, out=out, concurrency=settings.BENCH_CONCURRENCY, price=endpoint.price,
        limit_cost=options["limit_cost"], label=row.model,
        training={"episodes": None, "hours": None},
    )  # fmt: skip
    asking = _Asking(plan, model, endpoint, unpriced=options["unpriced"])
    plan.allow, plan.progress = asking.allow, asking.hear
    return asking


def _files(root: Path, options: dict[str, Any]) -> list[Path]:
    """The benchmark's files of the chosen groups, and of their controls, as far as the build has them."""
    found = []
    for group in options["groups"]:
        names = [root.glob(f"VQA/*_benchmark_{group}.json")]
        names += [root.glob(f"VQA/controls/*_{group}_{control}.json") for control in options["controls"]]
        found += [path for each in names for path in each]
    if not found:
        raise BenchError("there is no such benchmark in this VQA data")
    return found


def _train(root: Path) -> list[Item]:
    """What majority and text-prior learn from; where nothing trains, they leave one episode out instead."""
    (path,) = root.glob("VQA/*_train.json")
    try:
        return load_items([path])
    except BenchError:
        return []


def _ask(asking: _Asking, work: Work) -> Outcome | None:
    """Run in a thread, whose loop may not wait for the database, and report from here; None where it asks."""
    low, high = SHARE_OF_ASKING
    with ThreadPoolExecutor(1) as pool:
        future: Future[Outcome] = pool.submit(run, asking.plan, asking.model)
        try:
            while not wait([future], POLL_SECONDS).done:
                work.report("asking", low + (high - low) * asking.share)
        except Superseded:
            asking.superseded = True
            raise
    try:
        outcome = future.result()
    except BenchError:
        if not asking.refused:
            raise
        work.end("ask", problem=asking.refused[0], stage="")
        return None
    if outcome.stopped:
        why = outcome.stopped[:1].upper() + outcome.stopped[1:]
        work.end("ask", problem=why + ".", stage="")
        return None
    return outcome


def _finish(row: BenchmarkRun, out: Path, outcome: Outcome, work: Work) -> None:
    if not outcome.answered and not outcome.reused:
        errors = [each["error"] for each in read_log(out).values() if each["error"]]
        why = errors[0] if errors else "nothing was asked"
        raise invalid(f"No question was answered: {why}.")
    summary = write_summary(out)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        archive = pack_run(out, Path(folder) / "run.zip")
        with transaction.atomic():
            work.end("finish", archive=blob_store_path(archive), summary=summary, progress=1.0, stage="")
    shutil.rmtree(out)
