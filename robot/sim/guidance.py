"""What an expert annotator would draw and say at a moment: command, symbols, sentence, from the geometry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ml.symbols import (
    ArmCommand,
    Color,
    Command,
    Crosshair,
    Lock,
    Move,
    Point,
    Rewind,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    Symbol,
    to_raw,
)
from ml.symbols.commands import AXIS_COLORS, AXIS_DIRECTIONS, Axis, Grasp
from ml.symbols.types import Rotation
from robot.environment import Camera
from robot.sim.camera import project
from robot.sim.world import Array

LEAST, FAR = 0.012, 0.05  # metres: less is no move, from there on it is significant
_LEAST_SHARE: Final = 0.2  # of the longest part of a move; less is left out
_SHORTEST: Final = 30.0  # pixels an arrow needs to be seen
_BESIDE: Final = (26, -30)  # pixels from the tip to a state label, so that it hides nothing


Advice = tuple[Command, tuple[Symbol, ...]]
"""A command, and the symbols that show it."""


@dataclass(frozen=True, slots=True)
class Guidance:
    """What is right at one moment: `tick` of the trial, command, symbols in pixels, a sentence."""

    tick: int
    command: Command
    symbols: tuple[Symbol, ...]
    high_level: str

    def to_document(self, ticks_per_frame: int, event: str, side: str) -> dict[str, Any]:
        """Return the part of an annotation's document for one keyframe."""
        symbols = [
            {"id": f"{event}-{side}-{number}", **to_raw(symbol)}
            for number, symbol in enumerate(self.symbols, start=1)
        ]
        return {
            "frame": self.tick // ticks_per_frame,
            "command": self.command.to_json(),
            "symbols": symbols,
            "high_level": self.high_level,
        }


def pixel(camera: Camera, point: Any) -> Point:
    """The whole pixel in which a point is seen, kept on the picture."""
    x, y = np.floor(project(camera, point)[0])
    return int(np.clip(x, 0, camera.width - 1)), int(np.clip(y, 0, camera.height - 1))


def moves(way: Array) -> tuple[Move, ...]:
    """A way (3,) in metres as the command says it: forward is +y, left is -x, up is +z."""
    parts: dict[Axis, float] = {"x": way[1], "y": -way[0], "z": way[2]}
    least = max(LEAST, _LEAST_SHARE * max(abs(size) for size in parts.values()))
    found = []
    for axis, size in parts.items():
        if abs(size) >= least:
            direction = AXIS_DIRECTIONS[axis][0 if size > 0 else 1]
            found.append(Move(direction, "significantly" if abs(size) >= FAR else "slightly"))
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Adviser:
    """Writes guidance for one arm whose tip is at `tip`, as `camera` sees it."""

    camera: Camera
    arm: str
    tip: Array

    def go(self, to: Array, grasp: Grasp | None = None, mark: bool = False) -> Advice:
        """Move the tip to a point, and then open or close; `mark` puts a crosshair on the point."""
        move = moves(to - self.tip)
        command = Command((ArmCommand(self.arm, move=move, grasp=grasp),))
        symbols = [*self._arrow(to, move), *([Crosshair(pixel(self.camera, to))] if mark else [])]
        return command, (*symbols, *self._state(grasp))

    def _arrow(self, to: Array, move: Sequence[Move]) -> list[Symbol]:
        start, end = pixel(self.camera, self.tip), pixel(self.camera, to)
        if np.hypot(end[0] - start[0], end[1] - start[1]) < _SHORTEST or not move:
            return []
        return [StraightArrow(start, end, _colors(move))]

    def _state(self, grasp: Grasp | None) -> list[Symbol]:
        if grasp is None:
            return []
        x, y = pixel(self.camera, self.tip)
        return [StateLabel((x + _BESIDE[0], y + _BESIDE[1]), "ON" if grasp == "open" else "OFF")]

    def grip(self, grasp: Grasp) -> Advice:
        """Open or close where the tip is."""
        return Command((ArmCommand(self.arm, grasp=grasp),)), tuple(self._state(grasp))

    def turn(self, radians: float) -> Advice:
        """Turn about the vertical; counter-clockwise as seen from above is positive."""
        way: Rotation = "counter-clockwise" if radians > 0 else "clockwise"
        command = Command((ArmCommand(self.arm, rotate=way),))
        return command, (RotatingArrow(pixel(self.camera, self.tip), way),)

    def hold(self) -> Advice:
        """Hold still, while a person is in the way."""
        return Command(hold=True), (Lock(pixel(self.camera, self.tip)),)

    def back(self) -> Advice:
        """Take back what was done."""
        return Command((ArmCommand(self.arm, back=True),)), (Rewind(pixel(self.camera, self.tip)),)


def _colors(move: Sequence[Move]) -> tuple[Color, ...]:
    axes = {direction: axis for axis, pair in AXIS_DIRECTIONS.items() for direction in pair}
    return tuple(AXIS_COLORS[axes[each.direction]] for each in move)
