"""The facts of an annotation that somebody else can say too: another annotator, or a model."""

from typing import Any

from apps.annotation.document import SIDES, Document
from apps.review.comparison import KEYFRAME_TOLERANCE, Clock

Facts = dict[str, Any]


def facts_of(document: Document) -> Facts:
    """Outcome, and of the first failure event type, subtask, and each keyframe's frame and command."""
    facts: Facts = {"outcome": document["outcome"]}
    if document["outcome"] != "failed" or not document["events"]:
        return facts
    event = document["events"][0]
    facts |= {"failure_type": event["failure_type"], "subtask": event["subtask"]}
    facts |= {f"{side}_frame": event[side]["frame"] for side in SIDES}
    facts |= {f"{side}_command": event[side]["command"] for side in SIDES}
    return {name: value for name, value in facts.items() if value is not None}


def shared(one: Facts, other: Facts, clock: Clock) -> dict[str, bool]:
    """For each fact that both tell, whether they tell the same; frames within a second are the same."""
    return {name: _same(name, value, other[name], clock) for name, value in one.items() if name in other}


def _same(name: str, one: Any, other: Any, clock: Clock) -> bool:
    if name.endswith("_frame"):
        return abs(clock.seconds(one) - clock.seconds(other)) <= KEYFRAME_TOLERANCE
    return one == other
