"""The three tasks of the paper (section 4.3): what they ask in words, and the steps that do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from robot.sim.layout import Task

OBJECT_WORDS: Final = {
    "stapler": "stapler", "eraser": "eraser", "red_cube": "red cube", "blue_cube": "blue cube",
    "pink_bowl": "pink bowl", "blue_bowl": "blue bowl", "top_drawer": "top drawer",
    "bottom_drawer": "bottom drawer",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Carry:
    """Take an object with one arm and let it go at a bowl or in a drawer."""

    arm: str
    object: str
    target: str

    @property
    def subtasks(self) -> tuple[str, ...]:
        """What the step consists of, as an annotator is told."""
        thing, place = OBJECT_WORDS[self.object], OBJECT_WORDS[self.target]
        return (
            f"Move the {self.arm} gripper above the {thing} and align it",
            f"Grasp the {thing} with the {self.arm} gripper",
            f"Move the {thing} above the {place}",
            f"Release the {thing} into the {place}",
        )


@dataclass(frozen=True, slots=True)
class Pull:
    """Take a drawer's handle with one arm and pull the drawer open."""

    arm: str
    object: str

    @property
    def subtasks(self) -> tuple[str, ...]:
        """What the step consists of."""
        thing = OBJECT_WORDS[self.object]
        return (
            f"Move the {self.arm} gripper to the {thing}'s handle and align it",
            f"Grasp the {thing}'s handle with the {self.arm} gripper",
            f"Pull the {thing} open",
        )


Step = Carry | Pull


@dataclass(frozen=True, slots=True)
class TaskText:
    """A task as the policy is prompted and the project states it."""

    prompt: str
    steps: tuple[Step, ...]

    @property
    def subtasks(self) -> tuple[str, ...]:
        """All subtasks, in order."""
        return tuple(text for step in self.steps for text in step.subtasks)

    def first_subtask(self, step: int) -> int:
        """The number, from 1, of a step's first subtask."""
        return 1 + sum(len(each.subtasks) for each in self.steps[:step])


TASK_TEXTS: Final[dict[Task, TaskText]] = {
    "place_one": TaskText(
        "Use the left arm to place the stapler into the top drawer.",
        (Carry("left", "stapler", "top_drawer"),),
    ),
    "place_two": TaskText(
        "Use the left arm to put the eraser into the pink bowl. "
        "Then use the right arm to put the red cube into the blue bowl.",
        (Carry("left", "eraser", "pink_bowl"), Carry("right", "red_cube", "blue_bowl")),
    ),
    "pull_and_place": TaskText(
        "Use the right arm to pull the bottom drawer open. "
        "Then use the left arm to place the blue cube into the drawer.",
        (Pull("right", "bottom_drawer"), Carry("left", "blue_cube", "bottom_drawer")),
    ),
}
