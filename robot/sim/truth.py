"""A trial's ground truth, gathered while it runs: frames, subtask, what went wrong, what is right."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from robot.environment import Camera
from robot.sim.failures import LABELS, Failure
from robot.sim.guidance import Advice, Adviser, Guidance
from robot.sim.world import World

Side = Literal["avoidance", "correction"]


@dataclass
class FailureEvent:
    """One failure as it happened; a side is missing where the trial ended before it."""

    failure: Failure
    subtask: int
    reason: str
    sides: dict[Side, Guidance] = field(default_factory=dict)


@dataclass
class Witness:
    """Writes down what is true at a moment; the script says when."""

    world: World
    camera: Camera
    events: list[FailureEvent] = field(default_factory=list)

    def begin(self, failure: Failure, subtask: int, reason: str) -> None:
        """A failure begins in this subtask (from 1)."""
        self.events.append(FailureEvent(failure, subtask, reason))

    def adviser(self, arm: str) -> Adviser:
        """Whoever knows what this arm should do now."""
        return Adviser(self.camera, arm, self.world.tip(arm))

    def note(self, side: Side, advice: Advice, sentence: str) -> None:
        """Keep what is right now for one keyframe of the failure that was begun last."""
        command, symbols = advice
        self.events[-1].sides[side] = Guidance(self.world.tick, command, symbols, sentence)

    def document(self, ticks_per_frame: int) -> dict[str, Any]:
        """Return an annotation's document, as the site keeps it."""
        outcome = "successful" if self.world.success() else "failed"
        events = [
            _event_document(f"event-{number}", event, ticks_per_frame)
            for number, event in enumerate(self.events, start=1)
        ]
        return {"outcome": outcome, "note": "", "events": events if outcome == "failed" else []}


def _event_document(name: str, event: FailureEvent, ticks_per_frame: int) -> dict[str, Any]:
    empty: dict[str, Any] = {"frame": None, "command": None, "symbols": [], "high_level": ""}
    sides = {
        side: event.sides[side].to_document(ticks_per_frame, name, side)
        if side in event.sides
        else dict(empty)
        for side in ("avoidance", "correction")
    }
    kind = LABELS[event.failure.type]
    return {"id": name, "subtask": event.subtask, "failure_type": kind, "reason": event.reason, **sides}
