"""Draw the sample episodes and write them as recordings, as a robot's recorder would."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from multiprocessing import get_context
from pathlib import Path

import av

from apps.episodes.sample.episodes import Episode, Failure, Task, episodes
from apps.episodes.sample.paint import Image
from apps.episodes.sample.scene import SIZE, Painter, label

RATE = 25
ENCODING = {"preset": "ultrafast", "crf": "22", "threads": "1"}  # one thread: the same bytes on every machine


@dataclass(frozen=True)
class SampleRecording:
    """One drawn episode: its task, the camera files (head first), and what went wrong; None is a success."""

    task: Task
    files: tuple[Path, ...]
    failure: Failure | None


def make_sample_recordings(directory: Path) -> list[SampleRecording]:
    """Write the sample episodes below `directory`, a folder for each task; the same pictures each time.

    640 x 480 pixels, 25 fps, H.264; the head camera always, the wrist cameras where the episode has them.
    Drawing is all arithmetic, so each episode has a process of its own, as many at once as there are cores.
    """
    numbers: Counter[str] = Counter()
    sample, places = episodes(), []
    for episode in sample:
        folder = directory / episode.task.name
        folder.mkdir(parents=True, exist_ok=True)
        places.append(folder / f"episode_{numbers[episode.task.name]}")
        numbers[episode.task.name] += 1
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
        files = list(pool.map(_write, sample, places))
    return [SampleRecording(e.task, written, e.failure) for e, written in zip(sample, files, strict=True)]


def _write(episode: Episode, place: Path) -> tuple[Path, ...]:
    """In a process of its own: all cameras of the episode; `place` is folder and stem."""
    painter = Painter()
    cameras = ["cam_high", *(["cam_left_wrist", "cam_right_wrist"] if episode.wrists else [])]
    paths = [place.with_name(f"{place.name}_{camera}.mp4") for camera in cameras]
    for camera, path in zip(cameras, paths, strict=True):
        _encode(path, _pictures(painter, episode, camera))
    return tuple(paths)


def _pictures(painter: Painter, episode: Episode, camera: str) -> Iterator[Image]:
    for number in range(round(episode.seconds * RATE)):
        seconds = number / RATE
        if camera == "cam_high":
            picture = painter.head(episode.scene, seconds)
        else:
            picture = painter.wrist(episode.scene, seconds, camera.split("_")[1])
        yield label(picture, number)


def _encode(path: Path, pictures: Iterator[Image]) -> None:
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options=ENCODING)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        for number, picture in enumerate(pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = number, Fraction(1, RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
