"""Text codes: one drawing a line, as the paper's model writes them (paper section 3.1, figures 8 and 9)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ml.symbols.types import (
    Crosshair,
    DualCrosshair,
    Lock,
    Rewind,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    Symbol,
)

_MOST_ERRORS: Final = 100


@dataclass(frozen=True, slots=True)
class CodeError:
    """What could not be read: the line and column (both from 1) and what was expected there."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Parsed:
    """The symbols that could be read, in their order, beside the errors for all the rest.

    After 100 errors the reading ends; a last error says where.
    """

    symbols: tuple[Symbol, ...]
    errors: tuple[CodeError, ...]


class Errors:
    """Gathers the errors of one text, up to a number after which its reading ends."""

    def __init__(self, text: str) -> None:
        self._line_starts = [0, *(match.end() for match in re.finditer("\n", text))]
        self._errors: list[CodeError] = []

    @property
    def full(self) -> bool:
        """Whether there are too many errors to go on; the last one listed says so."""
        return len(self._errors) > _MOST_ERRORS

    def add(self, offset: int, message: str) -> None:
        """Add what is wrong at an offset in the text."""
        if len(self._errors) == _MOST_ERRORS:
            message = f"the reading ends here, after {_MOST_ERRORS} errors"
        line = bisect_right(self._line_starts, offset)
        self._errors.append(CodeError(line, offset - self._line_starts[line - 1] + 1, message))

    def listed(self) -> tuple[CodeError, ...]:
        """Return the errors in their order."""
        return tuple(self._errors)


def print_code(symbol: Symbol) -> str:
    """Return the text code of one symbol; its points stay in the space they are in."""
    match symbol:
        case StraightArrow(start, end, colors):
            elements = {"start_point": list(start), "end_point": list(end), "color": list(colors)}
            return f"Draw Straight Arrow: {elements}"
        case RotatingArrow(center, direction):
            return f"Draw Rotating Arrow: {{'center': {list(center)}, 'direction': '{direction}'}}"
        case DualCrosshair(start, end):
            return f"Draw Dual Crosshair: {{'start_point': {list(start)}, 'end_point': {list(end)}}}"
        case Crosshair(position):
            return f"Draw Crosshair: {{'position': {list(position)}}}"
        case StateLabel(position, text):
            return f"Draw {text}: {{'position': {list(position)}}}"
        case Lock(position):
            return f"Draw Lock: {{'position': {list(position)}}}"
        case Rewind(position):
            return f"Draw Rewind: {{'position': {list(position)}}}"


def print_codes(symbols: Iterable[Symbol]) -> str:
    """Return the text codes of the symbols, one a line."""
    return "\n".join(print_code(symbol) for symbol in symbols)
