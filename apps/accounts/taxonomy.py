"""The default taxonomy (paper, section 3.1) and embodiment profile, and the check of another profile."""

from typing import Any

from apps.core.errors import invalid

PAPER_TAXONOMY: dict[str, Any] = {
    "version": "paper-1",
    "failure_types": [
        {
            "id": "task planning",
            "label": "Task planning",
            "help": "The plan is wrong: wrong object, place or order.",
        },
        {
            "id": "gripper 6d-pose",
            "label": "Gripper 6D-pose",
            "help": "The gripper is at the wrong place or turned wrongly.",
        },
        {
            "id": "gripper state",
            "label": "Gripper state",
            "help": "The gripper is open or closed when it should not be.",
        },
        {
            "id": "human intervention",
            "label": "Human intervention",
            "help": "A person is in the way or changed the scene.",
        },
    ],
    "magnitudes": ["slightly", "significantly"],
    "symbols": ["move_arrow", "rotate_arrow", "crosshair", "dual_crosshair", "state", "lock", "rewind"],
}

PAPER_EMBODIMENT: dict[str, Any] = {
    "arms": ["left", "right"],
    "cameras": ["cam_high", "cam_left_wrist", "cam_right_wrist"],
    "joint_unit": "rad",
    "gripper_unit": "m",
    "view": {"forward": "up", "left": "left", "up": "up"},
}

IMAGE_DIRECTIONS = ("up", "down", "left", "right")


def embodiment_check(profile: Any) -> dict[str, Any]:
    """`profile` completed with the defaults; raises `invalid_embodiment` and names the valid choices."""
    if not isinstance(profile, dict) or set(profile) - set(PAPER_EMBODIMENT):
        raise invalid(
            f"An embodiment profile has the fields {', '.join(PAPER_EMBODIMENT)}.", code="invalid_embodiment"
        )
    full = {**PAPER_EMBODIMENT, **profile}
    for field in ("arms", "cameras"):
        names = full[field]
        if not isinstance(names, list) or not names or not all(isinstance(n, str) and n for n in names):
            raise invalid(f"{field} is a list of one or more names.", code="invalid_embodiment")
    for field in ("joint_unit", "gripper_unit"):
        if not isinstance(full[field], str) or not full[field]:
            raise invalid(f"{field} is a unit's name.", code="invalid_embodiment")
    view = full["view"]
    if (
        not isinstance(view, dict)
        or set(view) != {"forward", "left", "up"}
        or any(direction not in IMAGE_DIRECTIONS for direction in view.values())
    ):
        raise invalid(
            f"view says for forward, left and up which image direction it is: {', '.join(IMAGE_DIRECTIONS)}.",
            code="invalid_embodiment",
        )
    return full
