"""Where two people, or a person and a model, tell the same facts."""

from typing import Any

from apps.annotation.facts import Facts
from apps.review.comparison import KEYFRAME_TOLERANCE, Clock


def shared(one: Facts, other: Facts, clock: Clock) -> dict[str, bool]:
    """For each fact that both tell, whether they tell the same; frames within a second are the same."""
    return {name: _same(name, value, other[name], clock) for name, value in one.items() if name in other}


def _same(name: str, one: Any, other: Any, clock: Clock) -> bool:
    if name.endswith("_frame"):
        return abs(clock.seconds(one) - clock.seconds(other)) <= KEYFRAME_TOLERANCE
    return one == other
