"""Ways of a tip through the room, turned into joint targets at 50 Hz."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from robot.camera import Array
from robot.environment import GRIPPERS, Vector
from robot.kinematics import OutOfReach, pointing, reach, tip

HERTZ: Final = 50
CRUISE, CAREFUL = 0.30, 0.13  # metres per second
_TURNING: Final = 1.5  # radians per second
_SAMPLE: Final = 5  # ticks between two points that are solved for
_SETTLE: Final = 10  # ticks at the end of a way, for the arm to come there too


class Way:
    """Gathers joint targets (14,), one a tick, from where the arms are now on."""

    def __init__(self, state: Vector) -> None:
        self._joints: Vector = np.array(state, np.float32)
        self.targets: list[Vector] = []

    def go(
        self, arm: str, point: npt.ArrayLike, rotation: Array | None = None, speed: float = CRUISE
    ) -> None:
        """Move a tip straight to a point (3,) and turn it meanwhile; what is out of reach is gone towards."""
        start, facing = tip(arm, self._joints)
        end = np.asarray(point, np.float64)
        turned = facing if rotation is None else rotation
        seconds = max(float(np.linalg.norm(end - start)) / speed, _angle(facing, turned) / _TURNING, 0.1)
        count = max(1, int(np.ceil(seconds * HERTZ / _SAMPLE)))
        for sample in range(1, count + 1):
            share = (sample / count) ** 2 * (3 - 2 * sample / count)
            if not self._solve(arm, start + share * (end - start), turned):
                break
        self.wait(_SETTLE / HERTZ)

    def _solve(self, arm: str, point: Array, rotation: Array) -> bool:
        try:
            joints = reach(arm, self._joints, point, rotation, steps=40, tolerance=0.01)
        except OutOfReach:
            return False
        shares = np.arange(1, _SAMPLE + 1, dtype=np.float32)[:, None] / _SAMPLE
        self.targets += list(self._joints + shares * (joints - self._joints))
        self._joints = joints
        return True

    def grip(self, arm: str, share: float, seconds: float = 0.5) -> None:
        """Open (1) or close (0) a gripper, and give it time."""
        self._joints = np.array(self._joints)
        self._joints[GRIPPERS[arm]] = share
        self.wait(seconds)

    def turn(self, arm: str, radians: float) -> None:
        """Turn a wrist about its fingers."""
        wrist = 5 if arm == "left" else 12
        end = np.array(self._joints)
        end[wrist] += radians
        count = max(1, int(abs(radians) / _TURNING * HERTZ))
        shares = np.arange(1, count + 1, dtype=np.float32)[:, None] / count
        self.targets += list(self._joints + shares * (end - self._joints))
        self._joints = end

    def wait(self, seconds: float) -> None:
        """Stay."""
        self.targets += [self._joints] * round(seconds * HERTZ)

    def home(self, arm: str) -> None:
        """Go back to where an arm begins."""
        side = 1 if arm == "left" else -1
        self.go(arm, [-0.193 * side, 0.5, 0.30], pointing([side, 0, 0], [0, side, 0]))


def _angle(one: Array, other: Array) -> float:
    return float(np.arccos(np.clip((np.trace(one.T @ other) - 1) / 2, -1, 1)))
