"""Ways of a tip through the room, turned into joint targets at 50 Hz."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import numpy.typing as npt

from robot.camera import Array
from robot.environment import ARMS, Vector
from robot.kinematics import OutOfReach, pointing, reach, tip, with_grip

Motion = Iterator[Vector]

HERTZ: Final = 50
CRUISE, CAREFUL = 0.30, 0.13  # metres per second
_TURNING: Final = 1.5  # radians per second
_FASTEST: Final = 1.6  # radians per second of any joint
_SAMPLE: Final = 5  # ticks between two points that are solved for
_SETTLE: Final = 10  # ticks at the end of a way, for the arm to come there too


class Way:
    """Yields joint targets (14,), one a tick, from where the arms are; each is solved for when taken."""

    def __init__(self, state: Vector) -> None:
        self._joints: Vector = np.array(state, np.float32)

    def go(
        self, arm: str, point: npt.ArrayLike, rotation: Array | None = None, speed: float = CRUISE
    ) -> Motion:
        """Move a tip straight to a point (3,) and turn it meanwhile; what is out of reach is gone towards."""
        start, facing = tip(arm, self._joints)
        end = np.asarray(point, np.float64)
        turned = facing if rotation is None else rotation
        seconds = max(float(np.linalg.norm(end - start)) / speed, _angle(facing, turned) / _TURNING, 0.1)
        count = max(1, int(np.ceil(seconds * HERTZ / _SAMPLE)))
        for sample in range(1, count + 1):
            share = (sample / count) ** 2 * (3 - 2 * sample / count)
            try:
                joints = reach(
                    arm, self._joints, start + share * (end - start), turned, steps=40, tolerance=0.01
                )
            except OutOfReach:
                break
            yield from self._join(joints, _SAMPLE)
        yield from self.wait(_SETTLE / HERTZ)

    def _join(self, joints: Vector, least: int) -> Motion:
        """Go straight to joints, in so many ticks or as many as the fastest joint needs."""
        start, self._joints = self._joints, joints
        moved = float(np.abs(joints - start).max())
        count = max(least, int(np.ceil(moved / _FASTEST * HERTZ)))
        for tick in range(1, count + 1):
            yield start + np.float32(tick / count) * (joints - start)

    def grip(self, arm: str, share: float, seconds: float = 0.5) -> Motion:
        """Open (1) or close (0) a gripper, and give it time."""
        self._joints = with_grip(self._joints, arm, share)
        yield from self.wait(seconds)

    def turn(self, arm: str, radians: float) -> Motion:
        """Turn a wrist about its fingers."""
        end = np.array(self._joints)
        end[ARMS[arm].stop - 1] += radians
        yield from self._join(end, 1)

    def wait(self, seconds: float) -> Motion:
        """Stay."""
        for _ in range(round(seconds * HERTZ)):
            yield self._joints

    def home(self, arm: str) -> Motion:
        """Go back to where an arm begins."""
        side = 1 if arm == "left" else -1
        yield from self.go(arm, [-0.193 * side, 0.5, 0.30], pointing([side, 0, 0], [0, side, 0]))


def _angle(one: Array, other: Array) -> float:
    return float(np.arccos(np.clip((np.trace(one.T @ other) - 1) / 2, -1, 1)))
