"""Visual symbol following: what a policy is shown so that it follows the symbols (paper section 6.2).

The symbols are drawn on the head picture, everything outside their box and its margin becomes zero, and so
does the whole picture of the idle arm's wrist, which stays present. All this is done on the camera's own
pixels, before anything is resized: a data set built here and a policy corrected at run time see the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

import numpy as np

from ml.symbols import Box, Icons, Size, Symbol, SymbolError, bounds, draw, points
from robot.environment import HEAD, WRISTS, Image

MARGIN: Final = 50
LEAST: Final = 50


def region(symbols: Sequence[Symbol], size: Size) -> Box:
    """Return the part of the frame that stays visible: the symbols' box and 50 px around it, on the frame.

    The box is that of what is drawn, or of the points of symbols too short to be drawn. A side has at least
    50 px.
    """
    if not symbols:
        raise SymbolError("a region of interest needs at least one symbol")
    box = bounds(symbols, size)
    if box.left == box.right:
        xs, ys = zip(*(point for symbol in symbols for point in points(symbol)), strict=True)
        box = Box(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    left, right = _widened(box.left, box.right, size.width)
    top, bottom = _widened(box.top, box.bottom, size.height)
    return Box(left, top, right, bottom)


def _widened(low: int, high: int, extent: int) -> tuple[int, int]:
    low, high = max(0, low - MARGIN), min(extent, high + MARGIN)
    missing = max(0, min(LEAST, extent) - (high - low))
    low = max(0, low - missing)
    return low, min(extent, max(high, low + min(LEAST, extent)))


def guided_head(image: Image, symbols: Sequence[Symbol], icons: Icons | None = None) -> Image:
    """Return the head picture (H, W, 3) with the symbols (in its pixels) drawn and all else zeroed."""
    box = region(symbols, Size(image.shape[1], image.shape[0]))
    rows, columns = slice(box.top, box.bottom), slice(box.left, box.right)
    guided = np.zeros_like(image)
    guided[rows, columns] = draw(image, symbols, icons=icons)[rows, columns]
    return guided


def guided_images(
    images: Mapping[str, Image], symbols: Sequence[Symbol], idle: Collection[str]
) -> dict[str, Image]:
    """Return what the policy is shown in place of these pictures; without symbols the head picture stays."""
    guided = dict(images)
    if symbols:
        guided[HEAD] = guided_head(images[HEAD], symbols)
    for arm in idle:
        if WRISTS[arm] in guided:
            guided[WRISTS[arm]] = np.zeros_like(guided[WRISTS[arm]])
    return guided
