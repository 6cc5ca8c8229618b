"""Display lists: symbols as primitives in pixels. All geometry is here and in `geometry`; drawing is a loop.

Every drawing (OpenCV, Canvas 2D) works through the same list, so a primitive is plain JSON. Coordinates name
pixel centers, angles are degrees clockwise on the image from the right, colors are RGB.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import Final

from ml.symbols.geometry import (
    Pair,
    Stroke,
    arrow_body,
    arrow_head,
    arrow_sizes,
    crosshair_strokes,
    dashes,
    label_strokes,
    length,
    rotation_head,
    sign_radius,
)
from ml.symbols.primitives import (
    Arc,
    Box,
    Line,
    Lines,
    Outline,
    Polygon,
    Primitive,
    Rgb,
    Ring,
    SignName,
    Strokes,
)
from ml.symbols.types import (
    Crosshair,
    DualCrosshair,
    Lock,
    Point,
    Rewind,
    RotatingArrow,
    Rotation,
    Size,
    State,
    StateLabel,
    StraightArrow,
    Symbol,
)

_RGB: Final[dict[str, Rgb]] = {"red": [255, 0, 0], "green": [0, 255, 0], "blue": [0, 0, 255]}
_BLACK: Final[Rgb] = [0, 0, 0]
_WHITE: Final[Rgb] = [255, 255, 255]
_LOCK_RED: Final[Rgb] = [220, 30, 40]
_REWIND_BLUE: Final[Rgb] = [40, 110, 200]
_ARC_RADIUS: Final = 30
_WHITE_OVER_BLACK: Final = ((_BLACK, 4), (_WHITE, 2))
_ANTIALIAS_MARGIN: Final = 2


def display_list(
    symbols: Iterable[Symbol], size: Size, pictures: Collection[SignName] = ()
) -> list[Primitive]:
    """Return the primitives of the symbols, in their order; points and `size` in pixels of one frame.

    Signs named in `pictures` become the user's own pictures. Geometry: visual-symbol format of the paper's
    public release, measured on its drawings.
    """
    return [primitive for symbol in symbols for primitive in _primitives(symbol, size, pictures)]


def _primitives(symbol: Symbol, size: Size, pictures: Collection[SignName]) -> Iterable[Primitive]:
    match symbol:
        case StraightArrow():
            return _straight_arrow(symbol, size)
        case RotatingArrow(center, direction):
            return _rotating_arrow(center, direction)
        case DualCrosshair(start, end):
            return chain(_crosshair(start), _crosshair(end), _dashes(start, end))
        case Crosshair(position):
            return _crosshair(position)
        case StateLabel(position, text):
            return _label(position, text)
        case Lock(position):
            return _sign("lock", position, sign_radius(size), pictures)
        case Rewind(position):
            return _sign("rewind", position, sign_radius(size), pictures)


def _line(stroke: Stroke, width: int, color: Rgb) -> Line:
    return {"op": "line", "from": list(stroke[0]), "to": list(stroke[1]), "width": width, "color": color}


def _points(points: Iterable[Point]) -> list[list[int]]:
    return [list(point) for point in points]


def _polygon(points: Iterable[Point], color: Rgb) -> Polygon:
    return {"op": "polygon", "points": _points(points), "color": color}


def _outline(points: Iterable[Point], width: int, color: Rgb) -> Outline:
    return {"op": "outline", "points": _points(points), "width": width, "color": color}


def _arc(center: Point, radius: int, angles: Pair, width: int, color: Rgb) -> Arc:
    return {
        "op": "arc", "center": list(center), "radius": radius, "start": angles[0], "end": angles[1],
        "width": width, "color": color,
    }  # fmt: skip


def _ring(center: Point, outer: int, inner: int, color: Rgb) -> Ring:
    return {"op": "ring", "center": list(center), "outer": outer, "inner": max(0, inner), "color": color}


def _white_over_black(strokes: Sequence[Stroke]) -> Iterator[Lines]:
    for color, width in _WHITE_OVER_BLACK:
        yield {"op": "lines", "lines": strokes, "width": width, "color": color}


def _label(position: Point, text: State) -> Iterator[Strokes]:
    lines = label_strokes(position, text)
    for color, width in _WHITE_OVER_BLACK:
        yield {"op": "strokes", "lines": lines, "width": width, "color": color}


def _straight_arrow(arrow: StraightArrow, size: Size) -> Iterator[Primitive]:
    sizes = arrow_sizes(size)
    if length(arrow.start, arrow.end) < sizes.head:
        return
    colors = [_RGB[color] for color in arrow.colors]
    body = arrow_body(arrow.start, arrow.end, sizes)
    yield _line((body[0], body[-1]), sizes.body + 2, _BLACK)
    yield {"op": "segments", "points": body, "width": sizes.body, "colors": colors}
    head, color_index = arrow_head(arrow.start, arrow.end, sizes)
    yield _polygon(head, colors[color_index % len(colors)])
    yield _outline(head, 1, _BLACK)


def _rotating_arrow(center: Point, direction: Rotation) -> Iterator[Primitive]:
    angles = (0, 270) if direction == "clockwise" else (90, 360)
    for color, width in _WHITE_OVER_BLACK:
        yield _arc(center, _ARC_RADIUS, angles, width, color)
    tip_y = center[1] + (-_ARC_RADIUS if direction == "clockwise" else _ARC_RADIUS)
    yield from _white_over_black(rotation_head((center[0], tip_y)))


def _crosshair(position: Point) -> Iterator[Primitive]:
    return _white_over_black(crosshair_strokes(position))


def _dashes(start: Point, end: Point) -> Iterable[Primitive]:
    strokes = dashes(start, end)
    return _white_over_black(strokes) if strokes else ()


def _sign(name: SignName, center: Point, radius: int, pictures: Collection[SignName]) -> Iterable[Primitive]:
    if name in pictures:
        return [{"op": "picture", "name": name, "center": list(center), "side": 2 * radius}]
    return _lock(center, radius) if name == "lock" else _rewind(center, radius)


def _lock(center: Point, radius: int) -> Iterator[Primitive]:
    """The prohibition sign: ring and slash; the wider black below leaves an edge of one pixel."""
    band = max(1, math.trunc(0.25 * radius))
    reach = math.trunc((radius - band / 2) * math.sqrt(0.5))
    x, y = center
    slash = ((x - reach, y - reach), (x + reach, y + reach))
    for color, edge in ((_BLACK, 1), (_LOCK_RED, 0)):
        yield _ring(center, radius + edge, radius - band - edge, color)
        yield _line(slash, band + 2 * edge, color)


def _rewind(center: Point, radius: int) -> Iterator[Primitive]:
    """The fast-reverse sign; the contour's round joins make the square's round corners."""
    corner = max(1, math.trunc(radius / 4))
    inner = radius - corner
    x, y = center
    square = [(x - inner, y - inner), (x + inner, y - inner), (x + inner, y + inner), (x - inner, y + inner)]
    yield _outline(square, 2 * corner + 2, _BLACK)
    yield _polygon(square, _REWIND_BLUE)
    yield _outline(square, 2 * corner, _REWIND_BLUE)
    half_height, width = math.trunc(0.4 * radius), math.trunc(0.5 * radius)
    for tip in (x - width, x):
        base = tip + width
        yield _polygon([(tip, y), (base, y - half_height), (base, y + half_height)], _WHITE)


def bounds(symbols: Iterable[Symbol], size: Size, pictures: Collection[SignName] = ()) -> Box:
    """Return the rectangle of the frame outside which drawing the symbols changes no pixel.

    It is empty (0, 0, 0, 0) where nothing is drawn inside the frame.
    """
    boxes = [_extent(primitive) for primitive in display_list(symbols, size, pictures)]
    if not boxes:
        return Box(0, 0, 0, 0)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    left, top = max(0, math.floor(min(lefts))), max(0, math.floor(min(tops)))
    right, bottom = min(size.width, math.ceil(max(rights)) + 1), min(size.height, math.ceil(max(bottoms)) + 1)
    return Box(left, top, right, bottom) if left < right and top < bottom else Box(0, 0, 0, 0)


def _extent(primitive: Primitive) -> tuple[float, float, float, float]:
    """Least and greatest x and y that a primitive can reach."""
    points, reach = _points_and_reach(primitive)
    xs, ys = [point[0] for point in points], [point[1] for point in points]
    return min(xs) - reach, min(ys) - reach, max(xs) + reach, max(ys) + reach


def _points_and_reach(primitive: Primitive) -> tuple[Sequence[Sequence[float]], float]:
    """The points of a primitive and how far from them it can change pixels."""
    match primitive["op"]:
        case "line":
            return [primitive["from"], primitive["to"]], primitive["width"] / 2 + _ANTIALIAS_MARGIN
        case "arc":
            return [primitive["center"]], primitive["radius"] + primitive["width"] / 2 + _ANTIALIAS_MARGIN
        case "ring":
            return [primitive["center"]], primitive["outer"] + _ANTIALIAS_MARGIN
        case "polygon":
            return primitive["points"], _ANTIALIAS_MARGIN
        case "outline" | "segments":
            return primitive["points"], primitive["width"] / 2 + _ANTIALIAS_MARGIN
        case "lines" | "strokes":
            points = [point for line in primitive["lines"] for point in line]
            return points, primitive["width"] / 2 + _ANTIALIAS_MARGIN
        case "picture":
            return [primitive["center"]], primitive["side"] / 2
