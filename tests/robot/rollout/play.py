"""A runtime in miniature: a rollout played into a subscriber, quickly or by the clock."""

import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from robot.environment import Camera, EnvironmentInfo, Observation
from robot.events import Entry, Kind, Step, Subscriber
from robot.rollout import Recorder, RecorderSettings
from tests.robot.conftest import CAMERAS, HEIGHT, WIDTH, cube

HERTZ = 50.0
INFO = EnvironmentInfo(
    "table", {name: Camera(WIDTH, HEIGHT) for name in CAMERAS}, HERTZ, "Put the cube away."
)
ARROW = {"type": "move_arrow", "start": [10, 20], "end": [50, 20], "colors": ["green"]}


def steps(count: int, begin: float = 100.0) -> Iterator[Step]:
    """A picture each second step, as cameras of 25 fps give; row 0, 1, 2 ... of the cube."""
    for index in range(count):
        images = {name: cube(index // 2 % 20, number) for number, name in enumerate(CAMERAS)}
        state = np.full(14, index, np.float32)
        seen = Observation(index, begin + index / HERTZ, state, images)
        control = "policy" if index < count // 2 else "operator"
        yield Step(index, seen.time, seen, state + 1, state + 1, control)


def play(
    subscriber: Subscriber,
    count: int = 40,
    rollout: str = "",
    success: bool | None = False,
    truth: object = None,
) -> str:
    """One rollout with a query that finds a failure; its id."""
    rollout = rollout or str(uuid.uuid4())
    subscriber.begin(rollout, INFO)
    started = {"rollout": rollout, "task": INFO.task, "mode": "shadow", "model": "tiny", "settings": {}}
    subscriber.on_entry(Entry(100.0, Kind.ROLLOUT_STARTED, started))
    for step in steps(count):
        subscriber.on_step(step)
        if step.index == 20:
            subscriber.on_entry(Entry(step.time, Kind.QUERY, {"query": 1, "frames": [100.0, 100.2, 100.4]}))
        if step.index == 24:
            answer = {
                "query": 1, "seconds": 0.08, "failed": True, "failure_type": "gripper 6d-pose", "keyframe": 2,
                "command": "Move the left gripper to the right slightly.", "symbols": [ARROW], "errors": [],
                "text": "…",
            }  # fmt: skip
            subscriber.on_entry(Entry(step.time, Kind.ANSWER, answer))
    ended = {"outcome": {"success": success, "truth": truth or {}}, "interventions": 1, "steps": count}
    subscriber.on_entry(Entry(100.0 + count / HERTZ, Kind.ROLLOUT_ENDED, ended))
    subscriber.end()
    return rollout


def record(directory: Path, count: int = 1, **how: object) -> list[Path]:
    """Rollouts of one run, recorded."""
    recorder = Recorder(RecorderSettings(directory, run="run-1", policy="scripted"))
    return [directory / play(recorder, **how) for _ in range(count)]  # type: ignore[arg-type]


def forever(directory: Path, tell: Callable[[str], object] = lambda text: print(text, flush=True)) -> None:
    """For a process that is going to be killed: says the name of each rollout that is kept."""
    recorder = Recorder(RecorderSettings(directory, run="run-1"))
    while True:
        tell(play(recorder, count=10 + int(time.time() * 1000) % 30))


if __name__ == "__main__":
    forever(Path(sys.argv[1]))
