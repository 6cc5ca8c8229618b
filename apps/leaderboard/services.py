"""Writes of the leaderboard: hand a run in, ask for one, go on with it, take one away."""

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from apps.accounts.models import Project, User
from apps.core.errors import conflict, invalid
from apps.core.jobs import Job, enqueue_job
from apps.core.models import Event
from apps.episodes.storage import blob_store_path, blobs_collect
from apps.leaderboard.endpoints import endpoint_named
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.states import run_states
from apps.releases.models import VqaBuild
from apps.releases.tree import ZipSink
from ml.bench import BenchError
from ml.bench.importing import read_run
from ml.bench.judging import JUDGES
from ml.bench.rundir import JUDGEMENTS, LOG, QUESTIONS, RUN, SUMMARY

TASK = "apps.leaderboard.tasks.run_benchmark"
FILES = (RUN, QUESTIONS, LOG, JUDGES, JUDGEMENTS, SUMMARY)
LARGEST = 200 * 1024**2  # bytes of a whole run


def run_import(*, project: Project, by: User, files: Sequence[UploadedFile]) -> BenchmarkRun:
    """Take in a run directory (its files, or a zip of it), or a `summary.json` alone.

    A directory is scored anew from its answers. Raises `no_run` with one sentence for anything else, and
    `known_run` for what the project has already.
    """
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder) / "run"
        root.mkdir()
        for file in files:
            _take(file, root)
        key = _digest(root)
        try:
            summary, scored = read_run(root)
        except BenchError as error:
            raise invalid(_plain(error, root), code="no_run") from None
        if project.benchmark_runs.filter(key=key).exists():
            raise conflict("known_run", "This run is on the leaderboard already.")
        return _imported(project, by, root, key, summary=summary, scored=scored, model=summary["model"])


def _imported(project: Project, by: User, root: Path, key: str, **fields: object) -> BenchmarkRun:
    archive = pack_run(root, root.parent / "run.zip")
    with transaction.atomic():
        run = BenchmarkRun.objects.create(
            project=project, by=by, key=key, state=Job.State.DONE, progress=1.0,
            archive=blob_store_path(archive), **fields,
        )  # fmt: skip
        Event.record("benchmark run", run, "import", by=by)
    return run


def _take(file: UploadedFile, root: Path) -> None:
    """Put one file of a run, or those in a zip, into `root`."""
    name = Path(file.name or "").name
    if name in FILES:
        _copy(file, root / name)
        return
    if not name.endswith(".zip"):
        raise invalid(f"{name} is no file of a run, nor a zip of one.", code="no_run")
    try:
        with zipfile.ZipFile(file) as archive:
            for entry in archive.infolist():
                if Path(entry.filename).name in FILES:
                    with archive.open(entry) as member:
                        _copy(member, root / Path(entry.filename).name)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError):
        raise invalid(f"{name} is no zip that can be read.", code="no_run") from None


def _copy(source: IO[bytes] | UploadedFile, target: Path) -> None:
    """Copy a file of a run; the sizes that a zip states are not believed."""
    if target.exists():
        raise invalid(f"There is more than one {target.name}: hand in one run at a time.", code="no_run")
    left = LARGEST - sum(each.stat().st_size for each in target.parent.iterdir())
    with target.open("wb") as copy:
        while chunk := source.read(min(1024**2, left + 1)):
            left -= len(chunk)
            if left < 0:
                raise invalid("This run is too large to be handed in.", code="no_run")
            copy.write(chunk)


def _digest(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.iterdir()):
        digest.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with path.open("rb") as file:
            while chunk := file.read(1024**2):
                digest.update(chunk)
    return digest.hexdigest()


def _plain(error: Exception, root: Path) -> str:
    """The sentence of an error, with names as a person knows them."""
    sentence = str(error).replace(f"{root}/", "").replace(str(root), "this")
    sentence = sentence[:1].upper() + sentence[1:]
    return sentence if sentence.endswith(".") else f"{sentence}."


def pack_run(root: Path, target: Path) -> Path:
    """A run's files as a zip that says nothing of when it was made."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        sink = ZipSink(archive)
        for name in FILES:
            if (root / name).exists():
                sink.copy(name, root / name)
    return target


def run_request(
    *,
    build: VqaBuild,
    by: User,
    model: str,
    groups: Iterable[str],
    controls: Iterable[str] = (),
    limit_cost: float = 0.0,
) -> BenchmarkRun:
    """The run of a model over these parts of a build's benchmark: a new one that is queued, or the known one.

    Raises `no_such_model`, `not_built`, and `nothing_to_ask` where no group is chosen.
    """
    endpoint_named(model)
    if build.state != Job.State.DONE:
        raise conflict("not_built", "This VQA data is not built yet.")
    asked = {"groups": sorted(set(groups)), "controls": sorted(set(controls)), "endpoint": model}
    if not asked["groups"]:
        raise invalid("Choose what to ask: at least one group of questions.", code="nothing_to_ask")
    key = hashlib.sha256(json.dumps([build.pk, asked]).encode()).hexdigest()
    with transaction.atomic():
        options = {**asked, "limit_cost": limit_cost, "unpriced": False}
        run, created = BenchmarkRun.objects.get_or_create(
            project=build.release.project,
            key=key,
            defaults={"model": model, "build": build, "options": options, "by": by},
        )
        if created:
            Event.record("benchmark run", run, "create", by=by)
            enqueue_job(run, TASK)
    return run


def run_again(
    *, run: BenchmarkRun, by: User, permissions: frozenset[str], limit_cost: float | None = None
) -> None:
    """Go on with a run that stopped; what is answered is not asked again.

    `limit_cost` is the leave to spend so much, also where no price is known.
    """
    if not run.may_restart:
        raise conflict("still_running", "This job is still under way.")
    options = dict(run.options)
    if limit_cost is not None:
        options |= {"limit_cost": limit_cost, "unpriced": True}
    with transaction.atomic():
        run_states.move(run, "again", by=by, permissions=permissions, problem="", options=options)
        enqueue_job(run, TASK)


def run_delete(*, run: BenchmarkRun, by: User) -> None:
    """Take a run off the leaderboard, with what was kept of it."""
    digests = [run.archive_id] if run.archive_id else []
    with transaction.atomic():
        Event.record("benchmark run", run, "delete", by=by, source=run.state)
        kept = settings.BENCH_DIR / str(run.pk)
        run.delete()
    shutil.rmtree(kept, ignore_errors=True)
    blobs_collect(digests)
