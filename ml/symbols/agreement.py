"""Whether the symbols and the command of one correction say the same (three-valued).

A symbol contradicts a command only where no reading of both can be true. One flat arrow does not fix the sign
of axes that share an image line, symbols carry no arm, and a length says nothing about a magnitude.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Final, Literal

from ml.symbols.commands import (
    AXIS_COLORS,
    AXIS_DIRECTIONS,
    AXIS_OF,
    ArmCommand,
    Axis,
    Command,
    Direction,
)
from ml.symbols.types import Lock, Rewind, RotatingArrow, StateLabel, StraightArrow, Symbol, SymbolError

ImageDirection = Literal["up", "down", "left", "right"]
Result = Literal["agrees", "undetermined", "contradicts"]

Shown = tuple[str | None, str, str | None]
"""A part of the command that a symbol shows: arm, part, direction."""

_RANK: Final[dict[Result, int]] = {"agrees": 0, "undetermined": 1, "contradicts": 2}
_VECTORS: Final[dict[ImageDirection, tuple[int, int]]] = {
    "up": (0, -1),
    "down": (0, 1),
    "left": (-1, 0),
    "right": (1, 0),
}


@dataclass(frozen=True, slots=True)
class View:
    """Which way on the image a camera sees forward (+x), left (+y) and up (+z); None where it cannot tell.

    Raises SymbolError on any other word.
    """

    forward: ImageDirection | None = "up"
    left: ImageDirection | None = "left"
    up: ImageDirection | None = "up"

    def __post_init__(self) -> None:
        for towards in (self.forward, self.left, self.up):
            if towards is not None and towards not in _VECTORS:
                raise SymbolError(
                    f"{towards!r} is no image direction; it must be one of {', '.join(_VECTORS)}"
                )

    def component(self, arrow: StraightArrow, axis: Axis) -> int:
        """The arrow's extent along the axis on the image, in pixels; 0 where the view does not show it."""
        towards = {"x": self.forward, "y": self.left, "z": self.up}[axis]
        if towards is None:
            return 0
        x, y = _VECTORS[towards]
        return x * (arrow.end[0] - arrow.start[0]) + y * (arrow.end[1] - arrow.start[1])

    def same_line(self, one: Axis, other: Axis) -> bool:
        """Tell whether two axes lie on one line of the image, so that an arrow cannot part them."""
        towards = {"x": self.forward, "y": self.left, "z": self.up}
        lines = [("up", "down"), ("left", "right")]
        return any(towards[one] in line and towards[other] in line for line in lines)


DEFAULT_VIEW: Final = View()
"""The paper's head camera: forward is up the image, left is left, up is up."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One finding: which symbol (its index) and which part of the command, and what would settle it.

    `arm` is None for the whole robot, `part` one of move, rotate, grasp, hold, back; `direction` is the
    command's word in question, `suggestion` the word that the symbol shows instead.
    """

    result: Result
    symbol: int | None
    arm: str | None
    part: str
    direction: str | None
    suggestion: str | None
    message: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """The result over all symbols, and every finding that led to it."""

    result: Result
    reasons: tuple[Reason, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {"result": self.result, "reasons": [asdict(reason) for reason in self.reasons]}


def agreement(symbols: Sequence[Symbol], command: Command, view: View = DEFAULT_VIEW) -> Agreement:
    """Compare the symbols with the command of one correction.

    It *agrees* where every part of the command is shown by a symbol and every instructing symbol fits; it
    *contradicts* where a symbol fits no arm of the command; else it is *undetermined*. Points are in pixels
    of the frame. Several colors on one image line fix no sign, unless the command opposes all of them; a
    component under 15 % of the arrow's length has no sign.
    """
    parts = command.arms or (ArmCommand("", hold=True),)
    reasons: list[Reason] = []
    for index, symbol in enumerate(symbols):
        shown = _shown(reasons)
        readings = [list(_Reading(index, part, view).reasons(symbol)) for part in parts]
        # Of arms that fit equally well, one that no earlier symbol has shown yet.
        reasons += min(readings, key=partial(_fit, shown))
    reasons += _unshown(parts, _shown(reasons))
    result = max((reason.result for reason in reasons), key=_RANK.__getitem__)
    return Agreement(result, tuple(reasons))


def _fit(shown: set[Shown], reading: Sequence[Reason]) -> tuple[int, int]:
    """How badly a reading fits, then how little it adds to what is already shown."""
    worst = max((_RANK[reason.result] for reason in reading), default=0)
    return worst, -len(_shown(reading) - shown)


def _shown(reasons: Sequence[Reason]) -> set[Shown]:
    return {(r.arm, r.part, r.direction) for r in reasons if r.result == "agrees"}


def _unshown(parts: Sequence[ArmCommand], shown: set[Shown]) -> Iterator[Reason]:
    for part in parts:
        for name, word in _asked(part):
            if (part.arm or None, name, word) not in shown:
                message = f"no symbol shows the command's {word or name}"
                yield Reason("undetermined", None, part.arm or None, name, word, None, message)


def _asked(part: ArmCommand) -> Iterator[tuple[str, str | None]]:
    for move in part.move:
        yield "move", move.direction
    if part.rotate:
        yield "rotate", part.rotate
    if part.grasp:
        yield "grasp", part.grasp
    if part.hold:
        yield "hold", None
    if part.back:
        yield "back", None


@dataclass(frozen=True, slots=True)
class _Reading:
    """One symbol read as being about one arm's part of the command."""

    index: int
    part: ArmCommand
    view: View

    def reasons(self, symbol: Symbol) -> Iterator[Reason]:
        """What the symbol says about the part; crosshairs only point at things and say nothing."""
        match symbol:
            case StraightArrow():
                yield from self._arrow(symbol)
            case RotatingArrow(_, direction):
                yield self._word("rotate", self.part.rotate, direction)
            case StateLabel(_, text):
                yield self._word("grasp", self.part.grasp, "open" if text == "ON" else "close")
            case Lock():
                yield self._sign("hold", self.part.hold, "the lock says hold still")
            case Rewind():
                yield self._sign("back", self.part.back, "the rewind sign says go back")

    def _reason(
        self, result: Result, message: str, part: str, said: str | None = None, shown: str | None = None
    ) -> Reason:
        return Reason(result, self.index, self.part.arm or None, part, said, shown, message)

    def _word(self, name: str, said: str | None, shown: str) -> Reason:
        """A symbol that shows one word, of a rotation or a grasp."""
        if said == shown:
            return self._reason("agrees", f"both say {shown}", name, said)
        if said:
            message = f"the symbol says {shown}, the command {said}"
            return self._reason("contradicts", message, name, said, shown)
        if self.part.hold and name == "rotate":
            message = f"the symbol says {shown}, the command hold still"
            return self._reason("contradicts", message, "hold", None, shown)
        message = f"the symbol says {shown}, the command nothing about that"
        return self._reason("undetermined", message, name, None, shown)

    def _sign(self, name: str, said: bool, meaning: str) -> Reason:
        """A lock or rewind sign; on an object or another arm it opposes only a robot that holds."""
        if said:
            return self._reason("agrees", f"{meaning}, as the command", name)
        if self.part.hold and not self.part.arm:
            return self._reason("contradicts", f"{meaning}, the command hold still", "hold", None, name)
        return self._reason("undetermined", f"{meaning}, the command does not", name, None, name)

    def _arrow(self, arrow: StraightArrow) -> Iterator[Reason]:
        if self.part.hold:
            message = "the arrow says move, the command hold still"
            yield self._reason("contradicts", message, "hold", None, "move")
        elif not self.part.move:
            yield self._reason("undetermined", "the arrow says move, the command does not", "move")
        else:
            said = {AXIS_OF[move.direction]: move.direction for move in self.part.move}
            for axis in _axes(arrow):
                yield self._axis(arrow, axis, said)

    def _axis(self, arrow: StraightArrow, axis: Axis, said: dict[Axis, Direction]) -> Reason:
        """One color of an arrow against the move along that color's axis."""
        color, points = AXIS_COLORS[axis], _points_to(arrow, axis, self.view)
        sharing = [other for other in _axes(arrow) if other == axis or self.view.same_line(axis, other)]
        alone = len(sharing) == 1
        if axis not in said:
            message = f"{color} means {' or '.join(AXIS_DIRECTIONS[axis])}, which the command does not say"
            return self._reason("contradicts", message, "move", None, points if alone else None)
        word = said[axis]
        if points == word and alone:
            return self._reason("agrees", f"the arrow's {color} points {word}", "move", word)
        shown = {other: _points_to(arrow, other, self.view) for other in sharing}
        if points and all(said.get(other) not in (None, direction) for other, direction in shown.items()):
            message = f"the arrow's {color} points {points}, the command says {word}"
            return self._reason("contradicts", message, "move", word, points)
        message = f"the arrow's {color} does not tell {' from '.join(AXIS_DIRECTIONS[axis])}"
        return self._reason("undetermined", message, "move", word)


def _axes(arrow: StraightArrow) -> list[Axis]:
    return [axis for axis, color in AXIS_COLORS.items() if color in arrow.colors]


def _points_to(arrow: StraightArrow, axis: Axis, view: View) -> Direction | None:
    """The direction that the arrow's component along an axis has, if it is long enough to have one."""
    component = view.component(arrow, axis)
    length_squared = (arrow.end[0] - arrow.start[0]) ** 2 + (arrow.end[1] - arrow.start[1]) ** 2
    # component / length < 0.15, in integers so that every language decides alike on the boundary
    if component == 0 or 400 * component**2 < 9 * length_squared:
        return None
    return AXIS_DIRECTIONS[axis][0 if component > 0 else 1]
