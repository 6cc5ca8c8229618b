"""The action gate between whoever wants the robot to move and the robot.

Refused: another shape, anything not finite, an observation or a head picture older than a limit. Clamped, in
this order: how far a target may be from where the joint is, how fast targets may change, where joints may be.
The gate is pure; it is software, and no safety-rated stop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from robot.environment import ARMS, HEAD, JOINTS, Observation, Vector

_PI: Final = float(np.pi)
_FAR: Final = 1e6  # beyond every limit, and still a float32
# Waist, shoulder, elbow, forearm roll, wrist angle, wrist rotate of the ViperX 300 6DOF, and the gripper's
# share; from the manufacturer's table of joint limits.
_LOW: Final = (-_PI, -1.85, -1.76, -_PI, -1.87, -_PI, 0.0)
_HIGH: Final = (_PI, 1.25, 1.61, _PI, 2.23, _PI, 1.0)


def _per_joint(arm: float, gripper: float) -> Vector:
    values = np.full(JOINTS, gripper, np.float32)
    for part in ARMS.values():
        values[part] = arm
    return values


@dataclass(frozen=True, slots=True)
class Limits:
    """What the gate allows; vectors are (14,), in the units of the joints.

    `velocity` is per second, `step` the farthest a target may be from the measured joint, `age` in seconds.
    """

    low: Vector = field(default_factory=lambda: np.array(_LOW * 2, np.float32))
    high: Vector = field(default_factory=lambda: np.array(_HIGH * 2, np.float32))
    velocity: Vector = field(default_factory=lambda: _per_joint(_PI, 8.0))
    step: Vector = field(default_factory=lambda: _per_joint(0.6, 1.0))
    age: float = 0.2


@dataclass(frozen=True, slots=True)
class Passed:
    """What the gate let through: the action (14,) and which limits changed it."""

    action: Vector
    clamped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Refused:
    """Nothing is let through, and why."""

    why: str


def check_observation(observation: Observation, now: float, limits: Limits) -> str:
    """Return why nothing may be decided on this observation, or an empty text."""
    if observation.state.shape != (JOINTS,) or not np.isfinite(observation.state).all():
        return "the observation's state is not 14 finite numbers"
    if HEAD not in observation.images:
        return f"the observation has no picture of {HEAD}"
    for what, then in (("observation", observation.time), ("head picture", observation.image_time(HEAD))):
        if not now - then <= limits.age:
            return f"the {what} is {now - then:.3f} s old; the limit is {limits.age:g} s"
    return ""


def check_action(
    action: object, state: Vector, last: Vector, period: float, limits: Limits
) -> Passed | Refused:
    """Pass an action on, clamped, or refuse it.

    `state` is the measured joints, `last` what was sent before, `period` the seconds between two actions.
    What passes is always within position limits, and within velocity limits wherever `last` was within them.
    """
    wanted = action if isinstance(action, np.ndarray) else np.asarray(None)
    if wanted.shape != (JOINTS,) or wanted.dtype.kind not in "fiu":
        return Refused(f"an action must be ({JOINTS},) numbers, not {wanted.dtype} {wanted.shape}")
    if not (np.isfinite(wanted).all() and np.isfinite(state).all()):
        return Refused("an action and the measured state must be finite")
    target, clamped = np.clip(wanted, -_FAR, _FAR).astype(np.float32), []
    reach = np.float32(period) * limits.velocity
    for name, low, high in (
        ("step", state - limits.step, state + limits.step),
        ("velocity", last - reach, last + reach),
        ("position", limits.low, limits.high),
    ):
        bounded = np.clip(target, low, high)
        if (bounded != target).any():
            clamped.append(name)
        target = bounded
    return Passed(target, tuple(clamped))
