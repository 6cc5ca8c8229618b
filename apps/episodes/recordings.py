"""Robots' own recordings (ALOHA HDF5, LeRobot) as episodes: cameras become videos, rows become signals."""

import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from django.conf import settings

from apps.accounts.models import Project, User
from apps.core.errors import AppError, invalid
from apps.episodes.imports import Imported
from apps.episodes.models import Blob, Episode, Task
from apps.episodes.services import CAMERA_NAME, episode_create, signals_attach, task_create
from apps.episodes.signals import Column, Signals
from apps.episodes.storage import blob_store_path, blobs_collect
from robot.formats import (
    HEAD_CAMERA,
    ArchiveLimits,
    FormatRejected,
    Found,
    Order,
    Recording,
    Series,
    find,
    is_archive,
    unpack,
)
from robot.formats.video import encode

Ingest = Callable[[Episode], None]
HEAD_ALIASES = ("cam_high", "high", "head", "top", "front", "overhead")


@dataclass(frozen=True)
class Said:
    """What a person says of recordings where their files say nothing.

    head: the camera that is the head camera, where none has that name.
    task: takes every recording; None makes a task of each text that the recordings carry.
    """

    fps: float | None = None
    order: Order | None = None
    head: str = ""
    task: Task | None = None


def recordings_in(path: Path, workdir: Path, name: str = "") -> list[Found]:
    """The recordings in a file, folder or archive; an archive is unpacked below `workdir`.

    Raises `bad_recording` for what cannot be unpacked or holds none. `name` is what people call the file.
    """
    name = name or path.name
    try:
        if path.is_file() and is_archive(name):
            unpack(path, workdir, ArchiveLimits(max_bytes=settings.RECORDINGS_MAX_BYTES), name)
            path = workdir
        found = list(find(path))
    except FormatRejected as problem:
        raise invalid(str(problem), code="bad_recording") from None
    if not found:
        raise invalid(
            f"There is no recording in {name}: an ALOHA file (.hdf5) or a LeRobot data set (meta/info.json).",
            code="bad_recording",
        )
    return found


def recordings_import(
    *, project: Project, found: list[Found], said: Said, by: User | None, ingest: Ingest
) -> Iterator[Imported]:
    """An episode of each recording, handed to `ingest`; a sentence for each, also for what was not taken."""
    for each in found:
        try:
            yield _import(project, each.read(), said, by, ingest)
        except (FormatRejected, AppError) as problem:
            yield Imported(f"{each.name}: {problem}", taken=False)


def _import(project: Project, recording: Recording, said: Said, by: User | None, ingest: Ingest) -> Imported:
    recording = recording.said(fps=said.fps, order=said.order)
    fps = _known(recording)
    task = said.task or task_of(project, recording.name, recording.task, by)
    names = camera_names(recording, said.head)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir:
        sources = {
            names[camera]: _video(recording, camera, fps, Path(workdir)) for camera in recording.cameras
        }
    try:
        episode, created = episode_create(task=task, stem=recording.name, sources=sources, by=by)
    except AppError:
        blobs_collect(blob.pk for blob in sources.values())
        raise
    if not created:
        blobs_collect(blob.pk for blob in sources.values())
        return Imported(f"{recording.name}: is there already, as {episode}", taken=True)
    if recording.series:
        signals_attach(episode=episode, signals=signals_of(recording.series, fps, project.embodiment))
    ingest(episode)
    episode.refresh_from_db()
    sentence = f"{recording.name}: {episode}, {episode.state}. {episode.rejection}".rstrip()
    return Imported(sentence, taken=episode.state != Episode.State.REJECTED)


def _known(recording: Recording) -> float:
    if recording.order is None:
        raise invalid(
            f"{recording.name} does not state its channel order: look at both pictures and say rgb or bgr.",
            code="order_unknown",
        )
    if not recording.fps:
        raise invalid(
            f"{recording.name} does not state its frame rate: say how many frames a second it has.",
            code="fps_unknown",
        )
    return recording.fps


def task_of(project: Project, name: str, text: str, by: User | None, subtasks: Sequence[str] = ()) -> Task:
    """The project's task of that description, made when it is new: a task is known by its text.

    `name` is that of the recording, for the sentence where it has no text.
    """
    text = text.strip()
    if not text:
        raise invalid(f"{name} does not state its task: choose one.", code="task_unknown")
    known = Task.objects.filter(project=project, description=text).first()
    if known is not None:
        return known
    base = re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "task"
    taken = set(Task.objects.filter(project=project, name__startswith=base).values_list("name", flat=True))
    name = next(n for n in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if n not in taken)
    return task_create(project=project, name=name, description=text, subtasks=list(subtasks), by=by)


def camera_names(recording: Recording, head: str = "") -> dict[str, str]:
    """Each camera's name in the site: one is the head camera, by its name, by `head`, or as the only one."""
    cameras = list(recording.cameras)
    if head and head not in cameras:
        raise invalid(f"{recording.name} has the cameras {', '.join(cameras)}; none is named {head}.")
    likely = [each for each in HEAD_ALIASES if each in cameras]
    chosen = head or (likely[0] if likely else cameras[0] if len(cameras) == 1 else "")
    if not chosen:
        raise invalid(
            f"{recording.name} has the cameras {', '.join(cameras)}: say which one is the head camera.",
            code="head_unknown",
        )
    names = {each: re.sub(r"[^A-Za-z0-9_-]", "_", each)[:64] for each in cameras if each != chosen}
    names[chosen] = HEAD_CAMERA
    if len(set(names.values())) < len(cameras) or not all(map(CAMERA_NAME.fullmatch, names.values())):
        raise invalid(f"{recording.name} has cameras whose names cannot be told apart: {', '.join(cameras)}.")
    return names


def _video(recording: Recording, camera: str, fps: float, workdir: Path) -> Blob:
    """The camera's own video where there is one, which is kept to the byte; else one is written."""
    whole = recording.cameras[camera].file
    if whole is not None:
        return blob_store_path(whole)
    path = workdir / f"{camera.replace('/', '_')}.mp4"
    frames = encode(path, recording.pictures(camera), fps)
    if frames != recording.rows:
        raise FormatRejected(
            f"{recording.name} is out of step: {camera} has {frames} of {recording.rows} frames."
        )
    return blob_store_path(path)


def signals_of(series: tuple[Series, ...], fps: float, embodiment: dict[str, Any]) -> Signals:
    """The rows as columns on the frames' clock, with the units of the project's embodiment profile."""
    units = {True: embodiment["gripper_unit"], False: embodiment["joint_unit"]}
    columns = []
    for each in series:
        for axis, values in zip(each.axes, each.values.T, strict=True):
            unit = units["gripper" in axis]
            unit = {"velocity": f"{unit}/s", "effort": ""}.get(each.quantity, unit)
            columns.append(Column(f"{axis} {each.quantity}", unit, values.astype(np.float64)))
    return Signals(np.arange(len(series[0].values)) / fps, tuple(columns))


def picture_of_both(recording: Recording, camera: str) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """The first frame as RGB (left) and as BGR (right), side by side, RGB."""
    both = recording.first_both_ways(camera)
    return np.hstack([both["rgb"], np.zeros_like(both["rgb"][:, :8]), both["bgr"]])
