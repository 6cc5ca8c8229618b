"""What an arm can be told: reach, grip, wait, go home. Each yields one action (14,) for a control period."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from robot.sim.kinematics import Kinematics, Pose, Rotation, pointing
from robot.sim.world import HERTZ, Array, World

Motion = Iterator[Array]

CRUISE, CAREFUL = 0.35, 0.15  # metres per second
_TURNING: Final = 1.5  # radians per second
_NEAR: Final = 0.006
_SETTLE, _PATIENCE = 0.15, 4.0  # seconds


class Hands:
    """Both grippers of a world. A motion that is not reached in time ends; the script goes on regardless."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.kinematics = Kinematics(world.state())

    def reach(self, arm: str, to: Any, rotation: Rotation | None = None, speed: float = CRUISE) -> Motion:
        """Move the tip to a point (3,) in metres, smoothly, and turn it meanwhile."""
        start = self.kinematics.targets[arm]
        rotation = start.rotation() if rotation is None else rotation
        to = np.asarray(to, float)
        turn = (start.rotation().inverse() @ rotation).log()
        way = to - start.translation()
        seconds = max(float(np.linalg.norm(way)) / speed, float(np.linalg.norm(turn)) / _TURNING, 0.1)
        steps = int(np.ceil(seconds * HERTZ))
        for step in range(1, steps + 1):
            share = (step / steps) ** 2 * (3 - 2 * step / steps)
            turned = start.rotation() @ Rotation.exp(turn * share)
            self.kinematics.targets[arm] = Pose.from_rotation_and_translation(
                turned, start.translation() + way * share
            )
            yield self.kinematics.follow()
        yield from self._settle(arm, to)

    def _settle(self, arm: str, to: Array) -> Motion:
        for waited in range(round(_PATIENCE * HERTZ)):
            if waited >= _SETTLE * HERTZ and np.linalg.norm(self.world.tip(arm) - to) < _NEAR:
                return
            yield self.kinematics.follow()

    def grip(self, arm: str, amount: float, seconds: float = 0.5) -> Motion:
        """Open (1) or close (0) a gripper."""
        self.kinematics.grip[arm] = amount
        yield from self.wait(seconds)

    def wait(self, seconds: float) -> Motion:
        """Keep everything where it is."""
        for _ in range(round(seconds * HERTZ)):
            yield self.kinematics.follow()

    def home(self, arm: str) -> Motion:
        """Go back to where the arm began."""
        side = 1 if arm == "left" else -1
        yield from self.reach(arm, [-0.193 * side, 0.5, 0.30], pointing([side, 0, 0], [0, side, 0]))


def downward(arm: str, yaw: float) -> Rotation:
    """Fingers pointing down, closing across an object that is turned by `yaw`."""
    side = 1 if arm == "left" else -1
    return pointing([0, 0, -1], np.array([-np.sin(yaw), np.cos(yaw), 0]) * side)
