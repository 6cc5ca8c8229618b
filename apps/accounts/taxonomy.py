"""The default taxonomy (paper, section 3.1) and embodiment profile, and the check of another profile."""

import re
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

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
# An arm may be called left or right, as the paper's are; the other words of a command would be misread.
GRAMMAR_WORDS = {
    *("up", "upward", "down", "downward", "forward", "backward", "clockwise", "still", "hold"),
    *("open", "close", "move", "rotate", "gripper", "arm", "both"),
}
IMAGE_DIRECTIONS = ("up", "down", "left", "right")


def _check_names(field: str, names: Any) -> None:
    """Arms and cameras are said in commands and become names of files: short words, each once."""
    good = isinstance(names, list) and names and all(isinstance(n, str) and NAME.fullmatch(n) for n in names)
    if not good or len(set(names)) != len(names):
        raise invalid(
            f"{field} is a list of different names of at most 32 small letters, digits and _.",
            code="invalid_embodiment",
        )
    misread = ", ".join(sorted(set(names) & GRAMMAR_WORDS))
    if field == "arms" and misread:
        raise invalid(
            f"An arm cannot be called {misread}: commands use that word.", code="invalid_embodiment"
        )


def embodiment_check(profile: Any) -> dict[str, Any]:
    """`profile` completed with the defaults; raises `invalid_embodiment` and names the valid choices."""
    if not isinstance(profile, dict) or set(profile) - set(PAPER_EMBODIMENT):
        raise invalid(
            f"An embodiment profile has the fields {', '.join(PAPER_EMBODIMENT)}.", code="invalid_embodiment"
        )
    full = {**PAPER_EMBODIMENT, **profile}
    for field in ("arms", "cameras"):
        _check_names(field, full[field])
    for field in ("joint_unit", "gripper_unit"):
        if not isinstance(full[field], str) or not full[field]:
            raise invalid(f"{field} is a unit's name.", code="invalid_embodiment")
    view = full["view"]
    if (
        not isinstance(view, dict)
        or set(view) != {"forward", "left", "up"}
        or any(direction is not None and direction not in IMAGE_DIRECTIONS for direction in view.values())
    ):
        directions = ", ".join(IMAGE_DIRECTIONS)
        raise invalid(
            f"view says for forward, left and up which image direction it is: {directions}, or null.",
            code="invalid_embodiment",
        )
    return full
