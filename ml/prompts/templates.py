"""Template packs: the wording of questions and answers, kept as data, and the one renderer of it.

A pack is a TOML file: `name`, `version`, `[passages]` (texts that questions share), `[format]` (how lists are
written), and a table for each question type with `questions` (phrasings of one question), `answer` and, for
symbol codes, `answer_without_command`. A name in braces is a slot or a passage; all else stands as it is.

Slots of questions: `images`, `keyframe_image`, `all_images` (the sequence and the keyframe image in one
list), `image_count`, `task`, `subtasks`, `options`, `failure_type`, `keyframe_number` (its place in the
sequence, from 1), `frame_number` (its frame in the video). Of answers: `answer_letter`, `answer_text`,
`detection`, `keyframe_number`, `failure_type`, `command`, `codes`, `text`. `lbrace` is a brace that begins no
slot.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from ml.prompts.questions import QuestionType

IMAGE: Final = "<image>"
KEYFRAME_OPTION: Final = "Image {number}"
QUESTION_SLOTS: Final = frozenset(
    ("images", "keyframe_image", "all_images", "image_count", "task", "subtasks", "options", "failure_type",
     "keyframe_number", "frame_number", "lbrace")
)  # fmt: skip
ANSWER_SLOTS: Final = frozenset(
    ("answer_letter", "answer_text", "detection", "keyframe_number", "failure_type", "command", "codes",
     "text", "lbrace")
)  # fmt: skip
_SLOT: Final = re.compile(r"\{([a-z_]+)\}")
_DEFAULT: Final = Path(__file__).parent / "packs" / "default.toml"


class PackError(ValueError):
    """A template pack that cannot be used; its one sentence says where and why."""


@dataclass(frozen=True, slots=True)
class ListFormat:
    """How the items of a list are written: each by `item`, with `join` between them."""

    item: str
    join: str

    def write(self, names: str, rows: list[dict[str, str]]) -> str:
        """Write one item for each row; `names` are the slots that an item may have, parted by blanks."""
        parts = _compiled(self.item, frozenset(names.split()))
        return self.join.join(_fill(parts, row) for row in rows)


@dataclass(frozen=True, slots=True)
class Format:
    """How a pack writes images, options and subtasks."""

    images: ListFormat = ListFormat(IMAGE, "")
    options: ListFormat = ListFormat("{letter}. {option}", "\n")
    subtasks: ListFormat = ListFormat("{number}. {subtask}", "\n")


@dataclass(frozen=True, slots=True)
class Values:
    """What one question and its answer are about; a text may be empty where its type has no such slot.

    `image_count` is the length of the sequence, without an extra keyframe image. `keyframe_number` counts
    from 1 in it, `frame_number` is its frame in the video. `options` maps letters to texts, `answer` is one.
    """

    image_count: int
    task: str
    subtasks: tuple[str, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    failure_type: str = ""
    keyframe_number: int | None = None
    frame_number: int | None = None
    answer: str = ""
    detection: str = ""
    command: str = ""
    codes: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """The wording of one question type; `questions` are phrasings of the same question."""

    questions: tuple[str, ...]
    answer: str
    answer_without_command: str = ""
    format: Format = Format()
    keyframe_option: str = KEYFRAME_OPTION

    def question(self, values: Values, phrasing: int = 0) -> str:
        """Return the user message, in the phrasing of that number, counted round."""
        text = self.questions[phrasing % len(self.questions)]
        return _fill(_compiled(text, QUESTION_SLOTS), _question_slots(values, self.format))

    def shows_keyframe(self, phrasing: int = 0) -> bool:
        """Tell whether that phrasing wants the keyframe's picture once more behind the sequence."""
        text = self.questions[phrasing % len(self.questions)]
        slots = {piece for piece, is_slot in _compiled(text, QUESTION_SLOTS) if is_slot}
        return bool(slots & {"keyframe_image", "all_images"})

    def option_of(self, number: int) -> str:
        """Return how an option names the image of that number."""
        return _fill(_compiled(self.keyframe_option, frozenset(("number",))), {"number": str(number)})

    def reply(self, values: Values) -> str:
        """Return the assistant message."""
        bare = self.answer_without_command and not values.command
        text = self.answer_without_command if bare else self.answer
        return _fill(_compiled(text, ANSWER_SLOTS), _answer_slots(values))


@dataclass(frozen=True, slots=True)
class Pack:
    """A wording of all question types.

    `digest` is the SHA-256 of the pack's file: two benchmarks ask the same only where it is the same.
    `filled` names what the file lacked and was taken from the default pack.
    """

    name: str
    version: str
    digest: str
    templates: Mapping[str, Template]
    filled: tuple[str, ...] = ()

    def __getitem__(self, kind: str) -> Template:
        """The wording of a tag: a question type, or another tag that the pack has a table for."""
        return self.templates[kind]

    @property
    def label(self) -> str:
        """Name, version and the beginning of the digest, to be written beside whatever the pack made."""
        return f"{self.name} {self.version} ({self.digest[:12]})"


Part = tuple[str, bool]
"""A piece of a template: its text and whether that is the name of a slot."""


@cache
def _compiled(text: str, slots: frozenset[str]) -> tuple[Part, ...]:
    pieces = _SLOT.split(text)  # literal, name, literal, name, ..., literal
    parts = [(piece, index % 2 == 1) for index, piece in enumerate(pieces) if piece]
    for piece, is_slot in parts:
        if is_slot and piece not in slots:
            raise PackError(f"{{{piece}}} is no slot here; it must be one of {', '.join(sorted(slots))}")
    return tuple(parts)


def slots_of(text: str) -> set[str]:
    """Return the names in braces of a text, slots and passages."""
    return set(_SLOT.findall(text))


def fill(text: str, slots: Mapping[str, str]) -> str:
    """Return the text with its slots filled. Raises PackError for one that has no value."""
    return _fill(_compiled(text, frozenset(slots)), slots)


def _fill(parts: tuple[Part, ...], slots: Mapping[str, str]) -> str:
    return "".join(slots[piece] if is_slot else piece for piece, is_slot in parts)


def _question_slots(values: Values, form: Format) -> dict[str, str]:
    return {
        "images": _images(values.image_count, form),
        "keyframe_image": IMAGE,
        "all_images": _images(values.image_count + 1, form),
        "image_count": str(values.image_count),
        "task": values.task,
        "subtasks": form.subtasks.write(
            "number subtask", [{"number": str(n), "subtask": t} for n, t in enumerate(values.subtasks, 1)]
        ),
        "options": form.options.write(
            "letter option", [{"letter": letter, "option": text} for letter, text in values.options.items()]
        ),
        "failure_type": values.failure_type,
        "keyframe_number": _number(values.keyframe_number),
        "frame_number": _number(values.frame_number),
        "lbrace": "{",
    }


def _images(count: int, form: Format) -> str:
    if form.images.item == IMAGE and not form.images.join:
        return IMAGE * count
    return form.images.write("number", [{"number": str(n)} for n in range(1, count + 1)])


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _answer_slots(values: Values) -> dict[str, str]:
    return {
        "answer_letter": values.answer,
        "answer_text": values.options.get(values.answer, ""),
        "detection": values.detection,
        "keyframe_number": _number(values.keyframe_number),
        "failure_type": values.failure_type,
        "command": values.command,
        "codes": values.codes,
        "text": values.text,
        "lbrace": "{",
    }


@cache
def default_pack() -> Pack:
    """Return the default wording."""
    return _read_pack(_DEFAULT.read_bytes(), str(_DEFAULT), {})


def load_pack(path: Path | None = None) -> Pack:
    """Read a pack; what it lacks comes from the default pack and is named in `filled`.

    Raises PackError where the file is no pack, OSError where it cannot be read.
    """
    return default_pack() if path is None else read_pack(path.read_bytes(), str(path))


def read_pack(data: bytes, name: str) -> Pack:
    """The same of a file's content; `name` is what an error calls it. Raises PackError."""
    return _read_pack(data, name, default_pack().templates)


def _read_pack(data: bytes, name: str, fallback: Mapping[str, Template]) -> Pack:
    try:
        raw = tomllib.loads(data.decode("utf-8"))
        templates, filled = _templates(raw, fallback)
    except (ValueError, TypeError, KeyError) as error:
        raise PackError(f"{name} is no template pack: {error}") from error
    digest = hashlib.sha256(data).hexdigest()
    return Pack(_text(raw, "name"), _text(raw, "version"), digest, templates, tuple(filled))


def _templates(
    raw: Mapping[str, Any], fallback: Mapping[str, Template]
) -> tuple[dict[str, Template], list[str]]:
    """All question types, and the tables of other tags, which have questions too."""
    templates: dict[str, Template] = {}
    filled: list[str] = []
    others = [tag for tag, table in raw.items() if isinstance(table, Mapping) and "questions" in table]
    for kind in dict.fromkeys([*(kind.value for kind in QuestionType), *others]):
        table = raw.get(kind)
        if table is None and kind in fallback:
            templates[kind] = fallback[kind]
            filled.append(kind)
        elif not isinstance(table, Mapping):
            raise PackError(f"it has no table [{kind}]")
        else:
            if "answer" not in table and kind in fallback:
                filled.append(f"{kind}.answer")
            templates[kind] = _template(raw, kind, table, fallback.get(kind))
    return templates, filled


def _template(
    raw: Mapping[str, Any], kind: str, table: Mapping[str, Any], fallback: Template | None
) -> Template:
    passages = raw.get("passages", {})
    questions = tuple(_expand(text, passages) for text in _texts(table, "questions"))
    if "answer" in table or (fallback is None and kind in tuple(QuestionType)):
        answer, bare = _text(table, "answer"), table.get("answer_without_command", "")
    else:
        answer, bare = (fallback.answer, fallback.answer_without_command) if fallback else ("", "")
        if not all("{options}" in text for text in questions):
            answer = answer.replace("{answer_letter}", "{answer_text}")  # a letter that nobody was shown
    template = Template(
        questions,
        _expand(answer, passages),
        _expand(bare, passages),
        _format({**raw.get("format", {}), **table.get("format", {})}),
        _text({"keyframe_option": KEYFRAME_OPTION, **table}, "keyframe_option"),
    )
    _check(kind, template)
    return template


def _check(kind: str, template: Template) -> None:
    """Compile every text once, so that a slot that does not exist is an error of the file, not of a build."""
    answers = (template.answer, template.answer_without_command)
    texts = [(text, QUESTION_SLOTS) for text in template.questions]
    texts += [(text, ANSWER_SLOTS) for text in answers]
    for text, slots in [*texts, (template.keyframe_option, frozenset(("number",)))]:
        try:
            _compiled(text, slots)
        except PackError as error:
            raise PackError(f"[{kind}]: {error}") from error


def _expand(text: str, passages: Mapping[str, str]) -> str:
    """Put passages in, which may hold passages themselves."""
    for _ in range(8):
        expanded = _SLOT.sub(lambda match: passages.get(match[1], match[0]), text)
        if expanded == text:
            return text
        text = expanded
    raise PackError("its passages hold one another round in a circle")


def _format(raw: Mapping[str, Any]) -> Format:
    known = {name: ListFormat(_text(table, "item"), _text(table, "join")) for name, table in raw.items()}
    return Format(**known)


def _text(table: Mapping[str, Any], key: str) -> str:
    value = table.get(key)
    if not isinstance(value, str):
        raise PackError(f"{key} must be a text")
    return value


def _texts(table: Mapping[str, Any], key: str) -> list[str]:
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(text, str) for text in value):
        raise PackError(f"{key} must be a list of one or more texts")
    return value
