"""Point-based motion control: pixel, depth, point, grasp pose, joints, checked motion (paper section 4).

Each step is a function or a small protocol, so that a simulator or another robot brings its own: `Grasps`
(how to grasp), `Solve` (inverse kinematics) and `Check` (collisions). Whatever cannot be done is a NoMotion
that says why, and the supervisor holds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from ml.symbols import Command, Symbol
from robot.camera import Array
from robot.correction.grasping import GeometricGrasps, Grasps, Scene
from robot.correction.targets import Goal, NoMotion, goals
from robot.environment import ARMS, GRIPPERS, HEAD, Camera, Depth, Observation, Vector
from robot.kinematics import OutOfReach, downward, reach, tip, with_grip

HOVER: Final = 0.08
LIFT: Final = 0.10
_UP: Final = np.array([0.0, 0.0, 1.0])
_SPEED: Final = 0.9  # radians per second of the fastest joint
_GRIP_SECONDS: Final = 0.6
_CLOSED: Final = 0.15


class Solve(Protocol):
    """Inverse kinematics: joints of both arms (14,) that bring one arm's tip to a point, else OutOfReach."""

    def __call__(self, arm: str, state: Vector, point: Array, rotation: Array | None) -> Vector:
        """Solve from `state` on."""


Check = Callable[[Vector], str]
"""Takes a trajectory (n, 14); returns why it must not be made, or an empty text."""


@dataclass(frozen=True, slots=True)
class MotionRequest:
    """What a motion is planned from; symbols are in pixels of the head picture."""

    observation: Observation
    camera: Camera
    depth: Depth | None
    symbols: tuple[Symbol, ...]
    command: Command | None


def table_check(trajectory: Vector) -> str:
    """Refuse motions in which a tip goes through the table or the two tips come nearer than 8 cm."""
    for joints in trajectory[::5]:
        tips = {arm: tip(arm, joints)[0] for arm in ARMS}
        if any(point[2] < -0.005 for point in tips.values()):
            return "a gripper would go through the table"
        if np.linalg.norm(tips["left"] - tips["right"]) < 0.08:
            return "the two grippers would collide"
    return ""


@dataclass(frozen=True, slots=True)
class Steps:
    """The exchangeable steps of planning."""

    grasps: Grasps = field(default_factory=GeometricGrasps)
    solve: Solve = reach
    check: Check = table_check
    hertz: float = 50.0


def plan(
    request: MotionRequest, steps: Steps, patience: float, clock: Callable[[], float] = time.monotonic
) -> Vector:
    """Return joint targets (n, 14) at the control rate, or raise NoMotion within about `patience` seconds."""
    state, end = np.array(request.observation.state, np.float32), clock() + patience
    way = [state]
    for goal in goals(request.symbols, request.command, state, request.camera, request.depth):
        for joints in _waypoints(goal, way[-1], request, steps):
            if clock() > end:
                raise NoMotion(f"no motion was found within {patience:g} s")
            way.append(joints)
    trajectory = interpolate(way, steps.hertz)
    problem = steps.check(trajectory)
    if problem:
        raise NoMotion(problem)
    if clock() > end:
        raise NoMotion(f"no motion was found within {patience:g} s")
    return trajectory


def _waypoints(goal: Goal, state: Vector, request: MotionRequest, steps: Steps) -> list[Vector]:
    """Joints to pass through, one after another."""
    way: list[Vector] = []
    if goal.point is not None:
        way = _grasped(goal, state, request, steps) or _moved(goal, state, steps)
    last = way[-1] if way else state
    if goal.turn:
        last = np.array(last)
        last[ARMS[goal.arm].stop - 1] += goal.turn  # the wrist's own axis is along the fingers
        way.append(last)
    if goal.grip is not None:
        way.append(with_grip(last, goal.arm, goal.grip))
    return way


def _moved(goal: Goal, state: Vector, steps: Steps) -> list[Vector]:
    """To the point, from above it where it lies on a surface."""
    point = _point(goal)
    through = [point + HOVER * _UP, point] if goal.surface else [point]
    return _solved(goal.arm, state, [(each, None) for each in through], steps)


def _grasped(goal: Goal, state: Vector, request: MotionRequest, steps: Steps) -> list[Vector]:
    """From above to the grasp, close, lift; nothing where no grasp is wanted or to be had."""
    is_free = state[GRIPPERS[goal.arm]] > _CLOSED
    if not goal.surface or goal.grip == 1.0 or request.depth is None or not (is_free or goal.grip == 0.0):
        return []
    scene = Scene(request.observation.images[HEAD], request.depth, request.camera)
    grasp = steps.grasps.grasp(goal.arm, _point(goal), scene)
    if grasp is None:
        if goal.grip == 0.0:
            raise NoMotion("there is nothing to grasp at the target")
        return []
    opened, back = with_grip(state, goal.arm, 1.0), -HOVER * grasp.rotation[:, 0]
    down = _solved(
        goal.arm, opened, [(grasp.point + back, grasp.rotation), (grasp.point, grasp.rotation)], steps
    )
    closed = with_grip(down[-1], goal.arm, 0.0)
    lifted = _solved(goal.arm, closed, [(grasp.point + LIFT * _UP, grasp.rotation)], steps)
    return [opened, *down, closed, *lifted]


def _point(goal: Goal) -> Array:
    if goal.point is None:
        raise NoMotion("the correction shows no point to go to")
    return goal.point


def _solved(
    arm: str, state: Vector, poses: Sequence[tuple[Array, Array | None]], steps: Steps
) -> list[Vector]:
    way = []
    for point, rotation in poses:
        try:
            state = steps.solve(arm, state, point, downward(arm, 0.0) if rotation is None else rotation)
        except OutOfReach as error:
            raise NoMotion(f"the target is out of reach: {error}") from error
        way.append(state)
    return way


def interpolate(way: Sequence[Vector], hertz: float) -> Vector:
    """Return a smooth trajectory (n, 14) through joints, each part as long as its slowest joint needs."""
    parts = []
    for start, end in pairwise(way):
        moved = np.abs(end - start)
        gripped = moved[list(GRIPPERS.values())].max() * _GRIP_SECONDS
        arms = max(float(moved[part].max()) for part in ARMS.values())
        count = max(2, int(np.ceil(max(1.5 * arms / _SPEED, gripped) * hertz)))
        shares = np.arange(1, count + 1, dtype=np.float32) / count
        parts.append(start + (shares**2 * (3 - 2 * shares))[:, None] * (end - start))
    if not parts:
        raise NoMotion("the correction asks for no motion")
    trajectory: Vector = np.concatenate(parts).astype(np.float32)
    return trajectory
