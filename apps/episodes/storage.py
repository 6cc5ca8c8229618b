"""Content-addressed files on any Django storage: same bytes, one file, never changed."""

import hashlib
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError

from apps.episodes.models import Blob

CHUNK = 1024 * 1024


def sha256_of(file: IO[bytes]) -> str:
    """The hex digest of the whole file; leaves it rewound."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK):
        digest.update(chunk)
    file.seek(0)
    return digest.hexdigest()


def blob_store(file: IO[bytes], suffix: str) -> Blob:
    """Keep the file's bytes, once. Locks the blob's row while it makes sure that the file is there."""
    sha256 = sha256_of(file)
    file.seek(0, 2)
    known = Blob.objects.filter(pk=sha256).first()  # perhaps under another suffix, which it keeps
    blob = known or Blob(sha256=sha256, suffix=suffix, size=file.tell())
    _write_if_missing(blob, file)  # outside the transaction: a large copy must not hold the database
    with transaction.atomic():
        kept, _ = Blob.objects.select_for_update().get_or_create(
            sha256=sha256, defaults={"suffix": blob.suffix, "size": blob.size}
        )
        _write_if_missing(kept, file)  # a collector may have removed it in between
    return kept


def blob_store_bytes(data: bytes, suffix: str) -> Blob:
    return blob_store(ContentFile(data), suffix)


def blob_store_path(path: Path) -> Blob:
    with path.open("rb") as file:
        return blob_store(file, suffix_of(path.name))


def suffix_of(name: str) -> str:
    """The lower-case extension when it is a plain one: names come from outside."""
    suffix = Path(name).suffix.lower()
    return suffix if suffix[1:].isalnum() and suffix.isascii() and len(suffix) <= 8 else ""


def _write_if_missing(blob: Blob, file: IO[bytes]) -> None:
    """Also when it is there in part only: whoever wrote it was cut off."""
    if not default_storage.exists(blob.path) or default_storage.size(blob.path) != blob.size:
        file.seek(0)
        default_storage.save(blob.path, File(file))


def blob_read(blob: Blob) -> bytes:
    with default_storage.open(blob.path) as file:
        return file.read()


@contextmanager
def blob_as_path(blob: Blob) -> Iterator[Path]:
    """A local file with the blob's bytes: the stored one on local disk, a copy for the time being on S3."""
    try:
        path = Path(default_storage.path(blob.path))
    except NotImplementedError:  # what a storage without local files says
        with tempfile.NamedTemporaryFile(suffix=blob.suffix) as copy, default_storage.open(blob.path) as file:
            shutil.copyfileobj(file, copy, CHUNK)
            copy.flush()
            yield Path(copy.name)
    else:
        yield path


def blobs_collect(digests: Iterable[str]) -> None:
    """Erase those of the blobs that nothing refers to any more. Locks each row while it looks."""
    for sha256 in set(digests):
        with transaction.atomic():
            blob = Blob.objects.select_for_update().filter(pk=sha256).first()
            if blob is not None:
                _erase_unless_used(blob)


def _erase_unless_used(blob: Blob) -> None:
    """Whatever refers to a blob protects it: the database knows all that does, also in later apps."""
    path = blob.path
    try:
        blob.delete()
    except ProtectedError:
        return
    default_storage.delete(path)
