"""What goes wrong in a trial: drawn from the seed, from a stream of its own, before anything is simulated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from robot.sim.layout import Task, stream

FailureType = Literal["gripper_6d_pose", "gripper_state", "task_planning", "human_intervention"]
FAILURE_TYPES: Final[tuple[FailureType, ...]] = get_args(FailureType)
Form = Literal[
    "beside",
    "turned",
    "stays_open",
    "opens_early",
    "stays_closed",
    "skips",
    "wrong_object",
    "moves",
    "in_the_way",
]
LABELS: Final[dict[FailureType, str]] = {
    "gripper_6d_pose": "gripper 6d-pose",
    "gripper_state": "gripper state",
    "task_planning": "task planning",
    "human_intervention": "human intervention",
}
"""The paper's names of the types, as annotations hold them (section 3.1)."""

_FORMS: Final[dict[FailureType, tuple[Form, ...]]] = {
    "gripper_6d_pose": ("beside", "beside", "turned"),
    "gripper_state": ("stays_open", "opens_early", "stays_closed"),
    "task_planning": ("skips",),
    "human_intervention": ("moves", "in_the_way"),
}


@dataclass(frozen=True, slots=True)
class Failure:
    """One failure: its type and form, the step of the task (from 0) that it hits, how far and which way.

    `offset` is metres on the table for a gripper that goes beside or an object that is moved; `turn` is
    radians for a gripper that is turned wrongly.
    """

    type: FailureType
    form: Form
    step: int
    offset: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0


def draw_failure(task: Task, kind: FailureType, seed: int, step: int | None = None) -> Failure:
    """Draw the failure of this type in the trial with this seed; `step` says which step it hits."""
    rng = stream(f"failure {kind}", task, seed)
    steps = 1 if task == "place_one" else 2
    form = _FORMS[kind][rng.integers(len(_FORMS[kind]))]
    drawn = 0 if kind == "task_planning" else int(rng.integers(steps))
    step = drawn if step is None else step
    if task == "pull_and_place" and step == 0:
        form = _of_a_handle(form)
    if form == "turned" and task != "place_one":
        form = "beside"  # only the stapler is too long to be taken whichever way the fingers are turned
    if kind == "task_planning" and task == "place_one":
        form = "wrong_object"
    away, angle = rng.uniform(0.075, 0.095), _sideways(rng)
    offset = (float(away * np.cos(angle)), float(away * np.sin(angle)))
    return Failure(kind, form, step, offset, float(rng.choice([-1, 1]) * rng.uniform(1.35, 1.55)))


def _of_a_handle(form: Form) -> Form:
    """A handle cannot be dropped, turned away or moved: what happens there instead."""
    instead: dict[Form, Form] = {
        "turned": "beside", "opens_early": "stays_open", "stays_closed": "stays_open", "moves": "in_the_way",
    }  # fmt: skip
    return instead.get(form, form)


def _sideways(rng: np.random.Generator) -> float:
    """An angle that a head camera can tell: not straight towards it or away, where height and depth mix."""
    angle = rng.uniform(-0.9, 0.9)
    return float(angle if rng.random() < 0.5 else angle + np.pi)
