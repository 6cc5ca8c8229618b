"""Wording of what people draft with, as data, and the readers of what models answer to it.

Stage 0 divides a task into subtasks, stage 3 writes the texts of a failure (paper, section 3.2). A pack is a
TOML file with `name`, `version` and the tables below; a text that it lacks comes from the default pack. The
same file may also be a template pack of questions (see `templates`): neither reads the other's tables.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from ml.prompts.answers import THINK, is_refusal
from ml.prompts.templates import PackError, fill, slots_of

SLOTS: Final[Mapping[str, Mapping[str, frozenset[str]]]] = {
    "decompose": {"system": frozenset(), "user": frozenset({"task"})},
    "explain": {
        "system": frozenset(),
        "opening": frozenset({"task", "subtasks", "facts", "sample_count"}),
        "sample": frozenset({"frame", "seconds"}),
        "avoidance": frozenset({"frame", "command", "symbols"}),
        "correction": frozenset({"frame", "command", "symbols"}),
        "closing": frozenset(),
    },
}
TEXTS: Final = {
    "failure_reason": "reason",
    "high_level_avoidance": "avoidance",
    "high_level_correction": "correction",
}
"""What a model calls the three texts, and what we do."""
LONGEST: Final = 2000  # characters of one text; asked for are 60 words
MOST_SUBTASKS: Final = 30
_DEFAULT: Final = Path(__file__).parent / "packs" / "drafting.toml"


class UnreadableError(ValueError):
    """An answer that is not what was asked for; its one sentence says why."""


class RefusedError(UnreadableError):
    """The model declined; asking again does not help."""


@dataclass(frozen=True, slots=True)
class DraftingPack:
    """A wording; `digest` is the SHA-256 of its file, `own` names the texts that are not the default's."""

    name: str
    version: str
    digest: str
    texts: Mapping[tuple[str, str], str]
    own: tuple[str, ...] = ()

    def text(self, table: str, key: str, **slots: str) -> str:
        """Return that text with its slots filled."""
        return fill(self.texts[table, key], {**slots, "lbrace": "{"})

    @property
    def label(self) -> str:
        """Name, version and the beginning of the digest, to be written beside whatever the pack made."""
        return f"{self.name} {self.version} ({self.digest[:12]})"


@cache
def default_drafting_pack() -> DraftingPack:
    """Return the default wording."""
    return _read(_DEFAULT.read_bytes(), {})


def read_drafting_pack(data: bytes) -> DraftingPack:
    """Read a pack; what it lacks comes from the default one. Raises PackError where it is none."""
    return _read(data, default_drafting_pack().texts)


def _read(data: bytes, fallback: Mapping[tuple[str, str], str]) -> DraftingPack:
    try:
        raw = tomllib.loads(data.decode())
    except ValueError as error:
        raise PackError(f"this is no template pack: {error}") from error
    name, version = raw.get("name"), raw.get("version")
    if not (isinstance(name, str) and name and isinstance(version, str) and version):
        raise PackError("a template pack has a name and a version, which are texts")
    given = dict(_given(raw))
    texts = {**fallback, **given}
    digest = hashlib.sha256(data).hexdigest()
    return DraftingPack(name, version, digest, texts, tuple(map(".".join, given)))


def _given(raw: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for table, keys in SLOTS.items():
        for key, value in _table(raw, table).items():
            if key not in keys or not isinstance(value, str):
                raise PackError(f"[{table}] holds the texts {', '.join(keys)}")
            unknown = slots_of(value) - keys[key] - {"lbrace"}
            if unknown:
                raise PackError(f"[{table}] {key}: {{{min(unknown)}}} is no slot here")
            yield (table, key), value


def _table(raw: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    table = raw.get(name, {})
    if not isinstance(table, Mapping):
        raise PackError(f"{name} must be a table")
    return table


def read_texts(answer: str) -> dict[str, str]:
    """Return reason, avoidance and correction of an answer. Raises UnreadableError, or RefusedError."""
    found = _object(answer, set(TEXTS))
    texts = {ours: _text(found[theirs]) for theirs, ours in TEXTS.items()}
    if not all(texts.values()):
        raise UnreadableError("The model left a text empty.")
    if any(len(text) > LONGEST for text in texts.values()):
        raise UnreadableError("The model wrote a text that is far too long.")
    return texts


def read_subtasks(answer: str) -> list[str]:
    """Return the subtasks of an answer, in order. Raises UnreadableError, or RefusedError."""
    listed = _object(answer, {"subtasks"})["subtasks"]
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise UnreadableError("The model's answer is not in the form that was asked for.")
    subtasks = [text for each in listed if (text := " ".join(_text(each).split()))]
    if not 0 < len(subtasks) <= MOST_SUBTASKS or any(len(each) > LONGEST for each in subtasks):
        raise UnreadableError(f"The model gave no list of 1 to {MOST_SUBTASKS} subtasks.")
    return subtasks


def clean(text: str) -> str:
    """Return the text without what neither a database nor UTF-8 can hold: NUL and lone surrogates."""
    return text.replace("\0", "").encode(errors="ignore").decode()


def _text(value: object) -> str:
    return clean(value).strip() if isinstance(value, str) else ""


def _object(answer: str, keys: set[str]) -> dict[str, Any]:
    """The last JSON object with all the keys, whatever stands around it."""
    said = THINK.sub("", answer).strip()
    if not said:
        raise UnreadableError("The model answered nothing.")
    found = [each for each in _objects(said) if keys <= each.keys()]
    if found:
        return found[-1]
    if is_refusal(said):
        raise RefusedError("The model declined to answer.")
    raise UnreadableError("The model's answer is not in the form that was asked for.")


def _objects(text: str) -> Iterator[dict[str, Any]]:
    decoder, at = json.JSONDecoder(strict=False), text.find("{")
    while at >= 0:
        try:
            value, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(value, dict):
                yield value
        at = text.find("{", end)
