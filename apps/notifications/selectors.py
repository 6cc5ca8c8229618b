"""Reads of notifications. They are a person's own; of projects that they left they hear nothing any more."""

from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from apps.accounts.models import User
from apps.accounts.selectors import projects_of
from apps.core.sentences import say
from apps.episodes.models import Camera
from apps.episodes.selectors import blob_url
from apps.notifications.models import Digest, Notification

RELATED = ("project", "episode__task", "by")
LATEST = 50


def notifications_of(user: User) -> QuerySet[Notification]:
    """Latest first."""
    mine = projects_of(user).order_by().values("project")
    heads = Prefetch("episode__cameras", queryset=Camera.objects.filter(is_head=True), to_attr="heads")
    rows = Notification.objects.filter(user=user, project__in=mine)
    return rows.select_related(*RELATED).prefetch_related(heads)


def unread_count(user: User) -> int:
    return notifications_of(user).filter(read=None).count()


def digest_of(user: User) -> str:
    digest = Digest.objects.filter(user=user).first()
    return digest.every if digest else str(Digest.Every.NEVER)


def sentence_of(row: Notification) -> str:
    """English, with its data in it; `say` translates it."""
    who = row.by.username if row.by else "the site"
    match row.kind:
        case Notification.Kind.SENT_BACK:
            message = f"{row.episode} was sent back by {who}."
        case Notification.Kind.APPROVED:
            message = f"{row.episode} was approved by {who}."
        case Notification.Kind.ASSIGNED:
            message = f"{row.episode} was assigned to you by {who}."
        case Notification.Kind.INGEST_FAILED:
            message = f"{row.episode} could not be taken in."
        case _:
            message = f"The drafts that you asked for in {row.project} are ready."
    return message


def link_of(row: Notification) -> str:
    """Where one goes from it."""
    if row.annotation_id:
        return reverse("annotate", args=(row.annotation_id,))
    return reverse("project", args=(row.project.slug,))


def notification_json(row: Notification) -> dict[str, Any]:
    heads = getattr(row.episode, "heads", [])
    return {
        "id": row.pk,
        "kind": row.kind,
        "project": row.project.name,
        "sentence": say(sentence_of(row)),
        "words": say(row.words),
        "link": link_of(row),
        "thumbnail": blob_url(row.episode_id, heads[0].thumbnail_id) if heads else None,
        "created": row.created.isoformat(),
        "read": row.read is not None,
    }
