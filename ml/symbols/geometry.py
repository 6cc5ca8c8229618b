"""Points and lengths of the drawn symbols, in pixels of the frame.

Every derived point is truncated toward zero, from directions and lengths taken between whole end points: a
policy trained on one drawing must see the same one, so this rounding is part of the format.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from ml.symbols.glyphs import GLYPH_ADVANCES, GLYPH_STROKES, LABEL_SIZES, PIXELS_PER_UNIT
from ml.symbols.types import Point, Size, State

Stroke = tuple[Point, Point]
Pair = tuple[int, int]

_SEGMENT: Final = 10
_CROSSHAIR: Final = (6, 15)
_HEAD_STROKE: Final = 12
_LEAST_SIGN_RADIUS: Final = 4


class ArrowSizes(NamedTuple):
    """Head length, half of the head's width, and the body's width, in pixels."""

    head: int
    half_width: int
    body: int


def arrow_sizes(size: Size) -> ArrowSizes:
    """Return the sizes of a straight arrow on a frame."""
    base = max(size.width, size.height)
    return ArrowSizes(
        max(15, math.trunc(0.025 * base)), max(10, math.trunc(0.015 * base)), max(4, math.trunc(0.008 * base))
    )


def sign_radius(size: Size) -> int:
    """Return the radius of the lock and of the rewind sign on a frame."""
    return max(_LEAST_SIGN_RADIUS, math.trunc(0.0375 * max(size.width, size.height)))


def length(start: Point, end: Point) -> float:
    """Return the distance of two points in pixels."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    # Not math.hypot: a correctly rounded square root is the same number in every language.
    return math.sqrt(dx * dx + dy * dy)


def _along(origin: Point, towards: tuple[float, float], distance: float) -> Point:
    """The point at a distance from `origin` in a direction of length 1, truncated."""
    return math.trunc(origin[0] + towards[0] * distance), math.trunc(origin[1] + towards[1] * distance)


def _direction(start: Point, end: Point) -> tuple[float, float]:
    whole = length(start, end)
    return (end[0] - start[0]) / whole, (end[1] - start[1]) / whole


def arrow_body(start: Point, end: Point, sizes: ArrowSizes) -> list[Point]:
    """Return the points that part an arrow's body, 10 px each; the last is half a head before the tip."""
    towards = _direction(start, end)
    reach = length(start, end) - sizes.head / 2
    cuts = (*(_SEGMENT * index for index in range(math.ceil(reach / _SEGMENT))), reach)
    return [_along(start, towards, cut) for cut in cuts]


def arrow_head(start: Point, end: Point, sizes: ArrowSizes) -> tuple[list[Point], int]:
    """Return the head's triangle, tip first, and the index of the segment whose color it has."""
    x, y = _direction(start, end)
    base_x, base_y = end[0] - x * sizes.head, end[1] - y * sizes.head
    corners = [
        (math.trunc(base_x - side * y * sizes.half_width), math.trunc(base_y + side * x * sizes.half_width))
        for side in (1, -1)
    ]
    return [end, *corners], math.floor((length(start, end) - 1) / _SEGMENT)


def rotation_head(tip: Point) -> list[Stroke]:
    """Return the two head strokes of a rotating arrow, the lower first.

    Both directions end their arc going right, so the strokes run back 30 degrees to either side of left.
    """
    return [
        (tip, _along(tip, (math.cos(angle), math.sin(angle)), _HEAD_STROKE))
        for angle in (math.radians(150), math.radians(210))
    ]


def crosshair_strokes(center: Point) -> list[Stroke]:
    """Return the four strokes of a crosshair, from 6 to 15 px from the center."""
    x, y = center
    near, far = _CROSSHAIR
    return [
        ((x + dx * near, y + dy * near), (x + dx * far, y + dy * far))
        for dx, dy in ((-1, 0), (1, 0), (0, -1), (0, 1))
    ]


def dashes(start: Point, end: Point) -> list[Stroke]:
    """Return the whole dashes of 10 px, with gaps of 10 px, from `start` towards `end`."""
    count = math.floor((length(start, end) + _SEGMENT) / (2 * _SEGMENT))
    towards = _direction(start, end) if count else (0.0, 0.0)
    begins = [2 * _SEGMENT * index for index in range(count)]
    return [(_along(start, towards, begin), _along(start, towards, begin + _SEGMENT)) for begin in begins]


def label_strokes(position: Point, text: State) -> list[list[list[float]]]:
    """Return the polylines of a state label centered at `position`, with sub-pixel points."""
    width, height = LABEL_SIZES[text]
    left, baseline = position[0] - width // 2, position[1] + height // 2
    lines: list[list[list[float]]] = []
    advance = 0
    for letter in text:
        for stroke in GLYPH_STROKES[letter]:
            lines.append(
                [[left + (advance + x) * PIXELS_PER_UNIT, baseline + y * PIXELS_PER_UNIT] for x, y in stroke]
            )
        advance += GLYPH_ADVANCES[letter]
    return lines
