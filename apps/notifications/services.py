"""Writes of notifications: who is told of an event, and what they have read."""

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from apps.accounts.models import Role, User
from apps.annotation.models import Annotation
from apps.core.errors import invalid
from apps.core.models import Event
from apps.episodes.models import Episode
from apps.notifications.models import Digest, Notification

Kind = Notification.Kind

ANNOTATION_VERBS: dict[str, Any] = {
    "approve": Kind.APPROVED,
    "send_back": Kind.SENT_BACK,
    "recall": Kind.SENT_BACK,
    "reopen": Kind.SENT_BACK,
}
EPISODE_VERBS: dict[str, Any] = {"assignee": Kind.ASSIGNED, "reject": Kind.INGEST_FAILED}


def notify(*, event: Event) -> list[Notification]:
    """The notifications of an event, in its transaction. Nobody is told of what they did themselves."""
    makers: dict[str, Callable[[Event], Iterable[Notification]]] = {
        "annotation": _of_annotation,
        "episode": _of_episode,
    }
    rows = makers[event.kind](event) if event.kind in makers else ()
    told = [row for row in rows if row.user_id != event.by_id]
    for row in told:  # not in bulk: their numbers are needed, and they are few
        row.save()
    return told


def _of_annotation(event: Event) -> Iterable[Notification]:
    kind = ANNOTATION_VERBS.get(event.verb)
    annotation = Annotation.objects.select_related("episode").filter(pk=event.subject).first()
    if kind and annotation:
        yield _row(event, kind, annotation.annotator_id, annotation.episode, annotation)


def _of_episode(event: Event) -> Iterable[Notification]:
    kind = EPISODE_VERBS.get(event.verb)
    episode = Episode.objects.filter(pk=event.subject).first()
    if kind is None or episode is None:
        return
    for user_id in _assignees(event) if kind == Kind.ASSIGNED else _responsible(episode):
        yield _row(event, kind, user_id, episode)


def _assignees(event: Event) -> list[int]:
    """By the name in the event: the episode's own row is written after it."""
    return list(User.objects.filter(username=event.why).values_list("pk", flat=True))


def _responsible(episode: Episode) -> list[int]:
    """Who brought the recording; the project's admins where a command did."""
    if episode.uploaded_by_id:
        return [episode.uploaded_by_id]
    admins = User.objects.filter(memberships__project=episode.project_id, memberships__role=Role.ADMIN)
    return list(admins.values_list("pk", flat=True))


def _row(
    event: Event, kind: str, user_id: int, episode: Episode, annotation: Annotation | None = None
) -> Notification:
    return Notification(
        user_id=user_id,
        project_id=episode.project_id,
        kind=kind,
        episode=episode,
        annotation=annotation,
        by_id=event.by_id,
        words="" if kind == Kind.ASSIGNED else event.why,
    )


def notifications_read(*, user: User, up_to: int) -> int:
    """Mark those up to that number as read; how many were unread."""
    rows = Notification.objects.filter(user=user, pk__lte=up_to, read=None)
    return rows.update(read=timezone.now())


def digest_set(*, user: User, every: str) -> Digest:
    if every not in Digest.Every.values:
        raise invalid(f"A digest comes {', '.join(Digest.Every.values)}.")
    digest, _ = Digest.objects.update_or_create(user=user, defaults={"every": every})
    return digest
