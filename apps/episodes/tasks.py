"""Celery tasks of episodes: they take ids, fetch, and call a service."""

import logging

from celery import shared_task

from apps.episodes.ingest import episode_ingest, ingest_failed
from apps.episodes.models import Episode

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
