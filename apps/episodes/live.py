"""What happens to episodes, told at once to the pages that look at their project."""

import logging

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis import RedisError

from apps.episodes.models import Episode
from apps.episodes.selectors import episode_json

logger = logging.getLogger(__name__)


def group_of(project_id: int) -> str:
    return f"project-{project_id}"


def announce(episode: Episode) -> None:
    """Send the episode as it is now to everybody who watches its project."""
    message = {"type": "episode", "episode": episode_json(episode)}
    send = async_to_sync(get_channel_layer().group_send)
    try:
        send(group_of(episode.project_id), {"type": "project.message", "body": message})
    except (RedisError, OSError):  # the news only: pages read the state itself when they come back
        logger.info("nobody was told of episode %s: the channel layer is down", episode.pk)
