"""News for the pages that are open: who hears what is decided by the group it is sent to."""

import logging
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis import RedisError

logger = logging.getLogger(__name__)

News = dict[str, Any]


def project_group(project_id: int) -> str:
    """Everybody who is a member: episodes."""
    return f"project-{project_id}"


def queue_group(project_id: int) -> str:
    """Everybody who is a member, on pages about several projects: that something changed, and not what."""
    return f"queue-{project_id}"


def reviewers_group(project_id: int) -> str:
    """Those who may see everybody's work: annotations."""
    return f"reviewers-{project_id}"


def person_group(user_id: int) -> str:
    """One person: their own work, and what they are notified of."""
    return f"person-{user_id}"


def tell(*news: tuple[str, News]) -> None:
    """Send each (group, body) to whoever listens; bodies have a `type`.

    Only news: pages read the state itself whenever they connect, so nothing is lost where this fails.
    """
    _send([(group, {"type": "news", "body": body}) for group, body in news])


def check_again(*groups: str) -> None:
    """Have everybody who listens in these groups asked once more whether they may."""
    _send([(group, {"type": "check.again"}) for group in groups])


def _send(messages: Iterable[tuple[str, News]]) -> None:
    async def send() -> None:
        layer = get_channel_layer()
        for group, message in messages:
            await layer.group_send(group, message)

    try:
        async_to_sync(send)()
    except (RedisError, OSError):
        logger.info("nobody was told: the channel layer is down")
