"""Drafts as they are written, told to the pages that look at their annotation."""

import logging
import time

import jiter
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from redis import RedisError

from apps.drafting.models import Draft
from apps.drafting.selectors import draft_json
from ml.prompts import TEXTS

logger = logging.getLogger(__name__)
EVERY = 0.1  # seconds between two pieces of news: a page redraws no sooner


def group_of(annotation_id: int) -> str:
    return f"drafts-{annotation_id}"


def announce(draft: Draft) -> None:
    """Send the draft as it is now; each piece of news has all of it, so that one that is lost is no loss."""
    send = async_to_sync(get_channel_layer().group_send)
    message = {"type": "draft", "draft": draft_json(draft)}
    try:
        send(group_of(draft.annotation_id), {"type": "draft.message", "body": message})
    except (RedisError, OSError):  # the news only: pages read the state itself when they come back
        logger.info("nobody was told of draft %s: the channel layer is down", draft.pk)


class Telling:
    """Tells the pages of one draft what is written of it so far, not more often than they can show."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._told = 0.0

    def __call__(self, answer: str) -> None:
        if time.monotonic() - self._told < EVERY:
            return
        self._draft.texts = texts_so_far(answer)
        announce(self._draft)
        self._told = time.monotonic()


def texts_so_far(answer: str) -> dict[str, str]:
    """The texts in the beginning of an answer; the last of them may end in the middle of a word."""
    begun = answer.rfind("{")
    if begun < 0 or "<think" in answer[begun:].lower():
        return {}
    try:
        value = jiter.from_json(answer[begun:].encode(), partial_mode="trailing-strings")
    except ValueError:
        return {}
    found = value if isinstance(value, dict) else {}
    return {ours: found[theirs] for theirs, ours in TEXTS.items() if isinstance(found.get(theirs), str)}
