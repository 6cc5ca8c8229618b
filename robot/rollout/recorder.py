"""Writes rollouts to disk as they happen, as a subscriber of the runtime.

A rollout grows in a folder named `<id>.part`, which is renamed when everything in it is on disk: a process
killed at any moment loses the rollout it was recording, and never an earlier one.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import NAMESPACE_URL, UUID, uuid5

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from robot.environment import HEAD, EnvironmentInfo
from robot.events import Entry, Kind, Step
from robot.formats.recording import aloha_axes
from robot.formats.rollout import EVENTS, MANIFEST, PART, SIGNALS, Manifest, digest_of, write_manifest
from robot.formats.video import VideoWriter
from robot.rollout.verdict import Verdict

CONTROLS: Final = ("policy", "correction", "operator", "hold")
# As many pictures a second as this cost little to code; the site makes its own proxies.
CODING: Final = {"preset": "ultrafast", "crf": "23", "g": "25"}


@dataclass(frozen=True)
class RecorderSettings:
    """Where rollouts go and what they belong to. Units are those of the joint vectors (robot.environment).

    fps: no more pictures a second than this are kept of any camera.
    """

    directory: Path
    run: str
    fps: float = 25.0
    origin: str = "robot"
    policy: str = ""
    supervisor: str = ""
    subtasks: tuple[str, ...] = ()
    joint_unit: str = "rad"
    gripper_unit: str = "share"


@dataclass
class _Open:
    """The rollout that is being recorded."""

    id: str
    folder: Path
    info: EnvironmentInfo
    events: IO[str]
    started: str
    writers: dict[str, VideoWriter] = field(default_factory=dict)
    first: float | None = None
    times: list[float] = field(default_factory=list)
    rows: list[tuple[float, int, bool]] = field(default_factory=list)
    vectors: list[np.ndarray[Any, np.dtype[np.float32]]] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)
    said: dict[str, Any] = field(default_factory=dict)
    ended: dict[str, Any] = field(default_factory=dict)
    dropped: int = 0


class Recorder:
    """A `robot.events.Subscriber`. What it raises (a full disk) ends the rollout it was recording."""

    def __init__(self, settings: RecorderSettings) -> None:
        self.settings = settings
        self._open: _Open | None = None
        settings.directory.mkdir(parents=True, exist_ok=True)

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """Begin a folder; one that a killed process left behind under this id is done over."""
        folder = self.settings.directory / f"{rollout}{PART}"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        events = (folder / EVENTS).open("w")
        self._open = _Open(rollout, folder, info, events, datetime.now(UTC).isoformat())

    def on_step(self, step: Step) -> None:
        """Keep the step's signals, and its pictures when the head camera's is a new one and due."""
        rollout = self._here
        if rollout.first is None:
            rollout.first = step.time
        if self._is_due(rollout, step):
            self._write_pictures(rollout, step)
        state = step.observation.state
        rollout.rows.append((step.time, CONTROLS.index(step.control), bool(step.clamped)))
        nothing = np.full_like(state, np.nan)
        rollout.vectors.append(np.concatenate([state, nothing if step.action is None else step.action]))

    def _is_due(self, rollout: _Open, step: Step) -> bool:
        """Frames lie on the rate's own grid, so that a loop of 50 Hz gives every second picture."""
        if not rollout.times:
            return True
        slack = 0.25 / self.settings.fps
        return step.time + slack >= rollout.times[0] + len(rollout.times) / self.settings.fps

    def _write_pictures(self, rollout: _Open, step: Step) -> None:
        """A picture of every camera at this step's time: they stay in step, whatever each one's own rate."""
        time = max(step.time, rollout.times[-1] + 1e-3) if rollout.times else step.time
        rollout.times.append(time)
        for camera, picture in step.observation.images.items():
            self._writer(rollout, camera).write(np.asarray(picture), time - rollout.times[0])

    def _writer(self, rollout: _Open, camera: str) -> VideoWriter:
        if camera not in rollout.writers:
            path = rollout.folder / f"{camera}.mp4"
            rollout.writers[camera] = VideoWriter(path, self.settings.fps, CODING)
        return rollout.writers[camera]

    def on_entry(self, entry: Entry) -> None:
        """Keep the entry; the line is handed to the system at once."""
        rollout = self._here
        rollout.verdict.see(entry)
        if entry.kind is Kind.ROLLOUT_STARTED:
            rollout.said = dict(entry.data)
        elif entry.kind is Kind.ROLLOUT_ENDED:
            rollout.ended = dict(entry.data)
        elif entry.kind is Kind.DROPPED:
            rollout.dropped += int(entry.data.get("steps", 0))
        first = entry.time if rollout.first is None else rollout.first
        line = {"seconds": round(entry.time - first, 4), "kind": str(entry.kind), "data": dict(entry.data)}
        rollout.events.write(f"{json.dumps(line, default=str)}\n")
        rollout.events.flush()

    def end(self) -> None:
        """Make the rollout lasting: every file on disk, the manifest last, then the name that counts."""
        rollout, self._open = self._here, None
        rollout.events.close()
        for writer in rollout.writers.values():
            writer.close()
        if HEAD not in rollout.writers:
            shutil.rmtree(rollout.folder)  # nothing was seen: nothing to keep
            return
        self._write_signals(rollout)
        files = {each.name: digest_of(each) for each in sorted(rollout.folder.iterdir())}
        write_manifest(rollout.folder, self._manifest(rollout, files))
        for path in rollout.folder.iterdir():
            _sync(path)
        _sync(rollout.folder)
        rollout.folder.rename(self.settings.directory / rollout.id)
        _sync(self.settings.directory)

    @property
    def _here(self) -> _Open:
        if self._open is None:
            raise RuntimeError("no rollout has begun")
        return self._open

    def _write_signals(self, rollout: _Open) -> None:
        vectors, axes = np.stack(rollout.vectors), aloha_axes(rollout.vectors[0].size // 2)
        times = np.array([time for time, _, _ in rollout.rows]) - rollout.times[0]
        columns = {"seconds": times}
        for number, axis in enumerate(axes):
            unit = self.settings.gripper_unit if "gripper" in axis else self.settings.joint_unit
            columns[f"{axis} position ({unit})"] = vectors[:, number]
            columns[f"{axis} action ({unit})"] = vectors[:, len(axes) + number]
        columns["control"] = np.array([control for _, control, _ in rollout.rows], np.int8)
        columns["clamped"] = np.array([clamped for _, _, clamped in rollout.rows], np.int8)
        fresh = np.diff(times, prepend=-1.0) > 0  # the site's clock grows from row to row
        table = pa.table({name: values[fresh] for name, values in columns.items()})
        pq.write_table(table, rollout.folder / SIGNALS, compression="zstd")

    def _manifest(self, rollout: _Open, files: dict[str, str]) -> Manifest:
        outcome: Mapping[str, Any] = rollout.ended.get("outcome") or {}
        truth = outcome.get("truth") or None
        said, known = rollout.said, self.settings
        return Manifest(
            id=str(_uuid(known.run, rollout.id)),
            run=known.run,
            trial=sum(not each.parent.name.endswith(PART) for each in known.directory.glob(f"*/{MANIFEST}")),
            task=str(said.get("task") or rollout.info.task or "unnamed task"),
            started=rollout.started,
            seconds=round(rollout.times[-1] - rollout.times[0], 4),
            fps=known.fps,
            frames=len(rollout.times),
            cameras=tuple(sorted(rollout.writers)),
            subtasks=known.subtasks,
            origin=known.origin,
            robot=rollout.info.name,
            policy=known.policy,
            supervisor=known.supervisor or str(said.get("model", "")),
            mode=str(said.get("mode", "")),
            success=outcome.get("success"),
            success_by="simulator" if known.origin == "simulator" else "operator",
            interventions=int(rollout.ended.get("interventions", 0)),
            dropped=rollout.dropped,
            truth=truth if truth and "outcome" in truth else None,
            verdict=rollout.verdict.document(rollout.times),
            settings=said.get("settings") or {},
            files=files,
        )


def _uuid(run: str, rollout: str) -> UUID:
    """The runtime's id where it is a UUID, else one that follows from it and from the run."""
    try:
        return UUID(rollout)
    except ValueError:
        return uuid5(NAMESPACE_URL, f"{run}/{rollout}")


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
