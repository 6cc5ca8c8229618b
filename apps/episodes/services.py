"""Writes of episodes: tasks, uploads, new episodes, stills on demand."""

import re
import shutil
import time
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.models import Project, User
from apps.core.errors import conflict, invalid
from apps.core.models import Event
from apps.episodes.models import Blob, Camera, Episode, Still, Task, Upload
from apps.episodes.queueing import enqueue_ingest
from apps.episodes.selectors import camera_index
from apps.episodes.signals import Signals, signals_pack
from apps.episodes.storage import blob_as_path, blob_store, blob_store_bytes, blobs_collect, suffix_of
from apps.episodes.video import HEAD_CAMERA, still

UNUSED_UPLOAD_AGE = timedelta(days=1)
# Both become names of folders and files in a release.
TASK_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,79}")
CAMERA_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


def task_create(
    *, project: Project, name: str, description: str, subtasks: list[str], by: User | None
) -> Task:
    """A new task; its name becomes a folder of releases, so it is letters, digits, `_`, `-`, `.` only."""
    _check_task(name=name, description=description)
    try:
        with transaction.atomic():
            task = Task.objects.create(
                project=project, name=name, description=description.strip(), subtasks=_clean(subtasks)
            )
            Event.record("task", task, "create", by=by)
    except IntegrityError:
        raise conflict("name_taken", f"This project has a task named {name} already.") from None
    return task


@transaction.atomic
def task_update(*, task: Task, by: User, **fields: Any) -> Task:
    """Change name, description or subtasks. Locks the task."""
    task = Task.objects.select_for_update().get(pk=task.pk)
    for field, value in fields.items():
        setattr(task, field, _clean(value) if field == "subtasks" else value.strip())
    _check_task(name=task.name, description=task.description)
    if Task.objects.filter(project=task.project, name=task.name).exclude(pk=task.pk).exists():
        raise conflict("name_taken", f"This project has a task named {task.name} already.")
    task.save()
    Event.record("task", task, "update", by=by)
    return task


def _clean(subtasks: list[str]) -> list[str]:
    """Without blanks and without the numbers that people paste along (`2. Grasp ...`)."""
    return [text for each in subtasks if (text := re.sub(r"^\s*\d+[.)]\s*", "", each).strip())]


def _check_task(*, name: str, description: str) -> None:
    if not TASK_NAME.fullmatch(name):
        raise invalid(
            "A task's name is at most 80 letters, digits, _, - and ., and starts with a letter or digit."
        )
    if not description.strip():
        raise invalid("A task needs a description: what the robot is asked to do, in a sentence.")


def upload_store(*, project: Project, by: User, name: str, file: IO[bytes]) -> Upload:
    """Keep one file that arrived. Its name is kept as text only, it never becomes a path."""
    blob = blob_store(file, suffix_of(name))
    return Upload.objects.create(id=uuid.uuid4(), project=project, by=by, name=name[:255], blob=blob)


def upload_release(*, upload: Upload) -> None:
    """Forget an upload that was used up; its file goes when nothing else needs it."""
    digest = upload.blob_id
    upload.delete()
    blobs_collect([digest])


def uploads_purge() -> None:
    """Forget files that arrived and became no episode within a day."""
    old = Upload.objects.filter(created__lt=timezone.now() - UNUSED_UPLOAD_AGE)
    digests = list(old.values_list("blob_id", flat=True))
    old.delete()
    blobs_collect(digests)
    _sweep(settings.FILE_UPLOAD_TEMP_DIR)


def _sweep(folder: Path) -> None:
    """Remove what processes that were killed left behind in the folder for work under way."""
    oldest = time.time() - UNUSED_UPLOAD_AGE.total_seconds()
    for entry in folder.iterdir():
        if entry.stat().st_mtime < oldest:
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def episode_from_uploads(
    *, task: Task, stem: str, uploads: dict[str, Upload], by: User
) -> tuple[Episode, bool]:
    """An episode of `uploads` (camera name to upload), which are used up; its ingest begins on commit.

    See `episode_create` for what is returned.
    """
    blobs = {camera: upload.blob for camera, upload in uploads.items()}
    with transaction.atomic():
        episode, created = episode_create(task=task, stem=stem, sources=blobs, by=by)
        Upload.objects.filter(pk__in=[upload.pk for upload in uploads.values()]).delete()
        if created:
            transaction.on_commit(lambda: enqueue_ingest(episode.pk))
        else:
            transaction.on_commit(lambda: blobs_collect(blob.pk for blob in blobs.values()))
    return episode, created


def episode_create(
    *, task: Task, stem: str, sources: dict[str, Blob], by: User | None
) -> tuple[Episode, bool]:
    """A new episode and `True`, or the one of this project that has the same head recording and `False`.

    Ingest is the caller's to start. Locks the task's row (its episode counter).
    """
    _check_cameras(sources)
    source = sources[HEAD_CAMERA].sha256
    try:
        with transaction.atomic():
            existing = _same_content(task.project_id, source)
            if existing is not None:
                _require_cameras(existing, sources)
            episode = existing or _insert(task, stem, sources, by)
    except IntegrityError:  # somebody else brought the same content at the same time
        existing = _same_content(task.project_id, source)
        if existing is None:
            raise
        return existing, False
    return episode, existing is None


def _check_cameras(names: Collection[str]) -> None:
    if HEAD_CAMERA not in names:
        raise invalid(f"An episode needs a head camera's recording ({HEAD_CAMERA}).", code="no_head_camera")
    if not all(CAMERA_NAME.fullmatch(name) for name in names):
        raise invalid(
            "A camera's name is at most 64 letters, digits, _ and -, and starts with a letter or digit."
        )


def _require_cameras(episode: Episode, sources: Collection[str]) -> None:
    """What is there already cannot quietly swallow recordings that it lacks."""
    lacking = sorted(set(sources) - set(episode.cameras.values_list("name", flat=True)))
    if lacking:
        raise conflict(
            "cameras_differ",
            f"This head recording is here already, as {episode}, without {', '.join(lacking)}; "
            "an episode's cameras have to come together.",
            episode=episode.pk,
        )


def _same_content(project_id: int, sha256: str) -> Episode | None:
    over = (Episode.State.REJECTED, Episode.State.WITHDRAWN)
    return Episode.objects.filter(project_id=project_id, source_sha256=sha256).exclude(state__in=over).first()


def _insert(task: Task, stem: str, sources: dict[str, Blob], by: User | None) -> Episode:
    Task.objects.filter(pk=task.pk).update(next_number=F("next_number") + 1)
    number = Task.objects.values_list("next_number", flat=True).get(pk=task.pk) - 1
    episode = Episode.objects.create(
        project_id=task.project_id,
        task=task,
        number=number,
        stem=stem.encode(errors="replace").decode()[:255],  # a file's name on disk may be no text
        source_sha256=sources[HEAD_CAMERA].sha256,
        uploaded_by=by,
    )
    Camera.objects.bulk_create(
        Camera(episode=episode, name=name, is_head=name == HEAD_CAMERA, source=blob)
        for name, blob in sources.items()
    )
    Event.record("episode", episode, "upload", by=by, target=episode.state)
    return episode


def still_get(*, camera: Camera, number: int) -> Still:
    """The exact still of frame `number`, decoded from the source and kept the first time it is asked for."""
    kept = camera.stills.select_related("blob").filter(number=number).first()
    if kept is not None:
        return kept
    if not 0 <= number < camera.frame_count:
        raise invalid(
            f"{camera.name} has the frames 0 to {camera.frame_count - 1}; there is no frame {number}.",
            code="no_such_frame",
        )
    with blob_as_path(camera.source) as path:
        decoded = still(path, number, camera_index(camera))
    with transaction.atomic():
        kept, _ = Still.objects.get_or_create(
            camera=camera,
            number=number,
            defaults={
                "seconds": float(decoded.timestamp),
                "blob": blob_store_bytes(decoded.jpeg, ".jpg"),
            },
        )
    return kept


@transaction.atomic
def signals_attach(*, episode: Episode, signals: Signals) -> None:
    """Keep the signals with the episode, in place of those it had. Locks the episode."""
    before = Episode.objects.select_for_update().get(pk=episode.pk).signals_id
    episode.signals = blob_store_bytes(signals_pack(signals), ".parquet")
    episode.save(update_fields=["signals"])
    if before and before != episode.signals_id:
        blobs_collect([before])


def ingest_resume(*, before: datetime) -> None:
    """Queue again what was uploaded or cut off `before` the worker that runs now was started."""
    waiting = (Episode.State.UPLOADED, Episode.State.INGESTING)
    cut_off = Episode.objects.filter(state__in=waiting, created__lt=before)
    for pk in cut_off.values_list("pk", flat=True):
        enqueue_ingest(pk)
