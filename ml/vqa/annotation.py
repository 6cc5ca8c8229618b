"""One raw annotation record, read: the authors' form with our added texts (`annotations.json`).

Nothing is guessed: a field that is absent, blank or unreadable is None, and `flags` says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Final

from ml.symbols import (
    Command,
    CommandError,
    Size,
    Symbol,
    SymbolError,
    command_text,
    from_raw,
    parse_command,
)
from ml.vqa.frames import AVOID, CORRECT, Still, episode_of_image, episode_of_video, is_inside, still
from ml.vqa.streams import DataError, Json

OUTCOMES: Final = {"yes": True, "no": False}  # `failure_detection`: did it fail?
_NUMBERED: Final = re.compile(r"\s*\d+\s*[.)]\s*")


@dataclass(slots=True)
class Side:
    """Avoidance or correction: its keyframe, what the robot should do there, and the symbols in pixels.

    `position` counts from 1 in the episode's pictures.
    """

    position: int | None = None
    path: str = ""
    frame: int = 0
    command: Command | None = None
    command_text: str = ""
    symbols: tuple[Symbol, ...] = ()
    high_level: str = ""


@dataclass(slots=True)
class Episode:
    """One annotated episode; `failed` is None where the record does not say."""

    id: str
    folder: str
    task: str
    failed: bool | None
    stills: tuple[Still, ...]
    subtasks: tuple[str, ...] = ()
    subtask: int | None = None
    failure_type: str = ""
    reason: str = ""
    avoidance: Side = field(default_factory=Side)
    correction: Side = field(default_factory=Side)
    size: Size | None = None
    flags: list[str] = field(default_factory=list)

    @property
    def images(self) -> tuple[str, ...]:
        """The paths of its pictures in their order."""
        return tuple(each.path for each in self.stills)


def task_key(description: str) -> str:
    """Return what makes two descriptions the same task: the words, whatever their case and blanks."""
    return " ".join(description.casefold().split()).rstrip(" .")


def read_episode(raw: Json) -> Episode:
    """Read a record. Raises DataError where it is no annotation: no task, no pictures, no episode."""
    task, paths = _text(raw, "task"), _strings(raw, "images")
    if not task or not paths:
        raise DataError("a record has no task or no images, so it is no annotation of an episode")
    if not all(map(is_inside, paths)):
        raise DataError("a picture lies outside the root of the data set; paths must be relative to it")
    identity = episode_of_video(_text(raw, "video")) or episode_of_image(paths[0])
    if identity is None:
        raise DataError(f"{paths[0]} does not say its task folder and episode number")
    episode = Episode(
        id=identity,
        folder=identity.rpartition("/")[0],
        task=task,
        failed=OUTCOMES.get(_text(raw, "failure_detection").lower()),
        stills=_stills(paths),
        size=_size(raw.get("size")),
    )
    if episode.failed is None:
        episode.flags.append("outcome is neither yes nor no")
    if episode.failed:
        _read_failure(raw, episode)
    return episode


def _stills(paths: Sequence[str]) -> tuple[Still, ...]:
    """The pictures; one whose name says no frame keeps its place and takes the number before it."""
    found: list[Still] = []
    for path in paths:
        before = found[-1].frame if found else 0
        found.append(still(path) or Still(path, before, None))
    return tuple(found)


def _size(value: object) -> Size | None:
    match value:
        case [int(width), int(height)] if width > 0 and height > 0:
            return Size(width, height)
    return None


def _read_failure(raw: Json, episode: Episode) -> None:
    episode.subtasks = tuple(_NUMBERED.sub("", text, count=1).strip() for text in _strings(raw, "subtasks"))
    episode.subtask = _subtask(_text(raw, "failure_subtask"), episode)
    episode.failure_type = _text(raw, "failure_type").lower()
    episode.reason = _text(raw, "failure_reason")
    keyframes = _first(raw.get("keyframe"))
    episode.avoidance = _side(episode, _first(raw.get("avoidance")), keyframes, AVOID)
    episode.correction = _side(episode, _first(raw.get("correction")), keyframes, CORRECT)


def _subtask(text: str, episode: Episode) -> int | None:
    if not text:
        return None
    if text.isdecimal() and 1 <= int(text) <= len(episode.subtasks):
        return int(text)
    episode.flags.append("failure_subtask is no number of a subtask")
    return None


def _side(episode: Episode, raw: Mapping[str, Any], keyframes: Mapping[str, Any], name: str) -> Side:
    side = Side(high_level=_text(raw, "high_level"))
    path = _text(keyframes, name)
    if path in episode.images:
        side.path, side.position = path, episode.images.index(path) + 1
        side.frame = episode.stills[side.position - 1].frame
    else:
        episode.flags.append(f"{name} is not among the images" if path else f"{name} is not given")
    _read_command(_text(raw, "low_level"), side, episode, name)
    _read_symbols(raw.get(f"{name}_annotations_code") or [], side, episode, name)
    return side


def _read_command(text: str, side: Side, episode: Episode, name: str) -> None:
    side.command, side.command_text = read_command(text)
    if side.command is None:
        episode.flags.append(f"{name} has {'a command that cannot be read' if text else 'no command'}")


def _read_symbols(codes: object, side: Side, episode: Episode, name: str) -> None:
    try:
        side.symbols = tuple(from_raw(code) for code in codes) if isinstance(codes, list) else ()
    except SymbolError:
        episode.flags.append(f"{name} has a symbol that cannot be read")
    if not side.symbols:
        episode.flags.append(f"{name} has no symbols")


@lru_cache(maxsize=1 << 14)
def read_command(text: str) -> tuple[Command | None, str]:
    """Return the command that a text says, or None, and its canonical text."""
    try:
        command = parse_command(text)
    except CommandError:
        return None, ""
    return command, command_text(command)


def _text(raw: Mapping[str, Any], key: str) -> str:
    value = raw.get(key)
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _strings(raw: Mapping[str, Any], key: str) -> list[str]:
    value = raw.get(key)
    return [each for each in value if isinstance(each, str)] if isinstance(value, list) else []


def _first(value: object) -> Mapping[str, Any]:
    """The first object of a list, or the object itself; empty where there is none."""
    found = value[0] if isinstance(value, list) and value else value
    return found if isinstance(found, Mapping) else {}
