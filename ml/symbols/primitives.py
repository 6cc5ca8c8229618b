"""The primitives of a display list: plain JSON, so that Python and the browser work through the same.

Coordinates name pixel centers, angles are degrees clockwise on the image from the right, colors are RGB.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple, TypedDict

Rgb = list[int]
SignName = Literal["lock", "rewind"]

# `from` is a keyword of the language, hence the functional form.
Line = TypedDict(
    "Line", {"op": Literal["line"], "from": list[int], "to": list[int], "width": int, "color": Rgb}
)


class Lines(TypedDict):
    """Several lines of one width and color, one after the other."""

    op: Literal["lines"]
    lines: Sequence[Sequence[Sequence[int]]]
    width: int
    color: Rgb


class Segments(TypedDict):
    """The line from each point to the next, one after the other, in the colors in turn."""

    op: Literal["segments"]
    points: Sequence[Sequence[int]]
    width: int
    colors: list[Rgb]


class Arc(TypedDict):
    """An open circular arc from `start` to `end` degrees."""

    op: Literal["arc"]
    center: list[int]
    radius: int
    start: int
    end: int
    width: int
    color: Rgb


class Ring(TypedDict):
    """A filled ring between two radii."""

    op: Literal["ring"]
    center: list[int]
    outer: int
    inner: int
    color: Rgb


class Polygon(TypedDict):
    """A filled polygon."""

    op: Literal["polygon"]
    points: list[list[int]]
    color: Rgb


class Outline(TypedDict):
    """The closed contour of a polygon."""

    op: Literal["outline"]
    points: list[list[int]]
    width: int
    color: Rgb


class Strokes(TypedDict):
    """Open polylines with points between pixels."""

    op: Literal["strokes"]
    lines: Sequence[Sequence[Sequence[float]]]
    width: int
    color: Rgb


class Picture(TypedDict):
    """A user's own icon, scaled to a square of `side` pixels about `center`."""

    op: Literal["picture"]
    name: SignName
    center: list[int]
    side: int


Primitive = Line | Lines | Segments | Arc | Ring | Polygon | Outline | Strokes | Picture


class Box(NamedTuple):
    """A rectangle of pixels: left and top inclusive, right and bottom exclusive."""

    left: int
    top: int
    right: int
    bottom: int
