"""`make bench-sim`: how fast the simulator draws and steps, and how often its experts succeed."""

import statistics
import sys
import time

from robot.sim.eyes import looking
from robot.sim.layout import TASKS
from robot.sim.trial import Trial
from robot.sim.world import HERTZ, HOME
from tests.benchmarks.report import Figure, report

FRAMES, TRIALS, TICKS = 300, 21, 500


def frames_a_second(task: str) -> float:
    """Head camera at 640 x 480, the arms moving between frames."""
    world = Trial.begin(task, 1).world
    spent = []
    with looking(world) as eyes:
        eyes.color()
        for _ in range(FRAMES):
            world.act(HOME)
            start = time.perf_counter()
            eyes.color()
            spent.append(time.perf_counter() - start)
    return 1 / statistics.mean(spent)


def times_real_time() -> float:
    world = Trial.begin("place_two", 1).world
    start = time.perf_counter()
    for _ in range(TICKS):
        world.act(HOME)
    return TICKS / HERTZ / (time.perf_counter() - start)


def clean(task: str) -> Figure:
    successes = sum(Trial.begin(task, seed).run() for seed in range(TRIALS))
    return Figure(f"sim: clean successes of {TRIALS}, {task}", successes, "", 20, better="more")


def main() -> int:
    slowest = min(map(frames_a_second, TASKS))
    figures = [
        Figure("sim: head camera 640 x 480, slowest task", round(slowest, 1), "fps", 100, better="more"),
        Figure("sim: physics against real time", round(times_real_time(), 1), "x"),
        *(clean(task) for task in TASKS),
    ]
    return 0 if report("sim", figures) else 1


if __name__ == "__main__":
    sys.exit(main())
