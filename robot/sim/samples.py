"""The sample project's recordings: each task done well and failing in each of the paper's ways, small."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from robot.sim.failures import FailureType
from robot.sim.layout import Task
from robot.sim.recording import record

Sample = tuple[Task, tuple[FailureType, ...], int]

SAMPLES: Final[tuple[Sample, ...]] = (
    ("place_one", (), 1),
    ("place_one", ("gripper_6d_pose",), 2),
    ("place_one", ("gripper_6d_pose",), 7),
    ("place_one", ("gripper_state",), 3),
    ("place_one", ("gripper_state",), 5),
    ("place_one", ("task_planning",), 4),
    ("place_one", ("human_intervention",), 1),
    ("place_one", ("human_intervention",), 5),
    ("place_two", (), 1),
    ("place_two", (), 2),
    ("place_two", ("gripper_6d_pose",), 3),
    ("place_two", ("gripper_state",), 4),
    ("place_two", ("gripper_state",), 6),
    ("place_two", ("task_planning",), 5),
    ("place_two", ("human_intervention",), 6),
    ("place_two", ("human_intervention",), 8),
    ("place_two", ("gripper_6d_pose", "gripper_state"), 9),
    ("pull_and_place", (), 1),
    ("pull_and_place", ("gripper_6d_pose",), 2),
    ("pull_and_place", ("gripper_6d_pose",), 3),
    ("pull_and_place", ("gripper_state",), 4),
    ("pull_and_place", ("task_planning",), 5),
    ("pull_and_place", ("human_intervention",), 6),
    ("pull_and_place", ("human_intervention",), 8),
)
_ENCODING: Final = {"preset": "veryslow", "crf": "31", "g": "100", "bf": "2"}


def make_samples(out: Path) -> Iterator[str]:
    """Record all samples below `out`, a folder each with the head camera; yields a sentence for each."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_make, [(sample, out) for sample in SAMPLES])


def _make(job: tuple[Sample, Path]) -> str:
    (task, kinds, seed), out = job
    folder = out / "_".join([task, *(kinds or ("success",)), str(seed)])
    truth = record(task, kinds, seed, folder, ("cam_high",), _ENCODING)
    size = sum(path.stat().st_size for path in folder.iterdir())
    return f"{truth['stem']}: {truth['frames']} frames, {size // 1024} kB, success {truth['success']}"
