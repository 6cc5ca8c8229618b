"""A run directory: what was asked (`run.json`, `questions.jsonl`) and what came back (`log.jsonl`).

Each answer is one line, written whole by one `write` before the next question is taken: a process that is
killed loses at most what was under way. A torn last line is cut off when the run goes on.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from ml.bench.errors import BenchError
from ml.bench.items import Item, Json

RUN: Final = "run.json"
QUESTIONS: Final = "questions.jsonl"
LOG: Final = "log.jsonl"
JUDGEMENTS: Final = "judgements.jsonl"
SUMMARY: Final = "summary.json"
_to_text: Final = json.JSONEncoder(ensure_ascii=False).encode  # made once: rows are written while others wait


class JsonLines:
    """An append-only file of JSON objects."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o644)
        _cut_torn_line(self._file)

    def write(self, row: Mapping[str, Any]) -> None:
        """Append one row; half a surrogate pair, which a cut answer may end in, becomes a question mark."""
        data = _to_text(row).encode(errors="replace") + b"\n"
        while data:
            data = data[os.write(self._file, data) :]

    def close(self) -> None:
        """Put everything on the disk."""
        os.fsync(self._file)
        os.close(self._file)


def _cut_torn_line(file: int) -> None:
    size = os.lseek(file, 0, os.SEEK_END)
    content = os.pread(file, size, 0)
    if content and not content.endswith(b"\n"):
        os.ftruncate(file, content.rfind(b"\n") + 1)


def read_lines(path: Path) -> Iterator[Json]:
    """Yield the rows of a file of JSON lines, without a torn last one; nothing where it is absent."""
    if not path.exists():
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.endswith(b"\n"):
                return
            try:
                yield json.loads(line)
            except ValueError as error:
                raise BenchError(f"{path}, line {number} is no JSON: {error}") from error


def write_json(path: Path, value: object) -> None:
    """Write a JSON file whole or not at all."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    beside.replace(path)


def read_json(path: Path) -> Json:
    """Read a JSON object. Raises BenchError where there is none."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise BenchError(f"{path.parent} is no run: it has no {path.name}") from error
    except ValueError as error:
        raise BenchError(f"{path} is no JSON: {error}") from error
    if not isinstance(value, dict):
        raise BenchError(f"{path} must be an object")
    return value


@contextmanager
def locked(directory: Path) -> Iterator[None]:
    """Hold a run directory. Raises BenchError where another process has it."""
    directory.mkdir(parents=True, exist_ok=True)
    with (directory / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BenchError(f"another process is running in {directory}") from error
        yield


def begin(directory: Path, description: Json, items: Iterable[Item]) -> None:
    """Write what is asked, or check that the run in `directory` asks the same.

    Raises BenchError where it was begun with other questions or another model.
    """
    if not (directory / RUN).exists():
        lines = (json.dumps(item.to_json(), ensure_ascii=False) + "\n" for item in items)
        (directory / QUESTIONS).write_text("".join(lines), encoding="utf-8")
        write_json(directory / RUN, description)
        return
    known = read_json(directory / RUN)
    other = [key for key, value in description.items() if known.get(key) != value]
    if other:
        raise BenchError(
            f"{directory} was begun with another {', '.join(other)}; go on with the same command, "
            "or choose another --out"
        )


def read_items(directory: Path) -> list[Item]:
    """Return the questions of a run."""
    return [Item.from_json(row) for row in read_lines(directory / QUESTIONS)]


def read_log(directory: Path) -> dict[str, Json]:
    """Return the last row of each question, an answered one before any that is not."""
    rows: dict[str, Json] = {}
    for row in read_lines(directory / LOG):
        known = rows.get(row["question_id"])
        if known is None or row["status"] == "answered" or known["status"] != "answered":
            rows[row["question_id"]] = row
    return rows
