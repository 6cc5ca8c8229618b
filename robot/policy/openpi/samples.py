"""Reads a data set as openpi's loader does: pictures of one row, its state, the next actions, the prompt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np

from robot.environment import HEAD, JOINTS, Image, Vector
from robot.formats.lerobot.metadata import open_dataset
from robot.formats.lerobot.reading import read_episode
from robot.formats.recording import FormatRejected, Recording
from robot.policy.openpi import ACTION, HERTZ, HORIZON, IMAGES, STATE, VERSION

_MASKED = 0.5
_BLACK = 24  # video codecs leave a little noise in what was zero


@dataclass(frozen=True, slots=True)
class Sample:
    """One row: pictures (H, W, 3) by camera, state (14,), actions (50, 14), prompt."""

    images: Mapping[str, Image]
    state: Vector
    actions: Vector
    prompt: str

    @property
    def is_masked(self) -> bool:
        """Whether the head picture is that of symbol data: mostly black."""
        return bool((self.images[HEAD].max(axis=2) < _BLACK).mean() > _MASKED)


def samples(root: Path, every: int) -> Iterator[Sample]:
    """Yield every so many rows of each episode; raises FormatRejected on what openpi could not read."""
    dataset = open_dataset(root)
    if dataset.version != VERSION:
        raise FormatRejected(f"{root.name} is LeRobot {dataset.version}; openpi reads {VERSION}.")
    missing = [key for key in (*IMAGES.values(), STATE, ACTION) if key not in dataset.features]
    if missing:
        raise FormatRejected(f"{root.name} has no {', '.join(missing)}.")
    for episode in dataset.episodes:
        yield from _rows(read_episode(dataset, episode), every)


def _rows(recording: Recording, every: int) -> Iterator[Sample]:
    if recording.fps != HERTZ:
        raise FormatRejected(f"{recording.name} has {recording.fps} rows a second; a chunk needs {HERTZ}.")
    if not recording.task.strip():
        raise FormatRejected(f"{recording.name} has no task, which is its prompt.")
    values = {series.quantity: series.values for series in recording.series}
    for quantity in ("position", "action"):
        rows = values[quantity]
        if rows.shape[1] != JOINTS or not np.isfinite(rows).all():
            raise FormatRejected(f"{recording.name}: its {quantity} is not {JOINTS} finite values a row.")
    films = [islice(recording.pictures(camera), 0, None, every) for camera in IMAGES]
    for row, pictures in zip(range(0, recording.rows, every), zip(*films, strict=True), strict=True):
        images = dict(zip(IMAGES, pictures, strict=True))
        following = np.minimum(np.arange(row, row + HORIZON), recording.rows - 1)  # the last action goes on
        yield Sample(images, values["position"][row], values["action"][following], recording.task)
