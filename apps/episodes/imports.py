"""Importing recordings that lie on this machine's disk, by the same services as uploads."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from apps.accounts.models import Project
from apps.core.errors import AppError, invalid
from apps.episodes.ingest import episode_ingest
from apps.episodes.models import Blob, Episode, Task
from apps.episodes.services import episode_create, signals_attach, task_create
from apps.episodes.signals import sidecar_of, signals_read
from apps.episodes.storage import blob_store_path, blobs_collect
from apps.episodes.video import Recording


def task_for_import(*, project: Project, name: str, description: str | None, subtasks: list[str]) -> Task:
    """The task of that name, made when it is new; another description for a known one is refused."""
    task = Task.objects.filter(project=project, name=name).first()
    if task is None:
        return task_create(
            project=project, name=name, description=description or "", subtasks=subtasks, by=None
        )
    if description is not None and description.strip() != task.description:
        raise invalid(
            f"The task {name} is described as “{task.description}” already; leave --description out, "
            "or choose another name."
        )
    return task


@dataclass(frozen=True)
class Imported:
    """What became of one recording: a sentence, and whether it is in the project now."""

    sentence: str
    taken: bool


def import_recordings(*, task: Task, recordings: list[Recording]) -> Iterator[Imported]:
    """Store and ingest each recording here and now, with the signals beside it."""
    for recording in recordings:
        if recording.problem:
            yield Imported(recording.problem, taken=False)
            continue
        sources = {name: blob_store_path(Path(path)) for name, path in recording.cameras.items()}
        try:
            yield _import(task, recording.stem, sources)
        except AppError as error:
            blobs_collect(blob.pk for blob in sources.values())
            yield Imported(f"{recording.stem}: {error.message}", taken=False)


def _import(task: Task, stem: str, sources: dict[str, Blob]) -> Imported:
    """With the signals that lie beside the recording; `stem` is its path without camera and ending."""
    episode, created = episode_create(task=task, stem=Path(stem).name, sources=sources, by=None)
    told = _take_signals(episode, stem)
    if not created:
        blobs_collect(blob.pk for blob in sources.values())
        return Imported(f"{stem}: is there already, as {episode}{told}", taken=True)
    episode_ingest(episode=episode)
    sentence = f"{stem}: {episode}, {episode.state}{told}. {episode.rejection}".rstrip()
    return Imported(sentence, taken=episode.state == Episode.State.READY)


def _take_signals(episode: Episode, stem: str) -> str:
    """Attach the sidecar's signals to an episode that has none; what to add to its sentence."""
    sidecar = sidecar_of(stem)
    if sidecar is None or episode.signals_id is not None:
        return ""
    try:
        signals = signals_read(sidecar)
    except AppError as error:
        return f"; {error.message.removesuffix('.')}"
    signals_attach(episode=episode, signals=signals)
    return f", with {len(signals.columns)} signals"
