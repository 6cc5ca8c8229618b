"""The scripted policies in the simulator: they see a request of the protocol, and nothing else."""

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="The simulator is not installed; `make robot` installs it.")

from robot.environment import HEAD, WRISTS, Observation
from robot.policy import EXECUTED
from robot.policy.requests import read_request, write_request
from robot.policy.scripted import ScriptedPolicy, Slip
from robot.sim.eyes import looking
from robot.sim.layout import draw_layout
from robot.sim.world import HERTZ, World

SECONDS = {"place_one": 16, "place_two": 28, "pull_and_place": 24}
GREY = np.full((480, 640, 3), 90, np.uint8)


def succeeds(task, seed, slip=None):
    """Run the policy for a task's time; whether the task's goal then holds."""
    world, policy = World(draw_layout(task, seed)), ScriptedPolicy(task, slip)
    with looking(world) as eyes:
        for ask in range(SECONDS[task] * HERTZ // EXECUTED):
            images = {HEAD: eyes.color(), **{wrist: GREY for wrist in WRISTS.values()}}
            seen = Observation(ask, world.time, world.state().astype(np.float32), images)
            for action in policy.infer(read_request(write_request(seen, "Do it.")))[:EXECUTED]:
                world.act(action)
    return world.success()


def test_one_task_is_done():
    assert succeeds("place_one", 3)


@pytest.mark.full
@pytest.mark.parametrize("task", list(SECONDS))
def test_at_least_20_of_21_succeed(task):
    assert sum(succeeds(task, seed) for seed in range(21)) >= 20


@pytest.mark.full
@pytest.mark.parametrize(
    "slip", [Slip(0, offset=(0.045, 0.03)), Slip(1, stays_open=True), Slip(0, skips=True)], ids=str
)
def test_a_slip_fails_and_is_not_noticed(slip):
    assert not any(succeeds("place_two", seed, slip) for seed in range(3))
