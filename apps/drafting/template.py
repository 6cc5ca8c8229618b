"""Drafts without a model: sentences put together from what stages 1 and 2 say.

They hold no more than the annotator already said, so they are a start to be rewritten, and the page says so.
"""

import re
from typing import Any

from apps.annotation.checks import chosen_subtask
from apps.annotation.guidance import Guidance
from ml.symbols import (
    Crosshair,
    DualCrosshair,
    Lock,
    Rewind,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    Symbol,
)

VERSION = "template-1"
AFTER = re.compile(r"[.;]\s|,?\s(?:and\s)?then\s|,\sand\s|,?\sfollowed by\s", re.IGNORECASE)

CAUSES = {
    "task planning": "the plan was wrong: the robot went for the wrong object, place or order of steps",
    "gripper 6d-pose": "the gripper was not at the position or orientation that the step needed",
    "gripper state": "the gripper was open or closed at the wrong moment",
    "human intervention": "somebody entered the scene or moved something while the robot was at work",
}

MEANINGS: dict[type, str] = {
    StraightArrow: "follow the arrow",
    RotatingArrow: "turn the gripper as the rotating arrow shows",
    DualCrosshair: "align the two marked points",
    Crosshair: "aim at the marked point",
    Lock: "keep the marked arm still",
    Rewind: "take the marked arm back to where it was",
}


def texts(*, event: dict[str, Any], guidance: dict[str, Guidance], subtasks: list[str]) -> dict[str, str]:
    """Reason, high-level avoidance and high-level correction of one failure event."""
    step = chosen_subtask(event, subtasks).rstrip(".")
    return {
        "reason": _reason(event["failure_type"], step),
        "avoidance": _advice("Before the failure", guidance["avoidance"]),
        "correction": _advice("After the failure", guidance["correction"], then=_again(step)),
    }


def subtasks(description: str) -> list[str]:
    """A task's description cut where it says that one thing comes after another; nothing is understood."""
    steps = [step.strip(" .,") for step in AFTER.split(description)]
    return [f"{step[0].upper()}{step[1:]}." for step in steps if step]


def _reason(failure_type: str | None, step: str) -> str:
    cause = CAUSES.get(failure_type or "", failure_type or "the cause is not chosen yet")
    where = f"The step “{step}” failed" if step else "The task failed"
    return f"{where} because {cause}."


def _advice(when: str, guidance: Guidance, then: str = "") -> str:
    parts = list(dict.fromkeys(_meaning(symbol) for symbol in guidance.symbols))
    text = guidance.low_level.rstrip(".")
    if text:
        parts.insert(0, text[0].lower() + text[1:])
    todo = "; ".join(parts) or "nothing is chosen yet"
    return f"{when}: {todo}.{then}"


def _meaning(symbol: Symbol) -> str:
    if isinstance(symbol, StateLabel):
        return "have the gripper open" if symbol.text == "ON" else "have the gripper closed"
    return MEANINGS[type(symbol)]


def _again(step: str) -> str:
    return f" Then do “{step}” again." if step else " Then go on with the task."
