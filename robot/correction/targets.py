"""From symbols to a goal in the world: which arm, and where its tip is to go (paper section 4, PMC)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ml.symbols import (
    ArmCommand,
    Command,
    Crosshair,
    DualCrosshair,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    Symbol,
)
from robot.camera import Array, back_project, project
from robot.environment import Camera, Depth, Vector
from robot.kinematics import tip

_PATCH: Final = 2
"""Pixels to either side of the target of which the depth is the median."""


class NoMotion(Exception):  # noqa: N818  # an answer, not a fault
    """No motion can be made: unreachable, in collision, out of time, or nothing to go to; one sentence."""


@dataclass(frozen=True, slots=True)
class Goal:
    """What one arm is to do: go to a point (3,) in metres or stay, then turn, open or close.

    `surface` tells that the point lies on something the camera saw; `turn` is in radians about the fingers.
    """

    arm: str
    point: Array | None = None
    surface: bool = False
    turn: float = 0.0
    grip: float | None = None


_EIGHTH: Final = np.pi / 4  # about fingers that point down, away from the camera: clockwise as it sees them


def goals(
    symbols: Sequence[Symbol], command: Command | None, state: Vector, camera: Camera, depth: Depth | None
) -> list[Goal]:
    """Return what the symbols (in the camera's pixels) and the command ask of each arm.

    Raises NoMotion where neither says anything that can be moved to.
    """
    parts = list(command.arms) if command else []
    if not parts:
        parts = [ArmCommand(_nearest_arm(symbols, state, camera), hold=True)]
    found = [_goal(part, symbols, state, camera, depth) for part in parts]
    wanted = [goal for goal in found if goal.point is not None or goal.turn or goal.grip is not None]
    if not wanted:
        raise NoMotion("the correction shows no point to go to and asks for no turn or grip")
    return wanted


def _goal(
    part: ArmCommand, symbols: Sequence[Symbol], state: Vector, camera: Camera, depth: Depth | None
) -> Goal:
    target = next((s for s in symbols if isinstance(s, StraightArrow | Crosshair | DualCrosshair)), None)
    point, surface = (None, False)
    if target is not None:
        point, surface = _point(target, tip(part.arm, state)[0], camera, depth)
    return Goal(part.arm, point, surface, _turn(part, symbols), _grip(part, symbols))


def _turn(part: ArmCommand, symbols: Sequence[Symbol]) -> float:
    arrows = [s.direction for s in symbols if isinstance(s, RotatingArrow)]
    asked = part.rotate or (arrows[0] if arrows else None)
    return 0.0 if asked is None else (_EIGHTH if asked == "clockwise" else -_EIGHTH)


def _grip(part: ArmCommand, symbols: Sequence[Symbol]) -> float | None:
    labels = [s.text for s in symbols if isinstance(s, StateLabel)]
    asked = part.grasp or ({"ON": "open", "OFF": "close"}[labels[0]] if labels else None)
    return None if asked is None else {"open": 1.0, "close": 0.0}[asked]


def _point(
    target: StraightArrow | Crosshair | DualCrosshair, here: Array, camera: Camera, depth: Depth | None
) -> tuple[Array, bool]:
    """The point, and whether it lies on a surface."""
    if isinstance(target, StraightArrow) and set(target.colors) == {"blue"}:
        return _along(here, (0, 0, 1), target.end, camera), False
    if isinstance(target, DualCrosshair):
        first, second = (surface_point(pixel, camera, depth) for pixel in (target.start, target.end))
        return here + np.array([*(second - first)[:2], 0.0]), False
    pixel = target.end if isinstance(target, StraightArrow) else target.position
    return surface_point(pixel, camera, depth), True


def surface_point(pixel: tuple[int, int], camera: Camera, depth: Depth | None) -> Array:
    """Return the point (3,) that is seen at a pixel; its depth is the median around it."""
    if depth is None:
        raise NoMotion("the camera has no depth")
    x, y = pixel
    patch = depth[max(0, y - _PATCH) : y + _PATCH + 1, max(0, x - _PATCH) : x + _PATCH + 1]
    known = patch[np.isfinite(patch) & (patch > 0)]
    if not known.size:
        raise NoMotion(f"the camera has no depth at the target {list(pixel)}")
    return back_project(camera, (x + 0.5, y + 0.5), float(np.median(known)))


def _along(here: Array, axis: tuple[float, float, float], pixel: tuple[int, int], camera: Camera) -> Array:
    """The point on a line through `here` that is seen nearest to a pixel."""
    shares = np.linspace(-0.4, 0.4, 801)[:, None]
    line = here + shares * np.asarray(axis)
    away = np.linalg.norm(project(camera, line) - (np.asarray(pixel) + 0.5), axis=1)
    return np.asarray(line[int(np.nanargmin(away))])


def _nearest_arm(symbols: Sequence[Symbol], state: Vector, camera: Camera) -> str:
    """The arm whose tip is seen nearest to where the symbols begin."""
    starts = [
        getattr(s, "start", None) or getattr(s, "position", None) or getattr(s, "center", None)
        for s in symbols
    ]
    if not starts:
        raise NoMotion("the correction has neither a command nor a symbol")
    pixels = {arm: project(camera, tip(arm, state)[0]) for arm in ("left", "right")}
    return min(pixels, key=lambda arm: float(np.linalg.norm(pixels[arm] - np.asarray(starts[0]))))
