"""Benchmark questions as they are asked and scored, read from VQA files."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from ml.bench.errors import BenchError
from ml.prompts import GROUP_OF, Group, QuestionType

MAIN: Final = "main"
ROTATIONS: Final = "rotations"
KEYFRAME_FREE: Final = "keyframe_free"
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `control` is `main` or the name of the control; `of` the question it is a control of.

    `prompt` is the user's text with its `<image>` places, `reply` the reference, `seen` whether the task
    occurs in training (None where the file does not say).
    """

    id: str
    kind: QuestionType
    episode: str
    task: str
    prompt: str
    reply: str
    images: tuple[str, ...] = ()
    options: dict[str, str] = field(default_factory=dict)
    answer: str | None = None
    truth: Json = field(default_factory=dict)
    seen: bool | None = None
    control: str = MAIN
    of: str = ""
    variant: int = 0

    @property
    def group(self) -> Group:
        """Lite, hard or codes."""
        return GROUP_OF[self.kind]

    def to_json(self) -> Json:
        """Return the form kept in a run directory, without pictures."""
        return {**{each.name: getattr(self, each.name) for each in fields(self)}, "kind": self.kind.value}

    @classmethod
    def from_json(cls, raw: Json) -> Item:
        """Read what `to_json` wrote."""
        return cls(**{**raw, "kind": QuestionType(raw["kind"]), "images": tuple(raw["images"])})


def load_items(paths: Sequence[Path]) -> list[Item]:
    """Read the questions of VQA files. Raises BenchError where a file or record cannot be used."""
    items = [_item(record, f"{path}: record {number}") for path in paths for number, record in _records(path)]
    if not items:
        raise BenchError(f"{paths[0]} has no question")
    known: set[str] = set()
    for item in items:
        if item.id in known:
            raise BenchError(f"the question {item.id} stands twice in {', '.join(map(str, paths))}")
        known.add(item.id)
    return items


def _records(path: Path) -> Iterable[tuple[int, Any]]:
    try:
        records = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BenchError(f"{path} is no JSON: {error}") from error
    if not isinstance(records, list):
        raise BenchError(f"{path} must be an array of VQA records")
    return enumerate(records, 1)


def _item(record: Any, where: str) -> Item:
    try:
        return read_item(record)
    except KeyError as error:
        raise BenchError(
            f"{where} has no {error.args[0]}; files of the release get theirs by `python -m ml.vqa import`"
        ) from error
    except (TypeError, ValueError, AttributeError, IndexError) as error:
        raise BenchError(f"{where} is no VQA record: {error}") from error


def read_item(record: Json) -> Item:
    """Read one VQA record. Raises KeyError, TypeError or ValueError where it lacks what a question needs."""
    user, reply = record["messages"][0], record["messages"][-1]
    control = record.get("control") or {}
    kind = QuestionType(record["tag"])
    options = dict(record.get("options") or {})
    answer = record["answer"] if GROUP_OF[kind] is Group.LITE else None
    if GROUP_OF[kind] is Group.LITE and answer not in options:
        raise ValueError(f"the answer {answer!r} is none of the options {', '.join(options) or '(none)'}")
    images = tuple(record["images"])
    if user["content"].count("<image>") != len(images):
        raise ValueError(f"{user['content'].count('<image>')} places for {len(images)} images")
    return Item(
        id=str(record["question_id"]),
        kind=kind,
        episode=str(record["episode_id"]),
        task=str(record.get("task") or record["episode_id"].rpartition("/")[0]),
        prompt=user["content"],
        reply=reply["content"],
        images=images,
        options=options,
        answer=answer,
        truth=dict(record.get("truth") or {}),
        seen=record.get("seen"),
        control=str(control.get("name", MAIN)),
        of=str(control.get("of", record["question_id"])),
        variant=int(control.get("variant", 0)),
    )


def data_hash(items: Iterable[Item]) -> str:
    """Hash what is asked about: pictures' paths and references, whatever the order and the wording."""
    return _hash((item.kind, item.images, item.reply) for item in items)


def wording_hash(items: Iterable[Item]) -> str:
    """Hash how it is asked: the users' messages, whatever their order."""
    return _hash((item.kind, item.prompt) for item in items)


def _hash(parts: Iterable[tuple[object, ...]]) -> str:
    lines = sorted(json.dumps(part, ensure_ascii=False) for part in parts)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
