"""The tus 1.0 resumable upload protocol (https://tus.io/protocols/resumable-upload) for packed rollouts.

Extensions: creation, checksum, termination, expiration. What is stored is what the database's offset says: a
file that is longer was cut off between writing and saying so, and is cut back before the next write.
"""

import base64
import binascii
import fcntl
import hashlib
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Project, User
from apps.core.errors import AppError, conflict, invalid, not_found
from apps.rollouts.models import RolloutUpload
from apps.rollouts.queueing import enqueue_take_in

VERSION = "1.0.0"
EXTENSIONS = "creation,checksum,termination,expiration"
ALGORITHMS = ("sha256", "sha1", "md5")
CHUNK = 1024 * 1024
LONGEST_METADATA = 8192


def file_of(upload: RolloutUpload) -> Path:
    return settings.TUS_DIR / str(upload.pk)


def upload_create(*, project: Project, by: User, length: int, metadata: str) -> RolloutUpload:
    """An empty upload of `length` bytes; uploads whose time is over are erased on the way."""
    if not 0 < length <= settings.ROLLOUT_MAX_BYTES:
        raise AppError(
            "too_large",
            f"A rollout has 1 to {settings.ROLLOUT_MAX_BYTES} bytes; this one would have {length}.",
            status=413,
        )
    key = rollout_of(metadata_read(metadata))
    uploads_expire()
    settings.TUS_DIR.mkdir(parents=True, exist_ok=True)
    if length > shutil.disk_usage(settings.TUS_DIR).free:
        raise AppError("no_room", "There is no room for this rollout on the site's disk.", status=507)
    upload = RolloutUpload(
        id=uuid.uuid4(),
        project=project,
        by=by,
        length=length,
        metadata=metadata,
        rollout=key,
        expires=_expiry(),
    )
    file_of(upload).touch()
    upload.save(force_insert=True)
    return upload


def metadata_read(header: str) -> dict[str, str]:
    """`Upload-Metadata`: keys with base64 values, separated by commas."""
    found: dict[str, str] = {}
    if len(header) > LONGEST_METADATA:
        raise invalid("Upload-Metadata is too long.", code="bad_metadata")
    for pair in filter(None, (each.strip() for each in header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            found[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise invalid("Upload-Metadata has a value that is no base64.", code="bad_metadata") from None
    return found


def rollout_of(metadata: dict[str, str]) -> uuid.UUID | None:
    """The robot's id of the rollout, where the client tells it."""
    try:
        return uuid.UUID(metadata["rollout"])
    except (KeyError, ValueError):
        return None


def upload_append(
    *, upload: RolloutUpload, offset: int, body: IO[bytes], checksum: tuple[str, bytes] | None
) -> None:
    """Write the body at `offset`, which has to be the upload's own.

    Holds a lock on the file: a second writer at the same time is told `locked` (423). With a checksum that
    does not fit nothing is kept (460). The last byte makes the upload *received*; its taking in begins on
    commit.
    """
    with _locked(upload) as file:
        upload.refresh_from_db()
        if offset != upload.offset:
            raise conflict(
                "wrong_offset", f"This upload goes on at byte {upload.offset}.", offset=upload.offset
            )
        file.truncate(upload.offset)
        file.seek(upload.offset)
        written = _copy(body, file, upload.length - upload.offset, checksum)
        file.flush()
        _advance(upload, offset + written)


def _advance(upload: RolloutUpload, offset: int) -> None:
    whole = offset == upload.length
    fields = {"offset": offset, "expires": _expiry()}
    if whole:
        fields["state"] = RolloutUpload.State.RECEIVED
    with transaction.atomic():
        RolloutUpload.objects.filter(pk=upload.pk).update(**fields)
        if whole and upload.state == RolloutUpload.State.RECEIVING:
            transaction.on_commit(lambda: enqueue_take_in(str(upload.pk)))
    upload.refresh_from_db()


def _copy(body: IO[bytes], file: IO[bytes], room: int, checksum: tuple[str, bytes] | None) -> int:
    """How many bytes were written; raises before any of them counts."""
    digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
    written = 0
    while chunk := body.read(CHUNK):
        written += len(chunk)
        if written > room:
            raise AppError("too_large", "There are more bytes than this upload was to have.", status=413)
        file.write(chunk)
        if digest:
            digest.update(chunk)
    if digest and checksum and digest.digest() != checksum[1]:
        raise AppError("checksum_mismatch", "These bytes are not those of the checksum.", status=460)
    return written


@contextmanager
def _locked(upload: RolloutUpload) -> Iterator[IO[bytes]]:
    try:
        file = file_of(upload).open("r+b")
    except FileNotFoundError:
        raise not_found("upload") from None
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AppError("locked", "Somebody else writes to this upload right now.", status=423) from None
        yield file


def checksum_read(header: str) -> tuple[str, bytes] | None:
    """`Upload-Checksum`: an algorithm's name and the digest in base64."""
    if not header:
        return None
    name, _, value = header.partition(" ")
    try:
        digest = base64.b64decode(value, validate=True)
    except binascii.Error:
        raise invalid("Upload-Checksum has a digest that is no base64.", code="bad_checksum") from None
    if name not in ALGORITHMS or not digest:
        raise invalid(f"A checksum is one of {', '.join(ALGORITHMS)}.", code="bad_checksum")
    return name, digest


def upload_terminate(*, upload: RolloutUpload) -> None:
    """Erase an upload; what was taken in from it stays."""
    file = file_of(upload)
    upload.delete()
    file.unlink(missing_ok=True)


def uploads_expire() -> None:
    """Erase uploads that nobody went on with in time, and the rows of those that were done with."""
    waiting = RolloutUpload.objects.exclude(state=RolloutUpload.State.RECEIVED)
    for upload in waiting.filter(expires__lt=timezone.now()):
        upload_terminate(upload=upload)


def _expiry() -> object:
    return timezone.now() + timedelta(seconds=settings.TUS_EXPIRES_SECONDS)
