"""A user message taken apart by a template and built again from what is known of its question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ml.prompts.learning.messages import Message
from ml.prompts.questions import LETTERS
from ml.prompts.templates import IMAGE, Format, ListFormat, Template, Values

_SLOT = re.compile(r"\{([a-z_]+)\}")
_READ = ("task", "subtasks", "options", "failure_type")
_NUMBERS = tuple(map(str, range(1, 200)))


@dataclass(frozen=True, slots=True)
class Parts:
    """What a message says: the values of its slots, and the phrasing it is in."""

    phrasing: int
    values: Values


def take_apart(message: Message, template: Template) -> Iterator[Parts]:
    """Read a message by each phrasing that fits it.

    Only texts are read from the message; numbers and images come from its image paths.
    """
    for phrasing, text in enumerate(template.questions):
        match = _pattern(text, template.format).fullmatch(message.text)
        if match:
            found = match.groupdict()
            options = _items(found.get("options", ""), template.format.options, "letter", "option", LETTERS)
            steps = _items(found.get("subtasks", ""), template.format.subtasks, "number", "subtask", _NUMBERS)
            for known in _known_values(message, template.shows_keyframe(phrasing)):
                values = replace(
                    known,
                    task=found.get("task", ""),
                    failure_type=found.get("failure_type", ""),
                    options=dict(zip(LETTERS, options, strict=False)),
                    subtasks=tuple(steps),
                )
                yield Parts(phrasing, values)


def _known_values(message: Message, shows_keyframe: bool) -> Iterator[Values]:
    """What the image paths alone tell; a tag that does not say its side may be about either keyframe."""
    named = [side for side in ("avoid", "correct") if side in message.tag]
    for side in named or ("avoid", "correct"):
        number, frame = message.keyframes.get(side, (None, None))
        count = len(message.images) - shows_keyframe
        yield Values(count, "", keyframe_number=number, frame_number=frame)


@cache
def _pattern(text: str, form: Format) -> re.Pattern[str]:
    """A phrasing with its slots open: where a text comes first it is read, later it must say the same."""
    read: set[str] = set()
    parts = []
    for index, piece in enumerate(_SLOT.split(text)):
        if index % 2 == 0:
            parts.append(re.escape(piece))
        elif piece in _READ:
            parts.append(f"(?P={piece})" if piece in read else f"(?P<{piece}>{_text(piece, form)})")
            read.add(piece)
        else:
            parts.append(_known(piece, form))
    return re.compile("".join(parts))


def _known(slot: str, form: Format) -> str:
    """A pattern for what the image paths tell: what it finds is not read, only passed."""
    if slot in ("images", "all_images"):
        item = re.escape(form.images.item).replace(re.escape("{number}"), r"\d+")
        return f"(?:{item}{re.escape(form.images.join)})*{item}"
    return {"keyframe_image": IMAGE, "lbrace": r"\{"}.get(slot, r"\d+")


def _text(slot: str, form: Format) -> str:
    """A pattern for a text, or for a list of texts; none of them has more than one line."""
    if slot == "options":
        return _list(form.options, "letter", "option", f"[{LETTERS}]")
    if slot == "subtasks":
        return _list(form.subtasks, "number", "subtask", r"\d+")
    return ".+?"


def _list(form: ListFormat, label: str, text: str, labels: str) -> str:
    before, _, after = form.item.partition(f"{{{text}}}")
    item = rf"{re.escape(before).replace(re.escape(f'{{{label}}}'), labels)}.+?{re.escape(after)}"
    return f"{item}(?:{re.escape(form.join)}{item})*"


def _items(text: str, form: ListFormat, label: str, slot: str, labels: Sequence[str]) -> list[str]:
    """The texts of a list, cut where the next label in its style stands."""
    before, _, after = form.item.partition(f"{{{slot}}}")
    found: list[str] = []
    start = len(before.replace(f"{{{label}}}", labels[0]))
    for following in labels[1:]:
        border = after + form.join + before.replace(f"{{{label}}}", following)
        end = text.find(border, start)
        if end < 0:
            break
        found.append(text[start:end])
        start = end + len(border)
    return [*found, text[start:].removesuffix(after)] if text else []


def rebuilt(message: Message, template: Template, tasks: Mapping[str, str]) -> str | None:
    """The message built again, its task being that of its folder; None where no phrasing fits it."""
    for parts in take_apart(message, template):
        values = replace(parts.values, task=tasks.get(message.folder, parts.values.task))
        text = template.question(values, parts.phrasing)
        if text == message.text:
            return text
    return None
