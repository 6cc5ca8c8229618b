"""Stroke data of the letters of the state labels.

The shapes are those of the Hershey simplex font (A. V. Hershey, U.S. National Bureau of Standards, 1967, free
to use). They are kept here because OpenCV 5 draws text with another engine than OpenCV 4, and a policy must
see at run time what it was trained on.
"""

from __future__ import annotations

from typing import Final

from ml.symbols.types import Point, State

# Font units from the left bearing and the baseline: x runs right, y runs down, capitals are 21 high.
GLYPH_STROKES: Final[dict[str, tuple[tuple[Point, ...], ...]]] = {
    "O": (
        (
            (9, -21), (7, -20), (5, -18), (4, -16), (3, -13), (3, -8), (4, -5), (5, -3), (7, -1), (9, 0),
            (13, 0), (15, -1), (17, -3), (18, -5), (19, -8), (19, -13), (18, -16), (17, -18), (15, -20),
            (13, -21), (9, -21),
        ),
    ),
    "N": (((4, -21), (4, 0)), ((4, -21), (18, 0)), ((18, -21), (18, 0))),
    "F": (((4, -21), (4, 0)), ((4, -21), (17, -21)), ((4, -11), (12, -11))),
}  # fmt: skip
GLYPH_ADVANCES: Final[dict[str, int]] = {"O": 22, "N": 22, "F": 18}

# Pixels per font unit: a scale of 0.7, in the sixteen fractional bits in which OpenCV 4 draws.
PIXELS_PER_UNIT: Final = 45875 / 65536

# Width and height in pixels that OpenCV 4 measures for a label at this scale and a thickness of 2.
LABEL_SIZES: Final[dict[State, tuple[int, int]]] = {"ON": (33, 16), "OFF": (43, 16)}
