"""Drawn episodes with a known truth: a robot is to put a cube into a tray, and does or fails, in four ways.

The pictures are plain enough for a tiny model: two grippers, a cube and a tray, seen from above (up in the
picture is forward, left is left, as in the paper's head camera). An episode's truth is what was drawn.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageDraw

from ml.symbols import ArmCommand, Command, Crosshair, Lock, Move, Rewind, StateLabel, StraightArrow, Symbol
from ml.symbols.commands import AXIS_COLORS, AXIS_OF, Direction

SIDE: Final = 96  # pixels; nine tokens of a Qwen3-VL
FPS: Final = 25
COLORS: Final = {
    "red": (210, 40, 40),
    "green": (40, 170, 60),
    "blue": (50, 80, 220),
    "yellow": (230, 200, 40),
    "purple": (150, 60, 180),
}
ARMS: Final = ("left", "right")
KINDS: Final = ("gripper 6d-pose", "gripper state", "task planning", "human intervention")
SUBTASKS: Final = ("Reach the cube.", "Grasp the cube.", "Carry it to the tray.")
FAILED_SUBTASK: Final = {
    "gripper 6d-pose": 1,
    "gripper state": 2,
    "task planning": 1,
    "human intervention": 3,
}
REASONS: Final = {
    "gripper 6d-pose": "The gripper came down beside the cube and closed on nothing.",
    "gripper state": "The gripper stood over the cube but did not close.",
    "task planning": "The robot went to the tray without the cube.",
    "human intervention": "A hand reached into the scene and covered the cube.",
}
TABLE, TRAY, HAND = (120, 112, 104), (235, 235, 235), (240, 190, 160)
GRIPPERS: Final = {"left": (0, 0, 0), "right": (30, 30, 70)}
OFFSET: Final = 24  # pixels by which a gripper misses
Point = tuple[int, int]
# Where a gripper stands that has to move in a direction, seen from the cube.
DIRECTIONS: Final[dict[Direction, Point]] = {
    "left": (1, 0),
    "right": (-1, 0),
    "forward": (0, 1),
    "backward": (0, -1),
}
HOMES: Final[dict[str, Point]] = {"left": (16, 84), "right": (80, 84)}
TRAY_AT: Final[Point] = (48, 14)


@dataclass(frozen=True, slots=True)
class Moment:
    """What one picture shows: the working gripper and the cube, and whether a hand is there."""

    gripper: Point
    closed: bool
    cube: Point
    hand: bool = False


@dataclass(frozen=True, slots=True)
class Guidance:
    """At which moment, what to do, and the symbols that say so, in pixels."""

    moment: int
    command: Command
    symbols: tuple[Symbol, ...]
    text: str


@dataclass(frozen=True, slots=True)
class DrawnEpisode:
    """One episode: a picture a second, and its truth. `kind` is empty where it succeeds."""

    color: str
    arm: str
    kind: str
    moments: tuple[Moment, ...]
    avoidance: Guidance | None
    correction: Guidance | None
    seed: int

    @property
    def task(self) -> str:
        """The task's description."""
        return f"Put the {self.color} cube into the tray with the {self.arm} gripper."

    def pictures(self) -> Iterator[Image.Image]:
        """Yield the pictures, each 96x96 and with some noise that is its own."""
        noise = np.random.default_rng(self.seed)
        for moment in self.moments:
            pixels = np.asarray(_draw(self, moment), np.int16) + noise.integers(-8, 9, (SIDE, SIDE, 1))
            yield Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def draw_episode(color: str, arm: str, kind: str, seed: int) -> DrawnEpisode:
    """Return the episode of a task that ends as `kind` says; the same seed gives the same episode."""
    chance = random.Random(f"{seed}/{color}/{arm}/{kind}")  # noqa: S311  # no secret
    cube = (chance.randint(34, 62), chance.randint(40, 60))
    missed = chance.choice(tuple(DIRECTIONS))
    before = [Moment(HOMES[arm], False, cube)] * chance.randint(1, 3)
    end, correction = _course(kind, cube, missed)
    guidance = _guidance(kind, arm, cube, missed)
    avoid, correct = len(before) + end.index(correction) - 1, len(before) + end.index(correction)
    first, second = guidance or (None, None)
    return DrawnEpisode(
        color,
        arm,
        kind,
        (*before, *end),
        Guidance(avoid, *first) if first else None,
        Guidance(correct, *second) if second else None,
        chance.randrange(1 << 30),
    )


def _course(kind: str, cube: Point, missed: Direction) -> tuple[list[Moment], Moment]:
    """What happens after the start, and the moment at which a failure is to be corrected."""
    reached, held = Moment(cube, False, cube), Moment(cube, True, cube)
    done = Moment(TRAY_AT, False, TRAY_AT)
    if kind == "gripper 6d-pose":
        beside = _beside(cube, missed)
        wrong = Moment(beside, True, cube)
        return [Moment(beside, False, cube), wrong, wrong], wrong
    if kind == "gripper state":
        late = Moment((cube[0], cube[1] - 4), False, cube)
        return [reached, late, late], late
    if kind == "task planning":
        empty = Moment(TRAY_AT, True, cube)
        return [Moment((cube[0], 30), True, cube), empty, empty], empty
    if kind == "human intervention":
        taken = Moment(cube, False, cube, hand=True)
        return [reached, taken, taken], taken
    return [reached, held, done], held


Said = tuple[Command, tuple[Symbol, ...], str]


def _guidance(kind: str, arm: str, cube: Point, missed: Direction) -> tuple[Said, Said] | None:
    """What would have avoided the failure, and what corrects it."""
    if kind == "gripper 6d-pose":
        toward = _towards(arm, cube, missed)
        return toward, toward
    back = _say(ArmCommand(arm, back=True), Rewind(TRAY_AT), "Go back and take the cube first.")
    if kind == "gripper state":
        return _say(
            ArmCommand(arm, grasp="close"), StateLabel(cube, "OFF"), "Close the gripper on the cube."
        ), back
    if kind == "task planning":
        wait = _say(
            ArmCommand(arm, grasp="open"), StateLabel(cube, "ON"), "Open the gripper over the cube first."
        )
        return wait, back
    if kind == "human intervention":
        hold = _say(ArmCommand(arm, hold=True), Lock(cube), "Wait until the hand is gone.")
        return hold, hold
    return None


def _say(command: ArmCommand, symbol: Symbol, text: str) -> Said:
    return Command((command,)), (symbol,), text


def _towards(arm: str, cube: Point, missed: Direction) -> Said:
    command = Command((ArmCommand(arm, (Move(missed),)),))
    arrow = StraightArrow(_beside(cube, missed), cube, (AXIS_COLORS[AXIS_OF[missed]],))
    return command, (arrow, Crosshair(cube)), f"Move {missed} until the gripper is over the cube."


def _beside(cube: Point, missed: Direction) -> Point:
    x, y = DIRECTIONS[missed]
    return cube[0] + x * OFFSET, cube[1] + y * OFFSET


def _draw(episode: DrawnEpisode, moment: Moment) -> Image.Image:
    image = Image.new("RGB", (SIDE, SIDE), TABLE)
    brush = ImageDraw.Draw(image)
    brush.rectangle(_box(TRAY_AT, 13), outline=TRAY, width=3)
    brush.rectangle(_box(moment.cube, 7), fill=COLORS[episode.color])
    for arm in ARMS:
        working = arm == episode.arm
        at = moment.gripper if working else HOMES[arm]
        _draw_gripper(brush, at, 6 if working and moment.closed else 11, GRIPPERS[arm])
    if moment.hand:
        x, y = moment.cube
        brush.rectangle((0, y - 12, x + 10, y + 12), fill=HAND)
    return image


def _draw_gripper(brush: ImageDraw.ImageDraw, at: Point, half: int, color: tuple[int, int, int]) -> None:
    """Two fingers and the palm behind them, seen from above."""
    x, y = at
    for side in (-half, half):
        brush.rectangle((x + side - 2, y - 9, x + side + 2, y + 9), fill=color)
    brush.rectangle((x - half, y + 9, x + half, y + 13), fill=color)


def _box(at: Point, half: int) -> tuple[int, int, int, int]:
    return at[0] - half, at[1] - half, at[0] + half, at[1] + half
