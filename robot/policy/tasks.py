"""The three tasks of the paper's experiments as their scripted policy does them (paper section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Carry:
    """Take a thing with one arm and let it go in a bowl or a drawer."""

    arm: str
    thing: str
    place: str


@dataclass(frozen=True, slots=True)
class Pull:
    """Take the bottom drawer's handle with one arm and pull it open."""

    arm: str


Step = Carry | Pull


@dataclass(frozen=True, slots=True)
class Task:
    """A task's steps and the prompt that asks for them."""

    prompt: str
    steps: tuple[Step, ...]


TASKS: Final = {
    "place_one": Task(
        "Use the left arm to place the stapler into the top drawer.",
        (Carry("left", "stapler", "top drawer"),),
    ),
    "place_two": Task(
        "Use the left arm to put the eraser into the pink bowl. "
        "Then use the right arm to put the red cube into the blue bowl.",
        (Carry("left", "eraser", "pink bowl"), Carry("right", "red cube", "blue bowl")),
    ),
    "pull_and_place": Task(
        "Use the right arm to pull the bottom drawer open. "
        "Then use the left arm to place the blue cube into the drawer.",
        (Pull("right"), Carry("left", "blue cube", "bottom drawer")),
    ),
}
