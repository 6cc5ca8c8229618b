"""Importing recordings that lie on this machine's disk, by the same services as uploads."""

from collections.abc import Iterator
from pathlib import Path

from apps.accounts.models import Project
from apps.core.errors import invalid
from apps.episodes.ingest import episode_ingest
from apps.episodes.models import Task
from apps.episodes.services import episode_create, task_create
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


def import_recordings(*, task: Task, recordings: list[Recording]) -> Iterator[str]:
    """Store and ingest each recording here and now; yields one sentence for each."""
    for recording in recordings:
        if recording.problem:
            yield recording.problem
            continue
        sources = {name: blob_store_path(Path(path)) for name, path in recording.cameras.items()}
        episode, created = episode_create(task=task, stem=Path(recording.stem).name, sources=sources, by=None)
        if not created:
            blobs_collect(blob.pk for blob in sources.values())
            yield f"{recording.stem}: is there already, as {episode}"
            continue
        episode_ingest(episode=episode)
        yield f"{recording.stem}: {episode}, {episode.state}. {episode.rejection}".rstrip()
