"""The facts of an annotation that somebody else can say too: another annotator, or a model."""

from typing import Any

from apps.annotation.document import SIDES, Document

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
