"""Checks of whole files of records: each record, its pictures, and whether training knows the benchmark."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from ml.vqa.annotation import read_episode, task_key
from ml.vqa.checks import Finding, check_record, contradictions, error, warning
from ml.vqa.frames import episode_of_image, is_inside
from ml.vqa.pictures import Folders
from ml.vqa.streams import DataError, Json, Progress, quiet, read_array

Part = Literal["train", "benchmark"]
_PARTS: Final[tuple[Part, ...]] = ("train", "benchmark")


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding with its record: the file, the number in it from 1, and the id."""

    file: Path
    number: int
    id: str
    finding: Finding

    def to_json(self) -> Json:
        """Return the form of `--json`."""
        severity, code, message = self.finding.severity, self.finding.code, self.finding.message
        return {
            "file": str(self.file), "record": self.number, "id": self.id, "severity": severity, "code": code,
            "message": message,
        }  # fmt: skip


@dataclass(slots=True)
class Report:
    """The sum of a run: how many records, how many findings of each code."""

    records: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    warnings: Counter[str] = field(default_factory=Counter)


def lint(
    files: Sequence[Path], images: Path | None, report: Report, progress: Progress = quiet
) -> Iterator[Placed]:
    """Yield all findings in the files, and count them in `report`.

    Without `images` no picture is looked for. A training file is compared with the benchmark files in its
    folder, and the other way round, whether or not they are given. Raises DataError or OSError where a file
    cannot be read.
    """
    linter = _Linter(images, _known_elsewhere(files, progress))
    for file in files:
        for number, record in enumerate(read_array(file, progress, f"linting {file.name}"), 1):
            report.records += 1
            for finding in linter.check(file, record):
                counts = report.errors if finding.severity == "error" else report.warnings
                counts[finding.code] += 1
                yield Placed(file, number, str(record.get("question_id", record.get("video", ""))), finding)


@dataclass(slots=True)
class _Known:
    """What a part holds: its episodes and its tasks."""

    episodes: set[str] = field(default_factory=set)
    tasks: set[str] = field(default_factory=set)


def _part(file: Path) -> Part | None:
    return next((part for part in _PARTS if f"_{part}" in file.stem), None)


def _data_set(file: Path) -> str:
    """The part of a file's name that its training and benchmark files share."""
    return re.split("_train|_benchmark", file.stem, maxsplit=1)[0]


def _known_elsewhere(files: Sequence[Path], progress: Progress) -> dict[Part, _Known]:
    """The episodes of both parts, from the files and from those that lie beside them."""
    known: dict[Part, _Known] = {part: _Known() for part in _PARTS}
    beside = {
        path
        for file in files
        for path in file.parent.glob("*.json")
        if _part(path) and _part(file) and _data_set(path) == _data_set(file)
    }
    for path in sorted({*beside, *(file for file in files if _part(file))}):
        part = _part(path)
        assert part is not None
        for record in read_array(path, progress, f"reading {path.name}"):
            known[part].episodes.add(_episode(record))
            if "task" in record:
                known[part].tasks.add(task_key(str(record["task"])))
    for each in known.values():
        each.episodes.discard("")
    return known


def _episode(record: Json) -> str:
    images = record.get("images") or [""]
    return str(record.get("episode_id") or episode_of_image(str(images[0])) or "")


class _Linter:
    def __init__(self, images: Path | None, known: dict[Part, _Known]) -> None:
        self._root, self._known = images, known
        self._real = os.path.realpath(images) if images else ""
        self._folders = Folders(images) if images else None
        self._ids: set[str] = set()
        self._escapes = lru_cache(maxsize=1 << 14)(self._leads_outside)

    def check(self, file: Path, record: Json) -> Iterator[Finding]:
        """Yield all findings of one record of a file, or of one raw annotation."""
        yield from self._pictures(record)
        if "messages" not in record:
            yield from _annotation(record)
            return
        yield from check_record(record)
        yield from self._identity(record)
        yield from self._leaks(_part(file), record)

    def _pictures(self, record: Json) -> Iterator[Finding]:
        for path in dict.fromkeys(map(str, record.get("images") or [])):
            if not is_inside(path) or (self._root and self._escapes(path)):
                yield error("outside-root", f"{path} lies outside the root of the pictures")
            elif self._folders and not self._folders.has(path):
                yield error("missing-image", f"{path} is not below the root")

    def _leads_outside(self, path: str) -> bool:
        """Tell whether links on the way lead out of the root."""
        real = os.path.realpath(os.path.join(self._root or "", path))
        return os.path.commonpath([real, self._real]) != self._real

    def _identity(self, record: Json) -> Iterator[Finding]:
        identity = record.get("question_id")
        if identity is None:
            return
        if identity in self._ids:
            yield error("duplicate-id", f"the id {identity} comes twice")
        self._ids.add(identity)

    def _leaks(self, part: Part | None, record: Json) -> Iterator[Finding]:
        if part is None:
            return
        other: Part = "benchmark" if part == "train" else "train"
        episode = _episode(record)
        if episode in self._known[other].episodes:
            yield error("split-leak", f"the episode {episode} is in training and in the benchmark")
        if part == "benchmark" and isinstance(record.get("seen"), bool) and self._known["train"].tasks:
            trained = task_key(str(record.get("task", ""))) in self._known["train"].tasks
            if trained != record["seen"]:
                yield error("seen-differs", f"seen is {record['seen']}, and its task trains: {trained}")


def _annotation(raw: Json) -> Iterator[Finding]:
    """Findings of a raw annotation record."""
    if "failure_detection" not in raw:
        yield error("no-record", "this is neither a VQA record nor an annotation")
        return
    try:
        episode = read_episode(raw)
    except DataError as problem:
        yield error("no-annotation", str(problem))
        return
    for flag in episode.flags:
        broken = "cannot be read" in flag or "not among" in flag or "neither" in flag
        yield error("unreadable-field", flag) if broken else warning("no-field", flag)
    for side in (episode.avoidance, episode.correction):
        if side.command and side.symbols:
            yield from contradictions(side.symbols, side.command, None)
