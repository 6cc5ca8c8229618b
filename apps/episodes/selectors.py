"""Reads of episodes, and the access check of each thing where it is fetched."""

from typing import Any

from django.db.models import Count, Prefetch, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.permissions import VIEW, access_project
from apps.core.errors import AppError, not_found
from apps.core.sentences import say
from apps.episodes.models import Blob, Camera, Episode, Still, Task
from apps.episodes.signals import Signals, signals_read
from apps.episodes.storage import blob_as_path, blob_read
from apps.episodes.video import Index


def access_task(user: User, task_id: int, *, need: str = VIEW) -> Task:
    task = Task.objects.filter(pk=task_id).first()
    if task is None:
        raise not_found("task")
    task.project = access_project(user, task.project_id, need=need, what="task")
    return task


def access_episode(user: User, episode_id: int, *, need: str = VIEW) -> Episode:
    """The episode with task and project, when `user` has `need` there; else `not_found` or `forbidden`."""
    episode = Episode.objects.select_related("task").filter(pk=episode_id).first()
    if episode is None:
        raise not_found("episode")
    episode.project = access_project(user, episode.project_id, need=need, what="episode")
    return episode


def access_camera(user: User, episode_id: int, name: str, *, need: str = VIEW) -> Camera:
    episode = access_episode(user, episode_id, need=need)
    camera = episode.cameras.select_related("source").filter(name=name).first()
    if camera is None:
        raise not_found("camera")
    camera.episode = episode
    return camera


def access_blob(user: User, episode_id: int, sha256: str) -> Blob:
    """A file of the episode, by its digest: proxy, thumbnail, source or still of one of its cameras."""
    episode = access_episode(user, episode_id)
    blob = Blob.objects.filter(pk=sha256).first()
    if blob is None or not _belongs(blob, episode):
        raise not_found("file")
    return blob


def _belongs(blob: Blob, episode: Episode) -> bool:
    used = episode.cameras.values_list("source_id", "proxy_id", "thumbnail_id")
    return (
        any(blob.pk in row for row in used)
        or Still.objects.filter(camera__episode=episode, blob=blob).exists()
    )


def camera_index(camera: Camera) -> Index:
    """The frame index of an ingested camera; raises `not_ready` before that."""
    if camera.index is None:
        raise AppError("not_ready", "This recording is not ingested yet.", status=409)
    return Index.from_json(blob_read(camera.index).decode())


def episode_signals(episode: Episode) -> Signals:
    """The episode's signals; raises `no_signals` where its recording has none."""
    if episode.signals is None:
        raise AppError("no_signals", "This episode was recorded without signals.", status=404)
    with blob_as_path(episode.signals) as path:
        return signals_read(path)


def head_camera(episode: Episode) -> Camera:
    return next(camera for camera in episode.cameras.all() if camera.is_head)


def tasks_of(project_id: int) -> QuerySet[Task]:
    return Task.objects.filter(project_id=project_id).annotate(episode_count=Count("episodes"))


def task_json(task: Task) -> dict[str, Any]:
    """`episodes` only where the task came from `tasks_of`."""
    fields = {
        "id": task.pk,
        "name": task.name,
        "description": task.description,
        "subtasks": task.subtasks,
        "priority": task.priority,
    }
    return {**fields, "episodes": task.episode_count} if hasattr(task, "episode_count") else fields


def episodes_of(project_id: int, *, task: int | None = None, state: str | None = None) -> QuerySet[Episode]:
    rows = (
        Episode.objects.filter(project_id=project_id)
        .select_related("task", "assignee")
        .prefetch_related("cameras")
    )
    if task is not None:
        rows = rows.filter(task_id=task)
    return rows.filter(state=state) if state else rows


def with_samples(episodes: QuerySet[Episode]) -> QuerySet[Episode]:
    samples = Still.objects.filter(is_sample=True)
    return episodes.prefetch_related(Prefetch("cameras__stills", queryset=samples, to_attr="samples"))


def blob_url(episode_id: int, sha256: str | None) -> str | None:
    return reverse("api-media", args=(episode_id, sha256)) if sha256 else None


def still_json(episode_id: int, still: Still) -> dict[str, Any]:
    return {
        "number": still.number,
        "seconds": still.seconds,
        "sha256": still.blob_id,
        "url": blob_url(episode_id, still.blob_id),
    }


def camera_json(camera: Camera) -> dict[str, Any]:
    """With `samples` where the episode came through `with_samples`."""
    fields = {
        "name": camera.name,
        "is_head": camera.is_head,
        "width": camera.width,
        "height": camera.height,
        "fps": camera.fps,
        "frame_count": camera.frame_count,
        "duration": camera.seconds,
        "codec": camera.codec,
        "thumbnail": blob_url(camera.episode_id, camera.thumbnail_id),
        "proxy": blob_url(camera.episode_id, camera.proxy_id),
    }
    if hasattr(camera, "samples"):
        fields["samples"] = [still_json(camera.episode_id, still) for still in camera.samples]
    return fields


def episode_json(episode: Episode) -> dict[str, Any]:
    return {
        "id": episode.pk,
        "project": episode.project_id,
        "task": task_json(episode.task),
        "number": episode.number,
        "stem": episode.stem,
        "state": episode.state,
        "rejection": say(episode.rejection),
        "progress": episode.progress,
        "priority": episode.priority,
        "assignee": episode.assignee.username if episode.assignee else None,
        "has_signals": episode.signals_id is not None,
        "cameras": [camera_json(camera) for camera in episode.cameras.all()],
    }
