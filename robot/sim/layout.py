"""Where the objects of a trial lie: drawn from the seed, before anything is simulated."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, get_args

import numpy as np

Task = Literal["place_one", "place_two", "pull_and_place"]
TASKS: Final[tuple[Task, ...]] = get_args(Task)

_CABINET: Final = (0.02, 0.83, 0.115)


@dataclass(frozen=True, slots=True)
class Pose:
    """A place on the table in metres and a turn about the vertical in radians."""

    x: float
    y: float
    yaw: float = 0.0


@dataclass(frozen=True, slots=True)
class Layout:
    """A task's objects by name, where the cabinet's centre stands, and which drawer is open at first."""

    task: Task
    objects: Mapping[str, Pose]
    cabinet: tuple[float, float, float] | None = None
    drawers: Mapping[str, float] = field(default_factory=dict)


def stream(purpose: str, task: Task, seed: int) -> np.random.Generator:
    """A random stream for one purpose of one trial: layouts, failures and noise never share draws."""
    words = [zlib.crc32(word.encode()) for word in (purpose, task)]
    return np.random.default_rng([*words, seed])


def draw_layout(task: Task, seed: int) -> Layout:
    """Draw where everything lies in the trial with this seed."""
    draw = _Draw(stream("layout", task, seed))
    return _LAYOUTS[task](draw)


@dataclass(frozen=True, slots=True)
class _Draw:
    rng: np.random.Generator

    def near(self, x: float, y: float, spread: float = 0.02, turn: float = 0.0) -> Pose:
        dx, dy = self.rng.uniform(-spread, spread, 2)
        return Pose(x + dx, y + dy, self.rng.uniform(-turn, turn))


def _place_one(draw: _Draw) -> Layout:
    objects = {"stapler": draw.near(-0.14, 0.50, turn=0.3), "red_cube": draw.near(0.14, 0.44, turn=0.4)}
    return Layout("place_one", objects, _CABINET, {"top_drawer": 0.12})


def _place_two(draw: _Draw) -> Layout:
    objects = {
        "eraser": draw.near(-0.15, 0.46, turn=0.3),
        "pink_bowl": draw.near(-0.12, 0.66, 0.01),
        "red_cube": draw.near(0.15, 0.46, turn=0.2),
        "blue_bowl": draw.near(0.12, 0.66, 0.01),
    }
    return Layout("place_two", objects)


def _pull_and_place(draw: _Draw) -> Layout:
    return Layout("pull_and_place", {"blue_cube": draw.near(-0.15, 0.46, turn=0.2)}, _CABINET)


_LAYOUTS: Final = {"place_one": _place_one, "place_two": _place_two, "pull_and_place": _pull_and_place}
