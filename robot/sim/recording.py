"""Record one trial: a folder with a video for each camera, the signals, and the trial's ground truth.

`<stem>_cam_high.mp4` and so on are H.264 at 25 fps; `<stem>_signals.parquet` has a column `seconds` and 14 of
each quantity; `truth.json` has the annotation's document and all that is needed to run the trial again. The
names are those the site groups into one episode.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from robot.formats.recording import aloha_axes
from robot.formats.video import VideoWriter
from robot.sim.eyes import Eyes, looking
from robot.sim.failures import FailureType
from robot.sim.layout import Task
from robot.sim.scene import CAMERAS
from robot.sim.tasks import TASK_TEXTS
from robot.sim.trial import SIZE, Trial
from robot.sim.world import HERTZ, Array, World

FPS: Final = 25
TICKS_PER_FRAME: Final = HERTZ // FPS
UNITS: Final = {"position": "rad", "velocity": "rad/s", "effort": "Nm", "action": "rad"}


@dataclass
class Recorder:
    """Takes a frame of each camera and a row of signals every second control period."""

    world: World
    eyes: Eyes
    videos: dict[str, VideoWriter]
    rows: dict[str, list[Array]] = field(default_factory=lambda: {name: [] for name in UNITS})

    def tick(self) -> None:
        """Called before each control period."""
        if self.world.tick % TICKS_PER_FRAME:
            return
        for camera, video in self.videos.items():
            video.write(self.eyes.color(camera))
        for quantity in UNITS:
            self.rows[quantity].append(getattr(self.world, _SOURCES[quantity])())

    def signals(self) -> pa.Table:
        """The rows as columns over the video's clock."""
        count = len(self.rows["position"])
        columns = {"seconds": np.arange(count) / FPS}
        for quantity, rows in self.rows.items():
            for axis, values in zip(aloha_axes(14), np.array(rows).T, strict=True):
                unit = "1" if axis.endswith("gripper") else UNITS[quantity]
                columns[f"{axis} {quantity} ({unit})"] = values.astype(np.float32)
        return pa.table(columns)


_SOURCES: Final = {"position": "state", "velocity": "velocity", "effort": "effort", "action": "asked"}


def record(
    task: Task,
    kinds: Sequence[FailureType],
    seed: int,
    out: Path,
    cameras: Sequence[str] = tuple(CAMERAS),
    encoding: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Record the trial into the folder `out`; returns what `truth.json` says. Same seed, same bytes."""
    trial = Trial.begin(task, seed, kinds)
    stem = "_".join([task, *(kinds or ("success",)), str(seed)])
    out.mkdir(parents=True, exist_ok=True)
    with looking(trial.world) as eyes, _videos(out, stem, cameras, encoding) as videos:
        recorder = Recorder(trial.world, eyes, videos)
        trial.run(recorder.tick)
    pq.write_table(recorder.signals(), out / f"{stem}_signals.parquet", compression="zstd")
    truth = describe(trial, stem, cameras, frames=len(recorder.rows["position"]))
    (out / "truth.json").write_text(json.dumps(truth, indent=1) + "\n")
    return truth


@contextmanager
def _videos(
    out: Path, stem: str, cameras: Sequence[str], encoding: dict[str, str] | None
) -> Iterator[dict[str, VideoWriter]]:
    with ExitStack() as stack:
        videos = {camera: VideoWriter(out / f"{stem}_{camera}.mp4", FPS, encoding) for camera in cameras}
        for video in videos.values():
            stack.callback(video.close)
        yield videos


def describe(trial: Trial, stem: str, cameras: Sequence[str], frames: int) -> dict[str, Any]:
    """What is known of a trial that has run, as plain JSON."""
    text = TASK_TEXTS[trial.task]
    return {
        "format": "vifailback-sim-1",
        "simulated": True,
        "stem": stem,
        "task": {"name": trial.task, "description": text.prompt, "subtasks": list(text.subtasks)},
        "seed": trial.seed,
        "failures": [asdict(failure) for failure in trial.failures],
        "success": trial.world.success(),
        "cameras": {camera: f"{stem}_{camera}.mp4" for camera in cameras},
        "signals": f"{stem}_signals.parquet",
        "fps": FPS,
        "frames": frames,
        "size": list(SIZE),
        "document": trial.witness.document(TICKS_PER_FRAME),
    }
