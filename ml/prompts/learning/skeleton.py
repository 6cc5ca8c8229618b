"""What many texts have in common, in its order, with gaps where they differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_TOKEN: Final = re.compile(r"[^\W\d_]+|\d+|[ \t]+|.", re.DOTALL)
_GAP: Final = "\ue00f"


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Constant pieces with a gap between each two; the first and the last may be empty."""

    pieces: tuple[str, ...]

    @property
    def gaps(self) -> int:
        """How many gaps there are."""
        return len(self.pieces) - 1

    def match(self, text: str) -> tuple[str, ...] | None:
        """The text of each gap, or None where the text has not these pieces.

        Each piece is taken where it comes first, the last at the end: if the text has them all, this finds
        them, in time that only its length sets (a pattern with many gaps would try them all against another).
        """
        first, *others = self.pieces
        if not others:
            return () if text == first else None
        last = others.pop()
        end = len(text) - len(last)
        if not text.startswith(first) or not text.endswith(last):
            return None
        at, found = len(first), []
        for piece in others:
            place = text.find(piece, at, end)
            if place < 0:
                return None
            found.append(text[at:place])
            at = place + len(piece)
        return (*found, text[at:end]) if at <= end else None


def skeleton(texts: Sequence[str]) -> Skeleton:
    """The skeleton of one or more texts, refined by each in turn."""
    tokens = _TOKEN.findall(texts[0])
    for text in texts[1:]:
        if Skeleton(_pieces(tokens)).match(text) is None:
            tokens = _common(tokens, _TOKEN.findall(text))
    return Skeleton(_pieces(tokens))


def _common(tokens: list[str], others: list[str]) -> list[str]:
    blocks = SequenceMatcher(None, tokens, others, autojunk=False).get_matching_blocks()
    found: list[str] = []
    at, there = 0, 0
    for block in blocks:
        if (block.a, block.b) != (at, there) and (not found or found[-1] != _GAP):
            found.append(_GAP)
        found += tokens[block.a : block.a + block.size]
        at, there = block.a + block.size, block.b + block.size
    return found


def _pieces(tokens: Sequence[str]) -> tuple[str, ...]:
    return tuple(re.split(f"{_GAP}+", "".join(tokens)))
