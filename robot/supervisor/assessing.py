"""What may be made of an analysis: a correction whose codes and command hold together, or why none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ml.prompts import Analysis
from ml.symbols import (
    ARMS,
    DEFAULT_VIEW,
    Command,
    Lock,
    Rewind,
    Size,
    Space,
    Symbol,
    SymbolError,
    View,
    agreement,
    check_symbol,
    command_text,
    pixels,
    to_pixels,
    to_raw,
)


@dataclass(frozen=True, slots=True)
class Correction:
    """A checked correction: symbols in pixels of the head picture, a command, and its text for a policy."""

    symbols: tuple[Symbol, ...]
    command: Command | None
    by: str = "model"

    @property
    def text(self) -> str:
        """The command in words; empty where there is none."""
        return command_text(self.command) if self.command else ""

    @property
    def still(self) -> bool:
        """Whether the whole robot is to hold still."""
        if self.command is None:
            return all(isinstance(symbol, Lock) for symbol in self.symbols)
        return self.command.hold or all(part.hold for part in self.command.arms)

    @property
    def back(self) -> tuple[str, ...]:
        """The arms that are to go back to an earlier pose."""
        if self.command is None:
            return ARMS if all(isinstance(symbol, Rewind) for symbol in self.symbols) else ()
        return tuple(part.arm for part in self.command.arms if part.back)

    @property
    def idle(self) -> tuple[str, ...]:
        """The arms that the command leaves alone; without a command nobody knows, so none."""
        if self.command is None or self.command.hold:
            return ()
        moved = {part.arm for part in self.command.arms if not part.hold}
        return tuple(arm for arm in ARMS if arm not in moved)

    def to_json(self) -> dict[str, Any]:
        """Return what entries say of it."""
        return {"command": self.text, "symbols": [to_raw(symbol) for symbol in self.symbols], "by": self.by}


def assess(analysis: Analysis, size: Size, space: Space, view: View = DEFAULT_VIEW) -> Correction | str:
    """Return the correction that an analysis of a failure asks for, or one sentence why none can be made.

    Every code has been read and lies inside the head picture of `size`, and symbols and command do not
    contradict each other; nothing is drawn or moved of an answer of which a part cannot be read.
    """
    if analysis.errors:
        return f"the answer cannot be read whole: {analysis.errors[0]}"
    if not analysis.symbols and analysis.command is None:
        return "the answer says neither a command nor codes"
    normalized = space.name == "normalized"
    symbols = [to_pixels(symbol, size) if normalized else symbol for symbol in analysis.symbols]
    return check(symbols, analysis.command, size, view)


def check(
    symbols: Sequence[Symbol],
    command: Command | None,
    size: Size,
    view: View = DEFAULT_VIEW,
    by: str = "model",
) -> Correction | str:
    """Return the correction of symbols in pixels and a command, or why it cannot be made."""
    try:
        for symbol in symbols:
            check_symbol(symbol, pixels(size))
    except SymbolError as error:
        return f"a symbol cannot be drawn: {error}"
    if command is not None and symbols:
        compared = agreement(symbols, command, view)
        if compared.result == "contradicts":
            reason = next(reason for reason in compared.reasons if reason.result == "contradicts")
            return f"symbols and command contradict each other: {reason.message}"
    return Correction(tuple(symbols), command, by)
