"""Lists in a text whose items are labelled A, B, ... or 1, 2, ..., in whatever punctuation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ml.prompts.learning.messages import OPTIONS, common_suffix
from ml.prompts.questions import FAILED, FAILURE_TYPES, LETTERS, SUCCESSFUL
from ml.prompts.templates import ListFormat

_LETTER: Final = re.compile(rf"(?<![\w'’])([{LETTERS}])(?![\w'’])")
_NUMBER: Final = re.compile(r"(?<![\w.,])([1-9]\d?)(?![\w])")
_KNOWN: Final = (SUCCESSFUL, FAILED, *FAILURE_TYPES)
_NUMBERS: Final = tuple(map(str, range(1, 100)))
# What stands before a label: all of its line, where that is punctuation and at most a word; else one sign.
_LINE_BEFORE: Final = re.compile(r"[^\w\n]*(?:[A-Z][a-z]+ )?")
_BEFORE: Final = re.compile(r"(?:\b(?:Option|Choice|Step|Subtask) )?(?:\*\*|[(\[{<*\"'“‘])?$")
_AFTER: Final = re.compile(r"[^\w\s]*(?:[ \t]*[-–—:|=>]+)?[ \t]*[(\[*\"'“‘]*")
_JOIN: Final = re.compile(r"[\"'”’*)\]]*[;,|/]?\s+$|\s*[;,|/]\s*$")


@dataclass(frozen=True, slots=True)
class Block:
    """A list in a text: where, in what style, and its texts.

    `last` is the text of the last item where its end is certain; else the block ends behind the last label.
    """

    start: int
    end: int
    before: str
    after: str
    join: str
    texts: tuple[str, ...]
    last: str | None = None

    def format(self, label: str, text: str) -> ListFormat:
        """How the items are written; `label` and `text` are the names of the slots."""
        return ListFormat(f"{self.before}{{{label}}}{self.after}{{{text}}}", self.join)


@dataclass(frozen=True, slots=True)
class _Marker:
    label: str
    start: int
    end: int
    before: str
    after: str

    @property
    def style(self) -> tuple[str, str]:
        return self.before, self.after


def option_block(text: str) -> Block | None:
    """The last list of options A, B, ... that are written in one style and not empty."""
    return _last_block(text, _LETTER, LETTERS)


def numbered_block(text: str) -> Block | None:
    """The last list of items 1, 2, ... that are written in one style and not empty."""
    return _last_block(text, _NUMBER, _NUMBERS)


def mark_options(text: str, block: Block) -> str:
    """Put a mark in place of the options; the last one's text stays where its end is not certain."""
    return f"{text[: block.start]}{OPTIONS}{text[block.end :]}"


def _last_block(text: str, pattern: re.Pattern[str], labels: Sequence[str]) -> Block | None:
    markers = [_marker(text, match) for match in pattern.finditer(text)]
    for index in range(len(markers) - 1, -1, -1):
        if markers[index].label == labels[0]:
            block = _block(text, [markers[index], *_following(markers[index:], labels)])
            if block:
                return block
    return None


def _marker(text: str, match: re.Match[str]) -> _Marker:
    line = text[text.rfind("\n", 0, match.start()) + 1 : match.start()]
    before = line if _LINE_BEFORE.fullmatch(line) else _found(_BEFORE.search(line))
    after = _found(_AFTER.match(text, match.end()))
    return _Marker(match[1], match.start() - len(before), match.end() + len(after), before, after)


def _found(match: re.Match[str] | None) -> str:
    return match[0] if match else ""


def _following(markers: Sequence[_Marker], labels: Sequence[str]) -> Iterator[_Marker]:
    """The markers of the labels behind the first one, in its style, up to where a list begins again."""
    wanted = 1
    for marker in markers[1:]:
        if marker.style == markers[0].style:
            if marker.label == labels[0]:
                return
            if wanted < len(labels) and marker.label == labels[wanted]:
                wanted += 1
                yield marker


def _block(text: str, markers: Sequence[_Marker]) -> Block | None:
    first, last = markers[0], markers[-1]
    if len(markers) < 2 or not first.after.strip():
        return None
    betweens = [text[one.end : other.start] for one, other in pairwise(markers)]
    join = _found(_JOIN.search(betweens[0]))
    for between in betweens[1:]:
        join = common_suffix(join, _found(_JOIN.search(between)))
    texts = tuple(between.removesuffix(join) for between in betweens)
    if not join or not all(re.search(r"\w", item) for item in texts):
        return None
    end = _last_text(text, last.end, join)
    return Block(first.start, last.end + len(end or ""), first.before, first.after, join, texts, end)


def _last_text(text: str, start: int, join: str) -> str | None:
    """The last item, where each is a line of its own or where it is one of the words that verdicts have."""
    for word in _KNOWN:
        if text.startswith(word, start):
            return word
    if "\n" not in join:
        return None
    return text[start:].partition("\n")[0].removesuffix(join.partition("\n")[0])
