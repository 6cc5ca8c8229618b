"""One trial from its seed to its end: layout, failures, expert, person, truth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from robot.environment import Camera
from robot.sim.camera import pinhole
from robot.sim.expert import Expert
from robot.sim.failures import Failure, FailureType, draw_failure
from robot.sim.layout import Task, draw_layout
from robot.sim.truth import Witness
from robot.sim.world import World

SIZE: Final = (640, 480)


@dataclass
class Trial:
    """A world, whoever writes down its truth, and the head camera."""

    task: Task
    seed: int
    failures: tuple[Failure, ...]
    world: World
    witness: Witness
    camera: Camera

    @classmethod
    def begin(cls, task: Task, seed: int, kinds: Sequence[FailureType] = ()) -> Trial:
        """Draw the trial of a seed; with two kinds of failure the second hits the task's second step."""
        failures = draw_failures(task, seed, kinds)
        world = World(draw_layout(task, seed))
        camera = pinhole(world.model, world.data, "head", *SIZE)
        return cls(task, seed, failures, world, Witness(world, camera), camera)

    def run(self, every_tick: Callable[[], None] = lambda: None) -> bool:
        """Let the expert do it; `every_tick` is called before each control period. Whether it succeeded."""
        expert = Expert(self.world, self.witness, self.failures)
        for action in expert.script():
            every_tick()
            if expert.person is not None:
                expert.person.act(self.world)
            self.world.act(action)
        every_tick()
        return self.world.success()


def draw_failures(task: Task, seed: int, kinds: Sequence[FailureType]) -> tuple[Failure, ...]:
    """Draw a failure of each kind, no two in one step; raises ValueError where the task has too few steps."""
    drawn = [draw_failure(task, kind, seed) for kind in kinds]
    if len(drawn) == 2 and task != "place_one":
        return tuple(draw_failure(task, kind, seed, step=step) for step, kind in enumerate(kinds))
    if len(drawn) > 1:
        raise ValueError(
            f"{task} cannot fail {len(drawn)} times; a task fails once, or once in each of two steps."
        )
    return tuple(drawn)
