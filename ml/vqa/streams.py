"""JSON arrays of any length, read and written one object at a time."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, TextIO

Json = dict[str, Any]
Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""

_CHUNK: Final = 1 << 20
_LONGEST: Final = 64 << 20  # no record is longer; a bound keeps a broken file from filling the memory
_GAP: Final = re.compile(r"[\s,]*")
_DECODE: Final = json.JSONDecoder().raw_decode
_ENCODE: Final = json.JSONEncoder(ensure_ascii=False, separators=(", ", ": "), allow_nan=False).encode


class DataError(ValueError):
    """A file that cannot be used; its one sentence says which and why."""


def quiet(_stage: str, _done: int, _total: int) -> None:
    """Report no progress."""


def read_array(path: Path, progress: Progress = quiet, stage: str = "reading") -> Iterator[Json]:
    """Yield the objects of a JSON array (or of one object, or of JSON lines), holding one at a time.

    Raises DataError where the file is something else, OSError where it cannot be read.
    """
    try:
        with path.open(encoding="utf-8-sig") as file:
            for value in _values(_chunks(file, path, progress, stage), path):
                if not isinstance(value, dict):
                    raise DataError(f"{path} must be an array of objects, and holds a {type(value).__name__}")
                yield value
    except UnicodeDecodeError as error:
        raise DataError(f"{path} is no UTF-8 text") from error


def _chunks(file: TextIO, path: Path, progress: Progress, stage: str) -> Iterator[str]:
    """The file piece by piece, an empty one at its end."""
    total, done, chunk = path.stat().st_size, 0, " "
    while chunk:
        chunk = file.read(_CHUNK)
        done += len(chunk)  # characters, which are about as many as bytes
        progress(stage, min(done, total) if chunk else total, total)
        yield chunk


def _values(chunks: Iterator[str], path: Path) -> Iterator[object]:
    """Decode value after value from a buffer that is refilled where a value is cut off."""
    buffer = next(chunks).lstrip()
    array = buffer.startswith("[")
    at, ended = int(array), False
    while True:
        at = _gap(buffer, at)
        if array and buffer.startswith("]", at):
            deque(chunks, maxlen=0)  # to the end, for whoever watches the progress
            return
        try:
            value, at = _DECODE(buffer, at)
        except ValueError as error:
            if ended and at == len(buffer) and not array:
                return
            if ended or len(buffer) - at > _LONGEST:
                raise DataError(f"{path} is no whole JSON array: {error}") from error
        else:
            yield value
            continue
        more = next(chunks)
        buffer, at, ended = buffer[at:] + more, 0, not more


def _gap(buffer: str, at: int) -> int:
    """Where the next value begins, behind blanks and commas."""
    match = _GAP.match(buffer, at)
    return match.end() if match else at


def encode(record: Json) -> str:
    """Return a record as one line of JSON, its keys in their order, the same on every machine."""
    return _ENCODE(record)


class Lines:
    """A file that is written whole or not at all: its name appears when all is written."""

    before, between, after = b"", b"", b""

    def __init__(self, path: Path) -> None:
        self.path, self.count = path, 0
        self._part = path.with_name(f"{path.name}.part")
        self._hash = hashlib.sha256()
        path.parent.mkdir(parents=True, exist_ok=True)
        self._file = self._part.open("wb", buffering=_CHUNK)
        self._put(self.before)

    def write(self, line: str) -> None:
        """Write one record, encoded."""
        data = line.encode()
        self._put(self.between + data if self.count else data)
        self.count += 1

    def _put(self, data: bytes) -> None:
        self._file.write(data)
        self._hash.update(data)

    @property
    def digest(self) -> str:
        """The SHA-256 of what was written; of the whole file once it is closed."""
        return self._hash.hexdigest()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._put(self.after)
        self._file.close()
        if kind is None:
            os.replace(self._part, self.path)
        else:
            self._part.unlink()


class ArrayFile(Lines):
    """A JSON array, one record a line."""

    before, between, after = b"[\n", b",\n", b"\n]\n"


class LinesFile(Lines):
    """JSON lines."""

    between, after = b"\n", b"\n"
