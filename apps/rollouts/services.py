"""Writes of rollouts: a packed rollout that arrived becomes an episode in the queue, with its proposals."""

import tempfile
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from apps.accounts.models import Project, User
from apps.core.errors import AppError
from apps.core.models import Event
from apps.drafting.proposing import propose
from apps.episodes.models import Blob, Episode, Task
from apps.episodes.queueing import enqueue_ingest
from apps.episodes.recordings import task_of
from apps.episodes.services import episode_create, signals_attach
from apps.episodes.signals import signals_read
from apps.episodes.storage import blob_store_path, blobs_collect
from apps.rollouts.models import Rollout, RolloutUpload, Run
from apps.rollouts.queueing import enqueue_take_in
from apps.rollouts.tus import file_of
from robot.formats import ArchiveLimits, FormatRejected, unpack
from robot.formats.rollout import EVENTS, SIGNALS, Manifest, check_files, read_manifest

OUTCOMES = {True: Rollout.Outcome.SUCCESS, False: Rollout.Outcome.FAILURE, None: Rollout.Outcome.UNKNOWN}


def rollout_take_in(*, upload: RolloutUpload) -> None:
    """Make an upload that arrived a rollout; safe to run again after it was cut off.

    What cannot be taken makes the upload *refused* with one sentence, which the robot's uploader shows.
    """
    if upload.state != RolloutUpload.State.RECEIVED:
        return
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir:
            folder = Path(workdir)
            limits = ArchiveLimits(max_files=64, max_bytes=settings.ROLLOUT_MAX_BYTES)
            unpack(file_of(upload), folder, limits, "The rollout")
            manifest = read_manifest(folder)
            check_files(folder, manifest)
            rollout_store(project=upload.project, by=upload.by, folder=folder, manifest=manifest)
    except FormatRejected as problem:
        upload_refuse(upload=upload, why=str(problem))
    except AppError as problem:
        upload_refuse(upload=upload, why=problem.message)
    else:
        RolloutUpload.objects.filter(pk=upload.pk).update(state=RolloutUpload.State.TAKEN)
        file_of(upload).unlink(missing_ok=True)


def upload_refuse(*, upload: RolloutUpload, why: str, keep: bool = False) -> None:
    """Say why; the file is erased, or kept for another try."""
    RolloutUpload.objects.filter(pk=upload.pk).update(state=RolloutUpload.State.REFUSED, problem=why)
    if not keep:
        file_of(upload).unlink(missing_ok=True)


def rollout_store(*, project: Project, by: User | None, folder: Path, manifest: Manifest) -> Rollout:
    """The rollout of an unpacked folder, once: one that is here already stays as it is.

    Its episode is ingested after the commit. Locks the task's row (see `episode_create`).
    """
    known = Rollout.objects.filter(project=project, key=manifest.id).first()
    if known is not None:
        return known
    files = {name: blob_store_path(folder / name) for name in manifest.files}
    try:
        with transaction.atomic():
            return _store(project, by, manifest, files, folder)
    except AppError:
        blobs_collect(blob.pk for blob in files.values())
        raise


def _store(
    project: Project, by: User | None, manifest: Manifest, files: dict[str, Blob], folder: Path
) -> Rollout:
    run, _ = Run.objects.get_or_create(
        project=project, key=manifest.run[:200], defaults=_run_fields(manifest)
    )
    task = task_of(project, manifest.id, manifest.task, by, manifest.subtasks)
    episode = _episode(task, by, manifest, files, folder)
    rollout, created = Rollout.objects.get_or_create(
        project=project, key=manifest.id, defaults=_rollout_fields(run, episode, manifest, files)
    )
    if created:
        Event.record("rollout", rollout, "upload", by=by, target=rollout.outcome)
        _propose_all(rollout, manifest)
    return rollout


def _run_fields(manifest: Manifest) -> dict[str, Any]:
    texts = {name: getattr(manifest, name)[:200] for name in ("robot", "policy", "supervisor")}
    return {**texts, "origin": manifest.origin, "settings": dict(manifest.settings)}


def _rollout_fields(run: Run, episode: Episode, manifest: Manifest, files: dict[str, Blob]) -> dict[str, Any]:
    return {
        "run": run,
        "trial": manifest.trial,
        "episode": episode,
        "outcome": OUTCOMES[manifest.success],
        "outcome_by": manifest.success_by[:16] if manifest.success is not None else "",
        "mode": manifest.mode[:16],
        "interventions": manifest.interventions,
        "seconds": manifest.seconds,
        "started": _time(manifest.started),
        "events": files.get(EVENTS),
    }


def _time(text: str) -> datetime:
    """A robot without a clock of ours may say anything; then it is now."""
    try:
        found = parse_datetime(text)
    except ValueError:
        found = None
    return found if found is not None and found.tzinfo is not None else timezone.now()


def _episode(
    task: Task, by: User | None, manifest: Manifest, files: dict[str, Blob], folder: Path
) -> Episode:
    """The same film is the same episode: two rollouts of it are one piece of work."""
    sources = {camera: files[f"{camera}.mp4"] for camera in manifest.cameras}
    stem = f"{manifest.run} trial {manifest.trial}"
    episode, created = episode_create(task=task, stem=stem, sources=sources, by=by)
    if created:
        if SIGNALS in files:
            signals_attach(episode=episode, signals=signals_read(folder / SIGNALS))
        transaction.on_commit(lambda: enqueue_ingest(episode.pk))
    return episode


def _propose_all(rollout: Rollout, manifest: Manifest) -> None:
    """What the supervisor said and what the simulator knows, each as a proposal of its own."""
    run = rollout.run
    by_supervisor = f"{run.supervisor or 'supervisor'}, {run.key}"
    for origin, source, content in (
        ("supervisor", by_supervisor, manifest.verdict),
        ("simulator", run.key, manifest.truth),
    ):
        if content is not None:
            _propose(rollout, origin, source[:200], _fitting(content, rollout.episode.task))


def _propose(rollout: Rollout, origin: str, source: str, content: dict[str, Any]) -> None:
    """A proposal that is none (a type that this project does not know) is noted; the rollout stays."""
    try:
        propose(episode=rollout.episode, origin=origin, source=source, content=content)
    except AppError as problem:
        Event.record("rollout", rollout, "no_proposal", by=None, source=origin, why=problem.message)


def _fitting(content: Mapping[str, Any], task: Task) -> dict[str, Any]:
    """Without numbers of subtasks that the task here does not have."""
    known = range(1, len(task.subtasks) + 1)
    events = content.get("events", [])
    kept = [
        {key: value for key, value in event.items() if key != "subtask" or value in known}
        for event in events
        if isinstance(event, dict)
    ]
    return {**content, "events": kept}


def rollouts_resume(*, before: datetime) -> None:
    """Queue again what arrived and was not taken in when the site stopped."""
    waiting = RolloutUpload.objects.filter(state=RolloutUpload.State.RECEIVED, created__lt=before)
    for pk in waiting.values_list("pk", flat=True):
        enqueue_take_in(str(pk))
