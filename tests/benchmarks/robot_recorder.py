"""What recording costs the loop (`python -m tests.benchmarks.robot_recorder`).

Three cameras of 640x480 at 25 fps beside 50 steps a second. The same steps are played by the
clock with and without a recorder, which works in a thread of its own as in the runtime; CPU is that of the
whole process.
"""

import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from robot.environment import Camera, EnvironmentInfo, Observation
from robot.events import Entry, Kind, Step
from robot.rollout import Recorder, RecorderSettings
from tests.benchmarks.report import Figure, report

HERTZ, SECONDS, SIZE = 50, 20, (480, 640)
CAMERAS = ("cam_high", "cam_left_wrist", "cam_right_wrist")
INFO = EnvironmentInfo("bench", {name: Camera(640, 480) for name in CAMERAS}, HERTZ, "Nothing.")


def pictures() -> list[dict[str, np.ndarray]]:
    """A second of moving pictures with a camera's noise, the same with and without the recorder."""
    rng = np.random.default_rng(0)
    noise = [rng.integers(0, 12, (*SIZE, 3), np.uint8) for _ in CAMERAS]
    ramp = np.add.outer(np.arange(SIZE[0]), np.arange(SIZE[1]))[..., None]
    return [
        {
            name: ((((ramp + 4 * moment) // 40) % 2 * 120).astype(np.uint8) + np.roll(grain, moment, axis=1))
            for name, grain in zip(CAMERAS, noise, strict=True)
        }
        for moment in range(25)
    ]


def loop(shown: list[dict[str, np.ndarray]], take: Callable[[Step], None]) -> tuple[float, float]:
    """Steps by the clock: CPU seconds of the process a second, and the p99 of how late a step was, in ms."""
    late, begun, cpu = [], time.perf_counter(), time.process_time()
    for index in range(HERTZ * SECONDS):
        due = begun + index / HERTZ
        time.sleep(max(0.0, due - time.perf_counter()))
        late.append(time.perf_counter() - due)
        state = np.zeros(14, np.float32)
        seen = Observation(index, index / HERTZ, state, shown[index // 2 % len(shown)])
        take(Step(index, seen.time, seen, state, state, "policy"))
    used = time.process_time() - cpu
    return used / (time.perf_counter() - begun), float(np.percentile(late, 99)) * 1000


def recorded(shown: list[dict[str, np.ndarray]], folder: Path) -> tuple[float, float, int]:
    recorder = Recorder(RecorderSettings(folder, run="bench"))
    waiting: queue.Queue[Step | None] = queue.Queue(HERTZ)
    dropped = 0

    def work() -> None:
        while (step := waiting.get()) is not None:
            recorder.on_step(step)

    def take(step: Step) -> None:
        nonlocal dropped
        try:
            waiting.put_nowait(step)
        except queue.Full:
            dropped += 1

    recorder.begin("bench", INFO)
    recorder.on_entry(Entry(0.0, Kind.ROLLOUT_STARTED, {}))
    thread = threading.Thread(target=work)
    thread.start()
    cpu, late = loop(shown, take)
    waiting.put(None)
    thread.join()
    recorder.end()
    return cpu, late, dropped


def main() -> int:
    shown = pictures()
    with tempfile.TemporaryDirectory() as folder:
        bare, bare_late = loop(shown, lambda step: None)
        cpu, late, dropped = recorded(shown, Path(folder))
        size = sum(each.stat().st_size for each in Path(folder).rglob("*.mp4"))
    figures = [
        Figure("recorder: CPU it adds, of one core", round(100 * (cpu - bare), 1), "%", 20),
        Figure("recorder: steps dropped", dropped, "", 0),
        Figure("recorder: lateness of the loop, p99", round(late, 2), "ms", reference=round(bare_late, 2)),
        Figure("recorder: video a second, three cameras", round(size / SECONDS / 1e6, 2), "MB"),
    ]
    return 0 if report("robot-recorder", figures) else 1


if __name__ == "__main__":
    sys.exit(main())
