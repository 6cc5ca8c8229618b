"""VQA data of a release, built in the worker by `ml.vqa`: asked for, made, kept as one archive."""

import hashlib
import tempfile
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.accounts.models import User
from apps.core.errors import AppError, conflict, invalid
from apps.core.jobs import Superseded, Work, enqueue_job
from apps.core.models import Event
from apps.episodes.storage import blob_as_path, blob_store_path
from apps.releases.models import Release, VqaBuild
from apps.releases.services import release_pack
from apps.releases.states import vqa_states
from apps.releases.tree import ZipSink, json_bytes
from ml.prompts import PackError, load_pack
from ml.vqa import DataError, Json, Progress, Report, build, charts, export, lint, read_about, statistics_of
from ml.vqa.split import load_plan

TASK = "apps.releases.tasks.build_vqa"
SHOWN_FINDINGS = 50
VIDEOS = "/videos/"  # no question shows one


def vqa_request(
    *,
    release: Release,
    by: User,
    seed: int = 0,
    controls: bool = True,
    formats: Sequence[str] = (),
    templates: str = "",
    split: str = "",
) -> VqaBuild:
    """The build with these options: a new one that is queued, or the one there is.

    `templates` and `split` are the texts of a template pack and a SPLIT.toml, blank for the defaults. Raises
    `invalid` with one sentence where one of them is none.
    """
    _require_readable(templates, lambda path: load_pack(path), "pack.toml")
    _require_readable(split, lambda path: load_plan(path), "split.toml")
    options = {
        "seed": seed,
        "controls": controls,
        "formats": sorted(set(formats)),
        "templates": templates,
        "split": split,
    }
    key = hashlib.sha256(json_bytes(options)).hexdigest()
    with transaction.atomic():
        made, created = VqaBuild.objects.get_or_create(
            release=release, key=key, defaults={"options": options, "by": by}
        )
        if created:
            Event.record("VQA build", made, "create", by=by)
            enqueue_job(made, TASK)
    return made


def _require_readable(text: str, read: Callable[[Path], object], name: str) -> None:
    if not text:
        return
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        path = Path(folder) / name
        path.write_text(text, encoding="utf-8")
        try:
            read(path)
        except (PackError, DataError) as error:
            raise invalid(_plain(error, path.parent)) from None


def _plain(error: Exception, folder: Path) -> str:
    """The sentence of an error, with names as a person knows them."""
    sentence = str(error).replace(f"{folder}/", "")
    return sentence if sentence.endswith(".") else f"{sentence}."


def vqa_again(*, build: VqaBuild, by: User, permissions: frozenset[str]) -> None:
    """Queue a build again that failed, or of which nothing was heard for a while."""
    if not build.may_restart:
        raise conflict("still_running", "This job is still under way.")
    with transaction.atomic():
        vqa_states.move(build, "again", by=by, permissions=permissions, problem="")
        enqueue_job(build, TASK)


def vqa_build(*, build: VqaBuild) -> None:
    """Make the data; done with all of it, or failed with a sentence. Another's work is left alone."""
    try:
        work = Work(build, vqa_states)
    except AppError:
        return  # another worker has it, or it is done
    try:
        _make(build, work)
    except Superseded:
        return
    except AppError as error:
        work.end("fail", problem=error.message)


def _make(made: VqaBuild, work: Work) -> None:
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        root = Path(folder) / "data"
        work.report("packing the release", 0.0)
        release_pack(release=made.release)
        release_unpack(made.release, root, work.part("unpacking", 0.05, 0.2))
        given = {path.name for path in root.iterdir()}
        try:
            result = _build(made, root, work)
        except (DataError, PackError) as error:
            raise invalid(_plain(error, root)) from None
        path = Path(folder) / "vqa.zip"
        _pack(path, root, given, work.part("packing", 0.9, 1.0))
        with transaction.atomic():  # the archive stays only where this is still the job's worker
            work.end("finish", archive=blob_store_path(path), progress=1.0, stage="", **result)


def release_unpack(release: Release, root: Path, progress: Callable[[int, int], None]) -> None:
    """The release's files below `root`, but its videos."""
    with blob_as_path(release.archive) as path, zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if VIDEOS not in name]
        for number, name in enumerate(names, 1):
            archive.extract(name, root)
            progress(number, len(names))


def _build(made: VqaBuild, root: Path, work: Work) -> dict[str, Any]:
    """What the row keeps of the data: counts, findings and statistics."""
    options = made.options
    told = build(
        root / "annotations.json",
        images=root,
        out=root,
        seed=options["seed"],
        templates=_text_file(root.parent / "pack.toml", options["templates"]),
        split_file=_text_file(root.parent / "split.toml", options["split"]),
        controls=options["controls"],
        progress=_stages(work, "making questions", 2, 0.2, 0.5),
    )
    files = [root / name for name in told["sha256"]]
    others = [name for name in options["formats"] if name != "release"]  # which a build always writes
    writing = _stages(work, "writing formats", len(files) * len(others), 0.5, 0.7)
    export(files, root, others, images=root, progress=writing)
    return {
        "counts": told,
        "lint": _lint(files, root, _stages(work, "checking", 2 * len(files), 0.7, 0.9)),
        "charts": charts(statistics_of(files), read_about(root)),
    }


def _text_file(path: Path, text: str) -> Path | None:
    if not text:
        return None
    path.write_text(text, encoding="utf-8")
    return path


def _stages(work: Work, name: str, count: int, low: float, high: float) -> Progress:
    """A callback for a part of `ml.vqa` that goes through `count` stages of its own, one after the other."""
    seen: dict[str, None] = {}

    def progress(stage: str, done: int, total: int) -> None:
        seen[stage] = None
        whole = (len(seen) - 1 + (done / total if total else 1.0)) / max(1, count)
        work.report(name, low + (high - low) * min(1.0, whole))

    return progress


def _lint(files: Sequence[Path], root: Path, progress: Progress) -> Json:
    report = Report()
    shown: list[Json] = []
    for placed in lint(files, root, report, progress):
        if len(shown) < SHOWN_FINDINGS:
            shown.append({**placed.to_json(), "file": placed.file.name})
    return {
        "records": report.records,
        "errors": dict(sorted(report.errors.items())),
        "warnings": dict(sorted(report.warnings.items())),
        "shown": shown,
    }


def _pack(path: Path, root: Path, given: set[str], progress: Callable[[int, int], None]) -> None:
    """All that was made, and nothing of the release: both unpack into one folder."""
    names = sorted(
        each.relative_to(root).as_posix()
        for each in root.rglob("*")
        if each.is_file() and each.relative_to(root).parts[0] not in given
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        sink = ZipSink(archive)
        for number, name in enumerate(names, 1):
            sink.copy(name, root / name)
            progress(number, len(names))
