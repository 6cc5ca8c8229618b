"""The gaps of a skeleton get their names: which value of a question each of them holds."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from ml.prompts.learning.lists import Block, numbered_block
from ml.prompts.learning.messages import ANY_MARK, OPTIONS, Message
from ml.prompts.learning.skeleton import Skeleton
from ml.prompts.questions import FAILURE_TYPES
from ml.prompts.templates import ListFormat

_QUOTES: Final = {"'": "'", '"': '"', "“": "”", "‘": "’", "«": "»"}
_OPENING: Final = re.compile(r"(?<![\w])[\"'“‘«](?=[^\"'“‘«]*$)")
_BORDER: Final = re.compile(rf"[\n:;|()\[\]]|{ANY_MARK}|(?<!\w)[\"'“‘«]|[\"'”’»](?!\w)")
_LINE: Final = re.compile(rf"\n|{ANY_MARK}")
_NEXT_ITEM: Final = re.compile(r"(?:^|[^\w])(?:[2-9]|[1-9]\d)[.):\]-]|^[^\w:;|]*,[^\w:;|]*$")
_LAST_CAPITAL: Final = re.compile(r"\b[A-Z](?!.*\b[A-Z])")
_FEW_WORDS: Final = 6
_FEW_TASKS: Final = 8  # so few descriptions may well begin or end alike
_MOST_WORDINGS: Final = 8


@dataclass(frozen=True, slots=True)
class Sample:
    """A message ready to be compared: its marked text, the length of its sequence, its options."""

    message: Message
    text: str
    image_count: int
    block: Block | None


@dataclass(slots=True)
class Gap:
    """A gap with its value in each sample; `name` is its slot, or empty."""

    values: list[str]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A wording found: constant pieces with named slots between, and how it writes lists."""

    pieces: tuple[str, ...]
    names: tuple[str, ...]
    options: ListFormat | None = None
    subtasks: ListFormat | None = None


class _Sorter:
    """Pieces and gaps of one skeleton, merged and named step by step."""

    def __init__(self, found: Skeleton, samples: Sequence[Sample], loose: bool) -> None:
        self.loose = loose
        rows = [(sample, values) for sample in samples if (values := found.match(sample.text)) is not None]
        self.samples = [sample for sample, _ in rows]
        self.pieces = list(found.pieces)
        self.gaps = [Gap([values[index] for _, values in rows]) for index in range(found.gaps)]
        self.subtasks: ListFormat | None = None
        self.options: ListFormat | None = None

    # --- one gap, seen by itself ----------------------------------------------------------------------

    def typed(self, gap: Gap) -> str:
        """The slot of a gap whose values tell it by themselves."""
        if all(value in FAILURE_TYPES for value in gap.values):
            return "failure_type"
        if all(value.isdecimal() for value in gap.values):
            return next((name for name, facts in self._facts().items() if facts == gap.values), "")
        return ""

    def _facts(self) -> dict[str, list[str]]:
        """The numbers that a message can say of its images; the keyframe is that of its own side."""
        facts = {"image_count": [str(sample.image_count) for sample in self.samples]}
        for side in ("avoid", "correct"):
            places = [sample.message.keyframes.get(side) for sample in self.samples]
            facts[f"keyframe_number {side}"] = [str(place[0]) if place else "" for place in places]
            facts[f"frame_number {side}"] = [str(place[1]) if place else "" for place in places]
        return facts

    def is_task(self, gap: Gap) -> bool:
        """Whether each folder has one value, and they are words."""
        by_folder: dict[str, set[str]] = {}
        for sample, value in zip(self.samples, gap.values, strict=True):
            by_folder.setdefault(sample.message.folder, set()).add(value)
        several = sum(len(values) > 1 for values in by_folder.values())
        wordy = all(len(re.findall(r"\w+", value)) > 1 for value in gap.values)
        return wordy and several * 20 <= len(by_folder)

    # --- merging --------------------------------------------------------------------------------------

    def merge(self) -> None:
        """Join gaps that are one value, which happens to have some words in all samples."""
        index = 0
        while index + 1 < len(self.gaps):
            if self._one_value(index):
                self._join(index)
            else:
                index += 1

    def _one_value(self, index: int) -> bool:
        one, other, between = self.gaps[index], self.gaps[index + 1], self.pieces[index + 1]
        if self.typed(one) or self.typed(other):
            return False
        if self._after_options(index):
            return "\n" not in between and len(re.findall(r"\w+", between)) < _FEW_WORDS
        if _NEXT_ITEM.search(between):
            return len(re.findall(r"\w+", between)) < 2 * _FEW_WORDS
        alike = self._in_one_quotation(index) or not (_LINE if self.loose else _BORDER).search(between)
        return alike and len(re.findall(r"\w+", between)) < _FEW_WORDS

    def _in_one_quotation(self, index: int) -> bool:
        """Whether one quotation holds this gap and the next: a task may have a colon."""
        before, between, *after = self.pieces[index:]
        quote = _OPENING.search(before)
        if not quote or "\n" in between:
            return False
        closing = _QUOTES[quote[0]]
        return closing not in between and closing in "".join(after).partition("\n")[0]

    def _after_options(self, index: int) -> bool:
        """Whether the gap is the text of a last option, of which only the label was marked."""
        open_ended = all(sample.block and sample.block.last is None for sample in self.samples)
        return open_ended and OPTIONS in self.pieces[index]

    def _join(self, index: int) -> None:
        one, other, between = self.gaps[index], self.gaps.pop(index + 1), self.pieces.pop(index + 1)
        one.values = [f"{a}{between}{b}" for a, b in zip(one.values, other.values, strict=True)]

    def _pull_left(self, index: int, text: str) -> None:
        """Give the end of the piece before a gap to the gap."""
        self.pieces[index] = self.pieces[index].removesuffix(text)
        self.gaps[index].values = [text + value for value in self.gaps[index].values]

    def _pull_right(self, index: int, text: str) -> None:
        self.pieces[index + 1] = self.pieces[index + 1].removeprefix(text)
        self.gaps[index].values = [value + text for value in self.gaps[index].values]

    # --- naming ---------------------------------------------------------------------------------------

    def name(self) -> None:
        """Name what can be named."""
        for index, gap in enumerate(self.gaps):
            gap.name = self.typed(gap)
            if not gap.name and self._after_options(index):
                self._name_options(index)
            if not gap.name and self._name_subtasks(index):
                continue
            if not gap.name:
                self._widen(index)
                gap.name = "task" if self.is_task(gap) else ""

    def _name_options(self, index: int) -> None:
        """The last option's text, with the words that all have and the period that the others have."""
        head, _, tail = self.pieces[index].rpartition(OPTIONS)
        blocks = [sample.block for sample in self.samples]
        if len({(block.before, block.after, block.join) for block in blocks if block}) != 1 or None in blocks:
            return
        self._pull_left(index, tail)
        texts = [text for block in blocks if block for text in block.texts]
        if self.pieces[index + 1].startswith(".") and all(text.endswith(".") for text in texts):
            self._pull_right(index, ".")
        self.options = next(block for block in blocks if block).format("letter", "option")
        self.pieces[index] = head
        self.gaps[index].name = "options"

    def _name_subtasks(self, index: int) -> bool:
        """A numbered list, which may begin with constant signs before the gap."""
        before = re.split(ANY_MARK, self.pieces[index])[-1][-40:]
        blocks = [numbered_block(before + value) for value in self.gaps[index].values]
        found = [block for block in blocks if block]
        styles = {(block.start, block.before, block.after, block.join) for block in found}
        if not found or len(styles) != 1 or found[0].start > len(before):
            return False
        lead = before[found[0].start :]
        if any(block is None and not self._is_one_item(lead + value, found[0])
               for block, value in zip(blocks, self.gaps[index].values, strict=True)):  # fmt: skip
            return False
        self._pull_left(index, lead)
        if self.pieces[index + 1].startswith(".") and all(t.endswith(".") for b in found for t in b.texts):
            self._pull_right(index, ".")
        self.subtasks = found[0].format("number", "subtask")
        self.gaps[index].name = "subtasks"
        return True

    @staticmethod
    def _is_one_item(value: str, block: Block) -> bool:
        return value.startswith(f"{block.before}1{block.after}")

    def _widen(self, index: int) -> None:
        """Give a text back the words with which all its values begin or end, up to a border."""
        before, after = self.pieces[index], self.pieces[index + 1]
        quote = _OPENING.search(before)
        if quote:
            self._pull_left(index, before[quote.end() :])
            end = after.find(_QUOTES[quote[0]])
            self._pull_right(index, after[:end] if 0 <= end < 60 and "\n" not in after[:end] else "")
            return
        own = re.split(rf"(?:[\n:]|{ANY_MARK})\s*", before)[-1]
        if self._begins_midway(index):
            capital = _LAST_CAPITAL.search(own)
            self._pull_left(index, own[capital.start() :] if capital else "")
        elif len(set(self.gaps[index].values)) < _FEW_TASKS and len(re.findall(r"\w+", own)) < _FEW_WORDS:
            self._pull_left(index, own if own[:1].isupper() else "")
        if after.startswith(".") and not after[1:2].isalnum():
            self._pull_right(index, ".")

    def _begins_midway(self, index: int) -> bool:
        """Whether all values begin with a small letter: a sentence of which the first words are the same."""
        return all(value[:1].islower() for value in self.gaps[index].values)

    def _whole_options(self) -> None:
        """Options that were marked to their end are a slot without a gap."""
        blocks = [sample.block for sample in self.samples]
        known = [block for block in blocks if block]
        if not self.options and known and all(block.last is not None for block in known):
            styles = {(block.before, block.after, block.join) for block in known}
            self.options = known[0].format("letter", "option") if len(styles) == 1 else None

    def phrasings(self) -> Iterator[Phrasing]:
        """The wordings: one, or one for each text of a gap that is nothing but a choice of words."""
        self._whole_options()
        free = [index for index, gap in enumerate(self.gaps) if not gap.name]
        choices: dict[tuple[str, ...], set[str]] = {}
        for row, sample in enumerate(self.samples):
            choice = tuple(self.gaps[index].values[row] for index in free)
            choices.setdefault(choice, set()).add(sample.message.folder)
        several = len({sample.message.folder for sample in self.samples}) > 1
        if len(choices) > _MOST_WORDINGS or (free and several and min(map(len, choices.values())) < 2):
            return  # words that only one folder has are a value of which the name is not known
        for choice in sorted(choices):
            yield self._phrasing(dict(zip(free, choice, strict=True)))

    def _phrasing(self, fixed: Mapping[int, str]) -> Phrasing:
        pieces, names = [self.pieces[0]], []
        for index, gap in enumerate(self.gaps):
            if index in fixed:
                pieces[-1] += fixed[index] + self.pieces[index + 1]
            else:
                names.append(gap.name)
                pieces.append(self.pieces[index + 1])
        return Phrasing(tuple(pieces), tuple(names), self.options, self.subtasks)


def phrasings(found: Skeleton, samples: Sequence[Sample], *, loose: bool) -> list[Phrasing]:
    """Name the gaps of a skeleton; none where a gap is neither a question's value nor a choice of words.

    With `loose`, punctuation on a line is no border between two values: tasks may have colons or quotes.
    """
    sorter = _Sorter(found, samples, loose)
    if not sorter.samples:
        return []
    sorter.merge()
    sorter.name()
    return [replace(one, names=tuple(name.split(" ")[0] for name in one.names)) for one in sorter.phrasings()]
