"""The seven visual symbols and the coordinate spaces they are written in (paper section 3.1).

The image's origin is its top left corner, x runs right, y runs down. Symbols are plain values: which space
their points are in is said by whoever holds them, never guessed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any, Final, Literal, get_args

Point = tuple[int, int]
Color = Literal["red", "green", "blue"]
Rotation = Literal["clockwise", "counter-clockwise"]
State = Literal["ON", "OFF"]

COLORS: Final[tuple[Color, ...]] = get_args(Color)
ROTATIONS: Final[tuple[Rotation, ...]] = get_args(Rotation)
STATES: Final[tuple[State, ...]] = get_args(State)
NORMALIZED_MAX: Final = 1000


class SymbolError(ValueError):
    """A symbol that cannot be; its one sentence names the valid choices."""


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height of a frame in pixels.

    Raises SymbolError unless both are positive.
    """

    width: int
    height: int

    def __post_init__(self) -> None:
        if self.width <= 0 or self.height <= 0:
            raise SymbolError(f"a frame of {self.width}x{self.height} has no pixels; both must be at least 1")


@dataclass(frozen=True, slots=True)
class Space:
    """What the numbers of a point mean: `normalized`, or `pixels` of a frame.

    `last` is the greatest valid x and y, or None for pixels of a frame whose size is not known.
    """

    name: Literal["normalized", "pixels"]
    last: Point | None

    def holds(self, point: Point) -> bool:
        """Tell whether the point lies in this space."""
        x, y = point
        return x >= 0 and y >= 0 and (self.last is None or (x <= self.last[0] and y <= self.last[1]))

    @property
    def range_text(self) -> str:
        """The valid range in words, for error messages."""
        if self.last is None:
            return "x and y from 0 on"
        return f"x from 0 to {self.last[0]} and y from 0 to {self.last[1]}"


NORMALIZED: Final = Space("normalized", (NORMALIZED_MAX, NORMALIZED_MAX))


def pixels(size: Size | None = None) -> Space:
    """Return the space of a frame's pixels; without a size only negative values are out of range."""
    return Space("pixels", None if size is None else (size.width - 1, size.height - 1))


def _require_choice(what: str, value: str, choices: tuple[str, ...]) -> None:
    if value not in choices:
        raise SymbolError(f"{value!r} is no {what}; it must be one of {', '.join(choices)}")


@dataclass(frozen=True, slots=True)
class StraightArrow:
    """Translate the end-effector from `start` towards `end`; each color names an axis.

    Red is x (forward/backward), green y (left/right), blue z (up/down). Raises SymbolError on an unknown or
    missing color.
    """

    start: Point
    end: Point
    colors: tuple[Color, ...]

    def __post_init__(self) -> None:
        if not self.colors:
            raise SymbolError(f"an arrow needs at least one color of {', '.join(COLORS)}")
        for color in self.colors:
            _require_choice("color", color, COLORS)


@dataclass(frozen=True, slots=True)
class RotatingArrow:
    """Rotate the end-effector about `center`, as seen on the image."""

    center: Point
    direction: Rotation

    def __post_init__(self) -> None:
        _require_choice("direction", self.direction, ROTATIONS)


@dataclass(frozen=True, slots=True)
class DualCrosshair:
    """Align what is at `start` with what is at `end`."""

    start: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Crosshair:
    """The right object or place."""

    position: Point


@dataclass(frozen=True, slots=True)
class StateLabel:
    """The gripper should be open (ON) or closed (OFF)."""

    position: Point
    text: State

    def __post_init__(self) -> None:
        _require_choice("gripper state", self.text, STATES)


@dataclass(frozen=True, slots=True)
class Lock:
    """Hold still."""

    position: Point


@dataclass(frozen=True, slots=True)
class Rewind:
    """This arm or object goes back to an earlier state."""

    position: Point


Symbol = StraightArrow | RotatingArrow | DualCrosshair | Crosshair | StateLabel | Lock | Rewind

_POINT_FIELDS: Final[dict[type, tuple[str, ...]]] = {
    kind: tuple(f.name for f in fields(kind) if f.name in ("start", "end", "center", "position"))
    for kind in get_args(Symbol)
}


def point_fields(symbol: Symbol) -> dict[str, Point]:
    """Return the symbol's points by field name, in the order of its fields."""
    return {name: getattr(symbol, name) for name in _POINT_FIELDS[type(symbol)]}


def points(symbol: Symbol) -> tuple[Point, ...]:
    """Return the symbol's points in the order of its fields."""
    return tuple(point_fields(symbol).values())


def check_inside(symbol: Symbol, space: Space) -> Symbol:
    """Return the symbol, or raise SymbolError where a point is out of range."""
    for name, point in point_fields(symbol).items():
        if not space.holds(point):
            raise SymbolError(f"{name} {list(point)} is out of range: {space.name} need {space.range_text}")
    return symbol


def check_symbol(symbol: Symbol, space: Space) -> Symbol:
    """Return the symbol, or raise SymbolError where a point is out of range or an arrow has no direction."""
    if isinstance(symbol, StraightArrow) and symbol.start == symbol.end:
        raise SymbolError("the start and the end of a straight arrow must be two different points")
    return check_inside(symbol, space)


def _map_points(symbol: Symbol, function: Callable[[Point], Point]) -> Symbol:
    moved: dict[str, Any] = {name: function(point) for name, point in point_fields(symbol).items()}
    return replace(symbol, **moved)


def to_pixels(symbol: Symbol, size: Size) -> Symbol:
    """Turn a normalized symbol into pixels of a frame, truncating; 1000 is the last pixel.

    On a frame smaller than the grid an arrow's two points can fall together; it then draws nothing.
    """

    def convert(point: Point) -> Point:
        # This floating-point order is part of the format: 350 at a height of 720 is 251, not 252.
        x, y = (
            math.trunc(v / NORMALIZED_MAX * extent)
            for v, extent in zip(point, (size.width, size.height), strict=True)
        )
        return min(x, size.width - 1), min(y, size.height - 1)

    return _map_points(symbol, convert)


def to_normalized(symbol: Symbol, size: Size) -> Symbol:
    """Turn a symbol in pixels of a frame into 0 to 1000 on each axis, rounding half to even.

    On a frame larger than the grid an arrow's two points can fall together; readers refuse such a code.
    """

    def convert(point: Point) -> Point:
        x, y = point
        return round(NORMALIZED_MAX * x / size.width), round(NORMALIZED_MAX * y / size.height)

    return _map_points(symbol, convert)
