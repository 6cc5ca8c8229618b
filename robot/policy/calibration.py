"""What the scripted policies know of their place: the head camera, the things' looks, the furniture.

A real policy has learnt this from demonstrations. The figures were measured on pictures of the simulator's
scenes, as one would calibrate a real cell; no simulator is needed to use them. Metres; x right, y forward,
z up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from robot.environment import Camera

Range = tuple[int, int]

_FOCAL: Final = 432.97146
_PITCH: Final = 0.93
_SIN, _COS = float(np.sin(_PITCH)), float(np.cos(_PITCH))
HEAD_CAMERA: Final = Camera(
    640,
    480,
    np.array([[_FOCAL, 0, 320], [0, _FOCAL, 240], [0, 0, 1]]),
    np.array([[1, 0, 0, 0], [0, -_SIN, _COS, 0.02], [0, -_COS, -_SIN, 0.75], [0, 0, 0, 1]]),
)


@dataclass(frozen=True, slots=True)
class Look:
    """How a thing looks from the head camera, in OpenCV's HSV, and where it is when it looks so.

    The middle of its colored pixels lies `height` above the table and `offset` from the thing's own middle.
    `area` is the least share of the picture, in millionths, that it fills.
    """

    hues: tuple[Range, ...]
    saturation: Range
    value: Range
    height: float
    offset: tuple[float, float]
    middle: float
    area: int = 400
    long: bool = False


LOOKS: Final = {
    "red cube": Look(((0, 6), (174, 180)), (150, 255), (90, 255), 0.014, (0.0012, 0.0024), 0.018),
    "blue cube": Look(((105, 125),), (140, 255), (60, 255), 0.004, (-0.0032, 0.0083), 0.018),
    "eraser": Look(((20, 32),), (150, 255), (150, 255), 0.040, (0.0027, -0.0102), 0.014, long=True),
    "stapler": Look(((105, 130),), (120, 255), (40, 255), 0.058, (0.0117, -0.0237), 0.018, long=True),
    "pink bowl": Look(((155, 178),), (50, 149), (150, 255), 0.012, (-0.004, 0.0233), 0.0, 1500),
    "blue bowl": Look(((105, 125),), (140, 255), (60, 255), 0.046, (-0.0019, -0.0127), 0.0, 1500),
}

# The cabinet stands where it stands; its drawers' insides when they are open, and the handle when it is shut.
TOP_DRAWER: Final = np.array([0.02, 0.688, 0.1425])
BOTTOM_DRAWER: Final = np.array([0.02, 0.708, 0.0675])
BOTTOM_HANDLE: Final = np.array([0.02, 0.703, 0.0775])
