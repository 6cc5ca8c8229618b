"""Celery tasks of episodes: they take ids, fetch, and call a service."""

from celery import shared_task

from apps.episodes.ingest import episode_ingest, episode_reject
from apps.episodes.models import Episode


@shared_task(time_limit=3600)
def ingest_episode(episode_id: int) -> None:
    episode = Episode.objects.filter(pk=episode_id).first()
    if episode is not None:
        episode_ingest(episode=episode)


@shared_task
def ingest_died(episode_id: int) -> None:
    """Runs when the process that decoded was killed or ran out of time: the recording is to blame."""
    episode = Episode.objects.filter(pk=episode_id).first()
    if episode is not None:
        episode_reject(
            episode=episode, why="Decoding this recording stopped the decoder; the file is probably damaged."
        )
