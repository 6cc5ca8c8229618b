"""The record of a rollout as it happens: what recorders and live pages subscribe to.

Every tick of the control loop is a `Step`; everything that is decided, asked, answered or refused is an
`Entry`. Subscribers are called in a thread of their own, in order, and may take their time: the loop does not
wait. Where one falls behind by more than its queue, steps are dropped and counted, entries never.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Literal, Protocol

from robot.environment import EnvironmentInfo, Observation, Vector

Control = Literal["policy", "correction", "operator", "hold"]
"""Who the action of a step came from."""


class Kind(StrEnum):
    """What an entry is about; in parentheses what its data holds."""

    ROLLOUT_STARTED = "rollout_started"  # rollout, task, mode, model, method, settings
    ROLLOUT_ENDED = "rollout_ended"  # outcome (success, truth), interventions, steps
    MODE = "mode"  # mode, and why another was refused
    CONTROL = "control"  # control, before, why
    QUERY = "query"  # query (number), frames (their times), deadline
    ANSWER = (
        "answer"  # query, seconds, failed, failure_type, command, symbols (raw form, pixels), errors, text
    )
    VLM_LOST = "vlm_lost"  # query, why, then (continue or hold)
    LATE_ANSWER = "late_answer"  # query, by (seconds)
    OVERLAY = "overlay"  # query, camera, size, symbols (raw form, pixels)
    CORRECTION_PROPOSED = "correction_proposed"  # correction, method, command, symbols, preview
    CORRECTION_STARTED = "correction_started"  # correction, method, prompt, by
    CORRECTION_ENDED = "correction_ended"  # correction, why
    POLICY_ASKED = "policy_asked"  # chunk (number), prompt
    POLICY_ANSWERED = "policy_answered"  # chunk, seconds
    POLICY_LOST = "policy_lost"  # chunk, why
    REFUSED = "refused"  # why: an action or an observation that the gate refused
    CLAMPED = "clamped"  # what: position, velocity, step
    OPERATOR = "operator"  # command, by
    TIMING = "timing"  # every second: p50, p99 and max of the loop's lateness, in seconds
    DROPPED = "dropped"  # steps that a slow subscriber missed


@dataclass(frozen=True, slots=True)
class Step:
    """One tick: what was seen, what was done, and who was in control.

    `index` counts ticks of a rollout from 0; `action` (14,) is what was sent, after the gate; `asked` what
    was wanted before it, or None; `late` is how many seconds after its time the tick began.
    """

    index: int
    time: float
    observation: Observation
    action: Vector | None
    asked: Vector | None
    control: Control
    why: str = ""
    clamped: tuple[str, ...] = ()
    late: float = 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened, at the robot's time; `data` is plain JSON, as `Kind` lists it."""

    time: float
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)


class Subscriber(Protocol):
    """Whoever keeps or shows a rollout."""

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """A rollout begins; it has an id that is never used again."""

    def on_step(self, step: Step) -> None:
        """Take one tick."""

    def on_entry(self, entry: Entry) -> None:
        """Take one entry; the first is ROLLOUT_STARTED, the last ROLLOUT_ENDED."""

    def end(self) -> None:
        """The rollout is over: what was kept becomes lasting."""
