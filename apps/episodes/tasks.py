"""Celery tasks of episodes: they take ids, fetch, and call a service."""

import logging

from celery import shared_task

from apps.accounts.models import User
from apps.episodes.ingest import episode_ingest, ingest_failed
from apps.episodes.models import Episode, Task, Upload
from apps.episodes.recordings import Said
from apps.episodes.uploaded_recordings import import_upload
from robot.formats.recording import Order

logger = logging.getLogger(__name__)


@shared_task(time_limit=3600)
def ingest_episode(episode_id: int) -> None:
    episode = Episode.objects.filter(pk=episode_id).first()
    if episode is None:
        return
    try:
        episode_ingest(episode=episode)
    except Exception:  # the boundary of the worker: logged with its trace, and tried again
        logger.exception("ingest of episode %s failed", episode_id)
        ingest_failed(
            episode=episode, why="This recording could not be read: the site had a fault, which it logged."
        )


@shared_task(reject_on_worker_lost=True)
def ingest_died(episode_id: int) -> None:
    """Runs when the process that decoded was killed or ran out of time; again, if it is killed itself."""
    episode = Episode.objects.filter(pk=episode_id).first()
    if episode is not None:
        ingest_failed(
            episode=episode, why="Decoding this recording stopped the decoder each time it was tried."
        )


@shared_task(time_limit=4 * 3600)
def import_recordings(
    upload_id: str,
    user_id: int,
    task: int | None = None,
    fps: float | None = None,
    order: Order | None = None,
    head: str = "",
) -> None:
    """The recordings in an upload, with what was said of them; `task` is an id."""
    upload = Upload.objects.select_related("blob", "project").filter(pk=upload_id).first()
    if upload is None:
        return
    said = Said(fps, order, head, Task.objects.filter(pk=task).first())
    import_upload(upload, User.objects.get(pk=user_id), said)
