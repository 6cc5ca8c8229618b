"""What people do about the queue: annotators skip and flag; admins order, assign, reopen, mark gold."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Membership, Project, User
from apps.accounts.permissions import ANNOTATE, MANAGE, ROLE_PERMISSIONS, access_project
from apps.annotation.leases import lease_release
from apps.annotation.models import Annotation, Flag, Gold, QueueSettings, Skip
from apps.annotation.states import annotation_states
from apps.core.errors import conflict, invalid, not_found
from apps.core.models import Event
from apps.core.states import require_reason
from apps.episodes.models import Episode


@transaction.atomic
def episode_skip(*, episode: Episode, by: User, reason: str) -> Skip:
    """Pass this episode on to somebody else; what was begun stays. Gives the lease back."""
    reason = require_reason(reason)
    if Annotation.objects.filter(episode=episode, annotator=by).exclude(state="open").exists():
        raise conflict("handed_in", "You handed this episode in; there is nothing to skip.")
    skip, _ = Skip.objects.update_or_create(episode=episode, by=by, defaults={"reason": reason})
    Event.record("episode", episode, "skip", by=by, why=reason)
    lease_release(episode=episode, by=by)
    return skip


@transaction.atomic
def episode_flag(*, episode: Episode, by: User, reason: str) -> Flag:
    """Say that something is wrong with the episode: nobody gets it until an admin has answered."""
    flag = Flag.objects.create(episode=episode, by=by, reason=require_reason(reason))
    Event.record("episode", episode, "flag", by=by, why=flag.reason)
    lease_release(episode=episode, by=by)
    return flag


@transaction.atomic
def flag_resolve(*, flag: Flag, by: User, answer: str) -> Flag:
    """The episode is in the queue again. Raises `resolved` when somebody answered already."""
    answer = require_reason(answer)
    open_flag = Flag.objects.filter(pk=flag.pk, resolved=None)
    if not open_flag.update(resolved=timezone.now(), resolved_by=by, answer=answer):
        raise conflict("resolved", "Somebody has answered this flag already.")
    Event.record("episode", flag.episode, "unflag", by=by, why=answer)
    return Flag.objects.select_related("by", "resolved_by", "episode__task").get(pk=flag.pk)


def access_flag(user: User, flag_id: int) -> Flag:
    flag = Flag.objects.select_related("episode").filter(pk=flag_id).first()
    if flag is None:
        raise not_found("flag")
    access_project(user, flag.episode.project_id, need=MANAGE, what="flag")
    return flag


def flags_of(project_id: int) -> QuerySet[Flag]:
    """Those that wait for an answer first."""
    rows = Flag.objects.filter(episode__project_id=project_id)
    return rows.select_related("by", "resolved_by", "episode__task").order_by("resolved", "pk")


def flag_json(flag: Flag) -> dict[str, Any]:
    return {
        "id": flag.pk,
        "episode": flag.episode_id,
        "task": flag.episode.task.name,
        "number": flag.episode.number,
        "by": flag.by.username,
        "reason": flag.reason,
        "created": flag.created,
        "resolved": flag.resolved,
        "resolved_by": flag.resolved_by.username if flag.resolved_by else None,
        "answer": flag.answer,
    }


@transaction.atomic
def episode_place(*, episode: Episode, by: User, **fields: Any) -> Episode:
    """Set `priority`, or `assignee` (a name, or None for anybody). Raises `no_such_user`."""
    if "assignee" in fields:
        fields["assignee"] = _annotator(episode.project, fields["assignee"])
    for name, value in fields.items():
        setattr(episode, name, value)
        Event.record("episode", episode, name, by=by, why="" if value is None else str(value))
    episode.save(update_fields=list(fields))
    return episode


def _annotator(project: Project, username: str | None) -> User | None:
    if username is None:
        return None
    members = Membership.objects.filter(project=project, user__username=username)
    member = members.select_related("user").first()
    if member is None or ANNOTATE not in ROLE_PERMISSIONS[member.role]:
        raise invalid(f"{username} does not annotate in this project.", code="no_such_user")
    return member.user


def annotation_reopen(*, annotation: Annotation, by: User, reason: str, permissions: frozenset[str]) -> None:
    """Give handed-in or approved work back to its author."""
    annotation_states.move(annotation, "reopen", by=by, permissions=permissions, why=reason.strip())


@transaction.atomic
def settings_change(*, project: Project, by: User, **fields: Any) -> QueueSettings:
    row, _ = QueueSettings.objects.select_for_update().get_or_create(project=project)
    for name, value in fields.items():
        setattr(row, name, value)
    row.save()
    Event.record("project", project, "queue", by=by, why=", ".join(f"{k}={v}" for k, v in fields.items()))
    return row


@transaction.atomic
def gold_mark(*, annotation: Annotation, by: User) -> Gold:
    """Measure others by this approved annotation; one for each episode."""
    if annotation.state != Annotation.State.APPROVED:
        raise conflict("not_approved", "Only an approved annotation can be gold.")
    if Gold.objects.filter(annotation__episode=annotation.episode).exists():
        raise conflict("gold_already", "This episode has a gold annotation already.")
    gold = Gold.objects.create(annotation=annotation, by=by)
    Event.record("annotation", annotation, "gold", by=by)
    return gold


@transaction.atomic
def gold_unmark(*, gold: Gold, by: User) -> None:
    Event.record("annotation", gold.annotation, "ungold", by=by)
    gold.delete()


def access_gold(user: User, gold_id: int) -> Gold:
    gold = Gold.objects.select_related("annotation__episode").filter(pk=gold_id).first()
    if gold is None:
        raise not_found("gold annotation")
    access_project(user, gold.annotation.episode.project_id, need=MANAGE, what="gold annotation")
    return gold
