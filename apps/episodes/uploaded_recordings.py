"""Robots' recordings that came as an upload: opened for a look, imported by the worker, told as it goes."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.cache import cache

from apps.accounts.models import User
from apps.core.errors import AppError, invalid
from apps.episodes.imports import Imported
from apps.episodes.models import Upload
from apps.episodes.queueing import enqueue_ingest
from apps.episodes.recordings import Said, recordings_import, recordings_in
from apps.episodes.services import upload_release
from apps.episodes.storage import blob_as_path
from robot.formats import Found

KEPT_SECONDS = 24 * 3600


@contextmanager
def opened(upload: Upload) -> Iterator[list[Found]]:
    """The recordings in an upload, for as long as the context lasts."""
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir,
        blob_as_path(upload.blob) as path,
    ):
        yield recordings_in(path, Path(workdir), upload.name)


def access_upload(project_id: int, upload_id: object) -> Upload:
    upload = (
        Upload.objects.select_related("blob", "project").filter(pk=upload_id, project_id=project_id).first()
    )
    if upload is None:
        raise invalid("This upload is not there (any more): send the file again.", code="no_such_upload")
    return upload


def _key(project_id: int, upload_id: object) -> str:
    return f"recordings-{project_id}-{upload_id}"


def import_state(project_id: int, upload_id: object) -> dict[str, Any] | None:
    """What became of the upload's recordings so far; None where there is no such import."""
    return cache.get(_key(project_id, upload_id))


def note_imported(upload: Upload, outcomes: list[Imported], *, done: bool) -> None:
    rows = [{"sentence": each.sentence, "taken": each.taken} for each in outcomes]
    cache.set(_key(upload.project_id, upload.pk), {"done": done, "recordings": rows}, KEPT_SECONDS)


def import_upload(upload: Upload, by: User, said: Said) -> None:
    """Import an upload's recordings and tell as it goes; the upload is used up at the end."""
    outcomes: list[Imported] = []
    try:
        with opened(upload) as found:
            for outcome in recordings_import(
                project=upload.project, found=found, said=said, by=by, ingest=lambda e: enqueue_ingest(e.pk)
            ):
                outcomes.append(outcome)
                note_imported(upload, outcomes, done=False)
    except AppError as error:
        outcomes.append(Imported(error.message, taken=False))
    note_imported(upload, outcomes, done=True)
    if outcomes and all(each.taken for each in outcomes):
        upload_release(upload=upload)
