"""The ViperX 300 of ALOHA without a simulator: where a fingertip is, and joints that bring it somewhere.

The arm as a product of exponentials, from the joint axes and link lengths of its public description; the tip
lies between the finger pads, its x along the fingers, its y across them. Base axes: x right, y forward, z up.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from robot.environment import ARMS, GRIPPERS, JOINTS, Vector

Array = npt.NDArray[np.float64]

_AXES: Final = np.array([[0, 0, 1], [0, 1, 0], [0, 1, 0], [1, 0, 0], [0, 1, 0], [1, 0, 0]], np.float64)
_ANCHORS: Final = np.array(
    [[0, 0, 0.079], [0, 0, 0.12705], [0.05955, 0, 0.42705], [0.25955, 0, 0.42705], [0.35955, 0, 0.42705],
     [0.429294, 0, 0.42705]]
)  # fmt: skip
_TIP: Final = np.array([0.567294, 0, 0.42705])
_BASES: Final = {
    "left": (np.array([-0.469, 0.5, 0.0]), np.eye(3)),
    "right": (np.array([0.469, 0.5, 0.0]), np.diag([-1.0, -1.0, 1.0])),
}
LOW: Final = np.array([-3.14158, -1.85005, -1.76278, -3.14158, -1.8675, -3.14158])
HIGH: Final = np.array([3.14158, 1.25664, 1.6057, 3.14158, 2.23402, 3.14158])
HOME: Final[Vector] = np.array([0, -0.96, 1.16, 0, -0.3, 0, 1.0] * 2, np.float32)


class OutOfReach(ValueError):  # noqa: N818  # a lack, not a fault
    """No joints within their limits bring the tip there."""


def _rotation(axis: Array, angle: float) -> Array:
    """Rodrigues' formula."""
    x, y, z = axis
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    turned: Array = np.eye(3) + np.sin(angle) * skew + (1 - np.cos(angle)) * skew @ skew
    return turned


def _chain(joints: Array) -> tuple[Array, Array, Array, Array]:
    """Tip and rotation in the arm's own base, and each joint's axis and anchor as they are turned now."""
    rotation, shift = np.eye(3), np.zeros(3)
    axes, anchors = np.empty((6, 3)), np.empty((6, 3))
    for index, (axis, anchor, angle) in enumerate(zip(_AXES, _ANCHORS, joints, strict=True)):
        axes[index], anchors[index] = rotation @ axis, rotation @ anchor + shift
        turn = _rotation(axis, angle)
        shift = rotation @ (anchor - turn @ anchor) + shift
        rotation = rotation @ turn
    return rotation @ _TIP + shift, rotation, axes, anchors


def tip(arm: str, state: npt.ArrayLike) -> tuple[Array, Array]:
    """Return an arm's tip (3,) in metres and its rotation (3, 3), from the joints of both arms (14,)."""
    base, turned = _BASES[arm]
    point, rotation, _, _ = _chain(np.asarray(state, np.float64)[ARMS[arm]])
    return turned @ point + base, turned @ rotation


def pointing(along: npt.ArrayLike, across: npt.ArrayLike) -> Array:
    """Return the rotation (3, 3) of a tip whose fingers point `along` and open `across` that."""
    x = np.asarray(along, np.float64)
    x = x / np.linalg.norm(x)
    y = np.asarray(across, np.float64)
    y = y - x * (x @ y)
    y = y / np.linalg.norm(y)
    return np.stack([x, y, np.cross(x, y)], axis=1)


def downward(arm: str, yaw: float) -> Array:
    """Return the rotation of fingers that point down and close across what is turned by `yaw` radians."""
    side = 1 if arm == "left" else -1
    return pointing([0, 0, -1], np.array([-np.sin(yaw), np.cos(yaw), 0]) * side)


def _turn_between(current: Array, wanted: Array) -> Array:
    """The rotation vector (3,) that brings one rotation to another."""
    turn = wanted @ current.T
    cosine = float(np.clip((np.trace(turn) - 1) / 2, -1, 1))
    angle = np.arccos(cosine)
    axis = np.array([turn[2, 1] - turn[1, 2], turn[0, 2] - turn[2, 0], turn[1, 0] - turn[0, 1]])
    norm = np.linalg.norm(axis)
    return np.zeros(3) if norm < 1e-9 else axis / norm * angle


def reach(
    arm: str,
    state: npt.ArrayLike,
    point: npt.ArrayLike,
    rotation: Array | None = None,
    tolerance: float = 0.003,
    steps: int = 120,
    turn_weight: float = 0.15,
) -> Vector:
    """Return joints of both arms (14,) that bring one arm's tip to a point (3,) in metres.

    Damped least squares from the joints of `state` on; the rotation counts for less than the point. Raises
    OutOfReach where the tip stays farther from the point than `tolerance` metres.
    """
    joints = np.array(state, np.float64)
    angles, (base, turned) = joints[ARMS[arm]], _BASES[arm]
    goal = turned.T @ (np.asarray(point, np.float64) - base)
    heading = None if rotation is None else turned.T @ rotation
    for _ in range(steps):
        here, facing, axes, anchors = _chain(angles)
        missing = goal - here
        rows, wanted = [np.cross(axes, here - anchors).T], [missing]
        if heading is not None:
            turn = _turn_between(facing, heading)
            rows, wanted = [*rows, turn_weight * axes.T], [*wanted, turn_weight * turn]
        if np.linalg.norm(missing) < tolerance / 10 and (heading is None or np.linalg.norm(turn) < 0.01):
            break
        jacobian, error = np.vstack(rows), np.concatenate(wanted)
        step = np.linalg.solve(jacobian.T @ jacobian + 1e-4 * np.eye(6), jacobian.T @ error)
        angles = np.clip(angles + np.clip(step, -0.2, 0.2), LOW, HIGH)
    away = float(np.linalg.norm(goal - _chain(angles)[0]))
    if away > tolerance:
        raise OutOfReach(f"the {arm} gripper stays {1000 * away:.0f} mm short of the point")
    joints[ARMS[arm]] = angles
    return joints.astype(np.float32)


def with_grip(state: npt.ArrayLike, arm: str, share: float) -> Vector:
    """Return joints (14,) with one gripper open by that share."""
    joints = np.array(state, np.float32).reshape(JOINTS)
    joints[GRIPPERS[arm]] = share
    return joints
