"""Drawing display lists on frames with OpenCV; the one raster that training and policies see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, pairwise
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from ml.symbols.display import display_list
from ml.symbols.primitives import Picture, Primitive, Ring, Segments, SignName
from ml.symbols.types import Size, Symbol, SymbolError, check_inside, pixels

Frame = npt.NDArray[np.uint8]

_FRACTION_BITS: Final = 16
_ONE: Final = 1 << _FRACTION_BITS
_RING_BITS: Final = 4


@dataclass(frozen=True, slots=True)
class Icons:
    """A user's own pictures for the two signs, uint8 RGBA (H, W, 4); None keeps the built-in sign."""

    lock: Frame | None = None
    rewind: Frame | None = None

    def pictures(self) -> dict[SignName, Frame]:
        """Return the pictures that are set."""
        named: tuple[tuple[SignName, Frame | None], ...] = (("lock", self.lock), ("rewind", self.rewind))
        return {name: picture for name, picture in named if picture is not None}


def load_icons(lock: Path | None = None, rewind: Path | None = None) -> Icons:
    """Read icon files (PNG with or without alpha); raises SymbolError on a file that is no picture."""
    return Icons(_read_icon(lock) if lock else None, _read_icon(rewind) if rewind else None)


def _read_icon(path: Path) -> Frame:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_UNCHANGED) if data.size else None
    if picture is None or picture.dtype != np.uint8:
        raise SymbolError(f"{path} is no 8-bit picture; an icon must be a PNG or JPEG file")
    conversion = {2: cv2.COLOR_GRAY2RGBA, 3: cv2.COLOR_BGR2RGBA}
    channels = 2 if picture.ndim == 2 else picture.shape[2]
    return np.asarray(cv2.cvtColor(picture, conversion.get(channels, cv2.COLOR_BGRA2RGBA)), np.uint8)


def draw(frame_rgb: Frame, symbols: Sequence[Symbol], *, icons: Icons | None = None) -> Frame:
    """Return a copy of the frame with the symbols drawn on it in their order.

    The frame is uint8 RGB (H, W, 3); the symbols are in its pixels. Raises SymbolError on another kind of
    array and on a point outside the frame.
    """
    if frame_rgb.dtype != np.uint8 or frame_rgb.ndim != 3 or frame_rgb.shape[2] != 3:
        raise SymbolError(f"a frame must be uint8 (H, W, 3), not {frame_rgb.dtype} {frame_rgb.shape}")
    size = Size(frame_rgb.shape[1], frame_rgb.shape[0])
    space = pixels(size)
    for symbol in symbols:
        check_inside(symbol, space)
    pictures = icons.pictures() if icons else {}
    canvas = frame_rgb.copy(order="C")
    for primitive in display_list(symbols, size, pictures.keys()):
        _draw(canvas, primitive, pictures)
    return canvas


def _draw(canvas: Frame, primitive: Primitive, pictures: dict[SignName, Frame]) -> None:
    match primitive["op"]:
        case "line":
            start, end = primitive["from"], primitive["to"]
            cv2.line(canvas, start, end, primitive["color"], primitive["width"], cv2.LINE_AA)
        case "lines":
            strokes = list(np.array(primitive["lines"], np.int32))
            cv2.polylines(canvas, strokes, False, primitive["color"], primitive["width"], cv2.LINE_AA)
        case "segments":
            _segments(canvas, primitive)
        case "arc":
            axes, angles = [primitive["radius"]] * 2, (primitive["start"], primitive["end"])
            color, width = primitive["color"], primitive["width"]
            cv2.ellipse(canvas, primitive["center"], axes, 0, *angles, color, width, cv2.LINE_AA)
        case "ring":
            _ring(canvas, primitive)
        case "polygon":
            cv2.fillPoly(canvas, [np.array(primitive["points"])], primitive["color"], cv2.LINE_AA)
        case "outline":
            points = [np.array(primitive["points"])]
            cv2.polylines(canvas, points, True, primitive["color"], primitive["width"], cv2.LINE_AA)
        case "strokes":
            lines = [_fixed_point(line) for line in primitive["lines"]]
            color, width = primitive["color"], primitive["width"]
            cv2.polylines(canvas, lines, False, color, width, cv2.LINE_AA, _FRACTION_BITS)
        case "picture":
            _picture(canvas, primitive, pictures[primitive["name"]])


def _segments(canvas: Frame, segments: Segments) -> None:
    for (start, end), color in zip(pairwise(segments["points"]), cycle(segments["colors"]), strict=False):
        cv2.line(canvas, start, end, color, segments["width"], cv2.LINE_AA)


def _fixed_point(points: Sequence[Sequence[float]]) -> npt.NDArray[np.int32]:
    return np.array([(int(x * _ONE), int(y * _ONE)) for x, y in points], np.int32)


def _ring(canvas: Frame, ring: Ring) -> None:
    """Fill between two circles, each a polygon with a corner every five degrees."""
    center = [v << _RING_BITS for v in ring["center"]]
    circles = [
        np.array(cv2.ellipse2Poly(center, [radius << _RING_BITS] * 2, 0, 0, 360, 5))
        for radius in (ring["outer"], ring["inner"])
    ]
    cv2.fillPoly(canvas, circles, ring["color"], cv2.LINE_AA, _RING_BITS)


def _picture(canvas: Frame, picture: Picture, icon: Frame) -> None:
    """Blend an icon, scaled to its square, over the part of that square that is on the frame."""
    (x, y), side = picture["center"], picture["side"]
    left, top = x - side // 2, y - side // 2
    rows = slice(max(0, top), min(canvas.shape[0], top + side))
    columns = slice(max(0, left), min(canvas.shape[1], left + side))
    scaled = cv2.resize(icon, (side, side), interpolation=cv2.INTER_AREA)
    part = scaled[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left]
    alpha = part[..., 3:].astype(np.float64) / 255
    blended = alpha * part[..., :3] + (1 - alpha) * canvas[rows, columns]
    canvas[rows, columns] = np.rint(blended).astype(np.uint8)
