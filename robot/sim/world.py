"""A trial's physics: arms that follow joint targets at 50 Hz, objects, a person's hand, the task's goal."""

from __future__ import annotations

from typing import Any, Final

import mujoco
import numpy as np
from numpy.typing import NDArray

from robot.sim.layout import Layout
from robot.sim.scene import ARMS, build

Array = NDArray[np.float64]

HERTZ: Final = 50
JOINTS: Final = 14
FINGER_CLOSED, FINGER_OPEN = 0.021, 0.057  # metres of a finger from the middle; the gripper's 0 and 1
HOME: Final = np.array([0, -0.96, 1.16, 0, -0.3, 0, 1.0] * 2)
_ARM_FINGERS: Final = {"left": 6, "right": 14}
_SETTLING: Final = 300  # physics steps before a trial begins
_REACH: Final = 0.075  # metres from the middle of a hand within which it is touched
_AWAY: Final = (0.0, -1.2, 0.25)


def to_model(action: Array) -> Array:
    """ALOHA's 14 joints (radians, grippers 0 to 1) as the model's 16 (fingers in metres)."""
    parts = []
    for arm in np.asarray(action, float).reshape(2, 7):
        finger = FINGER_CLOSED + np.clip(arm[6], 0, 1) * (FINGER_OPEN - FINGER_CLOSED)
        parts.append([*arm[:6], finger, -finger])
    return np.concatenate(parts)


def from_model(joints: Array) -> Array:
    """The model's 16 joints as ALOHA's 14."""
    arms = np.asarray(joints, float)[:16].reshape(2, 8)
    grip = (arms[:, 6:7] - FINGER_CLOSED) / (FINGER_OPEN - FINGER_CLOSED)
    return np.concatenate([arms[:, :6], grip], axis=1).ravel()


class World:
    """One trial. `tick` counts control periods of 20 ms since its beginning.

    `touched` turns true, for good, when an arm comes to a person's hand; the arms stop there.
    """

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.model = build(layout)
        self.data = mujoco.MjData(self.model)
        self.tick = 0
        self.touched = False
        self._steps = round(1 / HERTZ / self.model.opt.timestep)
        self._begin()

    def _begin(self) -> None:
        start = to_model(HOME)
        self.data.qpos[:16], self.data.ctrl[:16] = start, start
        for drawer, opening in self.layout.drawers.items():
            self.data.joint(drawer).qpos[0] = opening
        self.put_hand(_AWAY)
        for _ in range(_SETTLING):
            mujoco.mj_step(self.model, self.data)

    @property
    def time(self) -> float:
        """Seconds since the trial began."""
        return self.tick / HERTZ

    def act(self, action: Array) -> None:
        """Move towards joint targets (14,) for one control period."""
        if self.touched:
            action = from_model(self.data.ctrl[:16])
        self.data.ctrl[:16] = to_model(action)
        for _ in range(self._steps):
            mujoco.mj_step(self.model, self.data)
        self.tick += 1
        self.touched = self.touched or self._hand_is_touched()

    def state(self) -> Array:
        """Joints (14,), as ALOHA reports them."""
        return from_model(self.data.qpos)

    def velocity(self) -> Array:
        """Joint velocities (14,) per second."""
        arms = self.data.qvel[:16].reshape(2, 8)[:, :7].copy()
        arms[:, 6] /= FINGER_OPEN - FINGER_CLOSED
        return np.asarray(arms.ravel(), float)

    def asked(self) -> Array:
        """The joint targets (14,) that the arms follow now."""
        return from_model(self.data.ctrl)

    def effort(self) -> Array:
        """What the actuators give (14,), in newton metres, grippers in newton."""
        return np.asarray(self.data.actuator_force[:16].reshape(2, 8)[:, :7].ravel(), float)

    def tip(self, arm: str) -> Array:
        """Where an arm's finger tips meet (3,)."""
        return np.array(self.data.site(f"{arm}_tip").xpos)

    def tip_axes(self, arm: str) -> Array:
        """An arm's tip rotation (3, 3): x along the fingers, y across them."""
        return np.array(self.data.site(f"{arm}_tip").xmat).reshape(3, 3)

    def position(self, name: str) -> Array:
        """The middle of an object (3,), or a point of the cabinet such as `top_drawer_handle`."""
        place: Any = self.data.body(name) if name in self.layout.objects else self.data.site(name)
        return np.array(place.xpos)

    def yaw(self, name: str) -> float:
        """How an object is turned about the vertical, in radians."""
        axes = self.data.body(name).xmat.reshape(3, 3)
        return float(np.arctan2(axes[1, 0], axes[0, 0]))

    def opening(self, drawer: str) -> float:
        """How far a drawer is open, in metres."""
        return float(self.data.joint(drawer).qpos[0])

    def put_hand(self, at: Any, yaw: float = np.pi / 2) -> None:
        """Put the person's hand somewhere, its fingers pointing along `yaw`."""
        self.data.mocap_pos[0] = at
        self.data.mocap_quat[0] = [np.cos(yaw / 2), 0, 0, np.sin(yaw / 2)]

    def hand(self) -> Array:
        """The middle of the person's palm (3,)."""
        return np.array(self.data.mocap_pos[0])

    def put_object(self, name: str, at: Any) -> None:
        """Set an object down somewhere, at rest."""
        joint = self.data.joint(name)
        joint.qpos[:3] = at
        joint.qvel[:] = 0

    def _hand_is_touched(self) -> bool:
        fingers = self.hand() + self._hand_direction() * 0.05
        return any(np.linalg.norm(self.tip(arm) - fingers) < _REACH for arm in ARMS)

    def _hand_direction(self) -> Array:
        w, _, _, z = self.data.mocap_quat[0]
        yaw = 2 * np.arctan2(z, w)
        return np.array([np.cos(yaw), np.sin(yaw), 0.0])

    def held(self, arm: str, name: str) -> bool:
        """Whether an object hangs between an arm's fingers."""
        return bool(
            np.linalg.norm(self.position(name) - self.tip(arm)) < 0.04 and self.position(name)[2] > 0.045
        )

    def success(self) -> bool:
        """Whether the task's goal holds now."""
        return not self.touched and _GOALS[self.layout.task](self)


def _lies_in(world: World, name: str, place: Array, across: float, tall: float) -> bool:
    away = world.position(name) - place
    return bool(np.hypot(*away[:2]) < across and abs(away[2]) < tall)


def _stapler_in_drawer(world: World) -> bool:
    return _lies_in(world, "stapler", world.position("top_drawer_inside"), 0.09, 0.045)


def _both_in_bowls(world: World) -> bool:
    pairs = (("eraser", "pink_bowl"), ("red_cube", "blue_bowl"))
    return all(_lies_in(world, name, world.position(bowl), 0.05, 0.06) for name, bowl in pairs)


def _cube_in_drawer(world: World) -> bool:
    inside = world.position("bottom_drawer_inside")
    return world.opening("bottom_drawer") > 0.06 and _lies_in(world, "blue_cube", inside, 0.09, 0.05)


_GOALS: Final = {
    "place_one": _stapler_in_drawer,
    "place_two": _both_in_bowls,
    "pull_and_place": _cube_in_drawer,
}
