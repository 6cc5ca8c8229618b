"""Unpacking what a stranger packed: regular files of known kinds below one folder, within limits."""

from __future__ import annotations

import gzip
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from robot.formats.recording import FormatRejected

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz")
# What recordings are made of. Anything else (a pickle above all) is left where it is.
TAKEN = {
    ".hdf5",
    ".h5",
    ".json",
    ".jsonl",
    ".parquet",
    ".csv",
    ".mp4",
    ".mkv",
    ".mov",
    ".avi",
    ".jpg",
    ".toml",
}
CHUNK = 1024 * 1024
# What reading says of an archive that is damaged, encrypted or packed in a way that is not known.
_DAMAGED = (
    zipfile.BadZipFile, tarfile.TarError, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError,
    NotImplementedError, RuntimeError, UnicodeDecodeError,
)  # fmt: skip


@dataclass(frozen=True)
class ArchiveLimits:
    """The most that is unpacked: files, bytes in all, characters of a path."""

    max_files: int = 20_000
    max_bytes: int = 16 * 1024**3
    max_path: int = 400


@dataclass(frozen=True)
class _Entry:
    """`kind` is `file`, `folder`, or what else it is and therefore refused as."""

    name: str
    kind: str
    source: zipfile.ZipInfo | tarfile.TarInfo


def is_archive(name: str) -> bool:
    return name.lower().endswith(ENDINGS)


def unpack(archive: Path, folder: Path, limits: ArchiveLimits | None = None, name: str = "") -> list[Path]:
    """Unpack the archive's recordings below `folder`; the files that came.

    FormatRejected, with `folder` perhaps filled in part, for a path that leads outside, a link or device, a
    name twice, more than the limits, or an archive that is damaged. `name` is what people call the archive.
    """
    name, limits = name or archive.name, limits or ArchiveLimits()
    try:
        if zipfile.is_zipfile(archive):
            with zipfile.ZipFile(archive) as opened:
                return _unpack(name, _zip_entries(opened), opened, folder, limits)
        with tarfile.open(archive, _tar_mode(archive)) as tar:
            return _unpack(name, _tar_entries(tar), tar, folder, limits)
    except _DAMAGED:
        raise FormatRejected(f"{name} cannot be unpacked: it is damaged, or no archive.") from None


def _tar_mode(archive: Path) -> Literal["r:", "r:gz"]:
    """Plain or gzip, by the first bytes; other compressions are not taken."""
    with archive.open("rb") as file:
        return "r:gz" if file.read(2) == b"\x1f\x8b" else "r:"


def _zip_entries(archive: zipfile.ZipFile) -> Iterator[_Entry]:
    for info in archive.infolist():
        mode = info.external_attr >> 16
        kind = "folder" if info.is_dir() else "file"
        if mode and stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            kind = "link or device"
        yield _Entry(info.filename, kind, info)


def _tar_entries(archive: tarfile.TarFile) -> Iterator[_Entry]:
    for info in archive:
        kind = "file" if info.isreg() else "folder" if info.isdir() else "link or device"
        yield _Entry(info.name, kind, info)


def _unpack(
    name: str,
    entries: Iterator[_Entry],
    archive: zipfile.ZipFile | tarfile.TarFile,
    folder: Path,
    limits: ArchiveLimits,
) -> list[Path]:
    written: list[Path] = []
    room = limits.max_bytes
    for number, entry in enumerate(entries):
        if number >= limits.max_files:
            raise FormatRejected(f"{name} has more than the {limits.max_files} files that are taken.")
        place = folder / _safe(name, entry, limits)
        if entry.kind == "folder" or place.suffix.lower() not in TAKEN:
            continue
        if place.exists():
            raise FormatRejected(f"{name} has the path {entry.name} twice.")
        place.parent.mkdir(parents=True, exist_ok=True)
        room -= _copy(name, _open(archive, entry), place, room, limits)
        written.append(place)
    return written


def _safe(name: str, entry: _Entry, limits: ArchiveLimits) -> PurePosixPath:
    """The entry's path, when it stays below the folder that it is unpacked in."""
    path = PurePosixPath(entry.name)
    hidden = any(character in entry.name for character in "\\\0:") or not path.parts
    if path.is_absolute() or ".." in path.parts or hidden or len(entry.name) > limits.max_path:
        raise FormatRejected(f"{name} has a path that is not taken: {entry.name[:100]!r}.")
    if entry.kind not in ("file", "folder"):
        raise FormatRejected(f"{name} has a link or device in it, {entry.name}; these are not taken.")
    return path


def _open(archive: zipfile.ZipFile | tarfile.TarFile, entry: _Entry) -> IO[bytes]:
    if isinstance(archive, zipfile.ZipFile):
        assert isinstance(entry.source, zipfile.ZipInfo)
        return archive.open(entry.source)
    assert isinstance(entry.source, tarfile.TarInfo)
    file = archive.extractfile(entry.source)
    assert file is not None  # it is a regular file
    return file


def _copy(name: str, source: IO[bytes], place: Path, room: int, limits: ArchiveLimits) -> int:
    """Copy what is really there, whatever the archive's headers say; how many bytes."""
    copied = 0
    with source, place.open("xb") as target:
        while chunk := source.read(CHUNK):
            copied += len(chunk)
            if copied > room:
                raise FormatRejected(
                    f"{name} has more than the {limits.max_bytes / 1e6:.0f} MB that are taken."
                )
            target.write(chunk)
    return copied
