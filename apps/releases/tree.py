"""A release as files: the same release gives the same names, in the same order, with the same bytes."""

import hashlib
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

from apps.annotation.drawing import draw_on_still
from apps.episodes.models import Blob
from apps.episodes.storage import blob_as_path, blob_read
from apps.releases.layout import EpisodeFiles, Keyframe

MANIFEST = "release.json"
ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest a zip can say: a file's time is no part of a release


class Sink(Protocol):
    """Where a release's files go."""

    def copy(self, path: str, source: Path) -> None: ...

    def write(self, path: str, data: bytes) -> None: ...


class FolderSink:
    """Into a folder that is not there yet."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _place(self, path: str) -> Path:
        place = self.root / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place

    def copy(self, path: str, source: Path) -> None:
        shutil.copyfile(source, self._place(path))

    def write(self, path: str, data: bytes) -> None:
        self._place(path).write_bytes(data)


class ZipSink:
    """Into a zip archive; pictures and videos are compressed already, so all is stored as it is."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    def copy(self, path: str, source: Path) -> None:
        entry = zipfile.ZipInfo(path, ZIP_TIME)
        entry.file_size = source.stat().st_size  # lets the archive choose its 64-bit form where needed
        with source.open("rb") as file, self.archive.open(entry, "w") as target:
            shutil.copyfileobj(file, target, 1024 * 1024)

    def write(self, path: str, data: bytes) -> None:
        self.archive.writestr(zipfile.ZipInfo(path, ZIP_TIME), data)


def json_bytes(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def write_episode(files: EpisodeFiles, sink: Sink) -> Iterator[tuple[str, str]]:
    """Put one episode's files into `sink`; yields each path with its SHA-256."""
    for path, camera in files.videos.items():
        yield path, _copy(camera.source, path, sink)
    written = set()
    for path, still in files.images.items():
        written.add(path)
        yield path, _copy(still.blob, path, sink)
    for keyframe in files.keyframes.values():
        if keyframe.path not in written:
            yield keyframe.path, _copy(keyframe.still.blob, keyframe.path, sink)
        if keyframe.drawn_path:
            yield keyframe.drawn_path, _write_drawn(keyframe, keyframe.drawn_path, sink)


def _copy(blob: Blob, path: str, sink: Sink) -> str:
    with blob_as_path(blob) as source:
        sink.copy(path, source)
    return blob.sha256


def _write_drawn(keyframe: Keyframe, path: str, sink: Sink) -> str:
    drawn = draw_on_still(blob_read(keyframe.still.blob), keyframe.symbols)
    sink.write(path, drawn)
    return hashlib.sha256(drawn).hexdigest()
