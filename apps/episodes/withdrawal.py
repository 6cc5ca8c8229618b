"""Withdrawing an episode: its media are erased for good, and what used it is told."""

from collections.abc import Callable
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.episodes.models import Episode, Still
from apps.episodes.states import episode_states
from apps.episodes.storage import blobs_collect

FILES = ("source", "proxy", "thumbnail", "index")
Use = dict[str, Any]  # kind, id, title, url
_finders: list[Callable[[Episode], list[Use]]] = []


def uses_found_by(finder: Callable[[Episode], list[Use]]) -> None:
    """A later app says, once at its start, how it finds what it made of an episode."""
    if finder not in _finders:
        _finders.append(finder)


def uses_of(episode: Episode) -> list[Use]:
    """What the episode went into: releases, models, runs, each as `{kind, id, title, url}`."""
    return [use for finder in _finders for use in finder(episode)]


@transaction.atomic
def episode_withdraw(*, episode: Episode, by: User, reason: str, permissions: frozenset[str]) -> list[Use]:
    """Erase recordings, stills, proxies and signals; what was annotated stays as words. Locks the episode.

    Bytes that another episode has too stay where they are. What was packed or trained before cannot be taken
    back from here: it is what is returned.
    """
    episode_states.move(episode, "withdraw", by=by, permissions=permissions, why=reason.strip())
    digests = _digests(episode)
    Still.objects.filter(camera__episode=episode).delete()
    episode.cameras.update(**dict.fromkeys(FILES))
    Episode.objects.filter(pk=episode.pk).update(signals=None)
    transaction.on_commit(lambda: blobs_collect(digests))
    return uses_of(episode)


def _digests(episode: Episode) -> set[str]:
    rows = episode.cameras.values_list(*(f"{name}_id" for name in FILES))
    stills = Still.objects.filter(camera__episode=episode).values_list("blob_id", flat=True)
    return {each for row in rows for each in row if each} | set(stills) | {episode.signals_id} - {None}
