"""Both arms' inverse kinematics at 50 Hz: tip poses in, ALOHA's 14 joint targets out (mink, differential)."""

from __future__ import annotations

from typing import Final

import mink
import numpy as np

from robot.sim.scene import ARMS, build
from robot.sim.world import HERTZ, HOME, Array, from_model, to_model

_FASTEST: Final = 2.5  # radians per second
Pose = mink.SE3
Rotation = mink.SO3


def pointing(along: object, across: object) -> Rotation:
    """The tip's rotation whose fingers point `along`, and open and close `across` that."""
    x = np.asarray(along, float)
    x = x / np.linalg.norm(x)
    y = np.asarray(across, float)
    y = y - x * (x @ y)
    y = y / np.linalg.norm(y)
    return mink.SO3.from_matrix(np.stack([x, y, np.cross(x, y)], 1))


class Kinematics:
    """Follows a target pose of each arm's tip; `joints` (14,) is where that leads now."""

    def __init__(self, joints: Array = HOME) -> None:
        self._model = build(None)
        self._at = mink.Configuration(self._model)
        self._at.update(to_model(joints))
        self._frames = {
            arm: mink.FrameTask(
                f"{arm}_tip", "site", position_cost=1.0, orientation_cost=0.15, lm_damping=1e-3
            )
            for arm in ARMS
        }
        self._posture = mink.PostureTask(self._model, cost=2e-3)
        self._posture.set_target(to_model(HOME))
        self._limits = [mink.ConfigurationLimit(self._model)]
        self.targets = {arm: self.tip(arm) for arm in ARMS}
        self.grip = dict(zip(ARMS, np.asarray(joints)[[6, 13]], strict=True))

    def tip(self, arm: str) -> Pose:
        """Where the followed arm's tip is."""
        return self._at.get_transform_frame_to_world(f"{arm}_tip", "site")

    def start_from(self, joints: Array) -> None:
        """Go on from these joints (14,), their tips as the targets."""
        self._at.update(to_model(joints))
        self.targets = {arm: self.tip(arm) for arm in ARMS}
        self.grip = dict(zip(ARMS, np.asarray(joints)[[6, 13]], strict=True))

    def follow(self) -> Array:
        """One control period towards the targets; returns the joints (14,) to ask for."""
        for arm in ARMS:
            self._frames[arm].set_target(self.targets[arm])
        tasks = [*self._frames.values(), self._posture]
        speed = mink.solve_ik(self._at, tasks, 1 / HERTZ, "daqp", damping=1e-4, limits=self._limits)
        self._at.integrate_inplace(np.clip(speed, -_FASTEST, _FASTEST), 1 / HERTZ)
        joints = from_model(self._at.q)
        joints[[6, 13]] = [self.grip[arm] for arm in ARMS]
        self._at.update(to_model(joints))
        return joints
