"""The home page: where a person's work is, in all their projects."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import Membership, User
from apps.accounts.permissions import ANNOTATE, MANAGE, REVIEW, ROLE_PERMISSIONS
from apps.accounts.selectors import projects_of
from apps.annotation.models import Annotation, WorkSession
from apps.annotation.queue import open_episodes, queue_next_anywhere
from apps.annotation.selectors import RELATED
from apps.annotation.services import episode_claim
from apps.core.sentences import say
from apps.episodes.models import Episode
from apps.notifications.selectors import notification_json, notifications_of
from apps.review.models import Comment
from apps.review.selectors import waiting_for

RECENT, NEWS = 8, 5


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    user = request.user
    projects = [_project(user, membership) for membership in projects_of(user)]
    mine = _mine(user)
    context = {
        "projects": projects,
        "annotates": any(row["annotates"] for row in projects),
        "open": sum(row["open"] for row in projects),
        "to_review": sum(row["to_review"] for row in projects),
        "sent_back": mine.filter(state=Annotation.State.SENT_BACK)[:RECENT],
        "begun": mine.filter(state=Annotation.State.OPEN)[:RECENT],
        "assigned": _assigned(user)[:RECENT],
        "today": _today(user),
        "news": [notification_json(row) | {"created": row.created} for row in notifications_of(user)[:NEWS]],
    }
    return render(request, "notifications/home.html", context)


def _project(user: User, membership: Membership) -> dict[str, Any]:
    allowed = ROLE_PERMISSIONS[membership.role]
    pk = membership.project_id
    return {
        "project": membership.project,
        "role": say(membership.role),
        "annotates": ANNOTATE in allowed,
        "reviews": REVIEW in allowed,
        "manages": MANAGE in allowed,
        "open": open_episodes(pk, user).count() if ANNOTATE in allowed else 0,
        "to_review": waiting_for(user, pk).count() if REVIEW in allowed else 0,
    }


def _mine(user: User) -> QuerySet[Annotation]:
    """One's own, latest first, with pictures and with the comments that nobody has answered."""
    unanswered = Comment.objects.filter(resolved=None).exclude(by=user).select_related("by")
    rows = Annotation.objects.filter(annotator=user, episode__project__in=projects_of(user).values("project"))
    rows = rows.select_related(*RELATED).prefetch_related(
        "episode__cameras", "verdicts__reviewer", Prefetch("comments", unanswered, to_attr="unanswered")
    )
    return rows.order_by("-pk")


def _assigned(user: User) -> QuerySet[Episode]:
    rows = Episode.objects.filter(assignee=user, state=Episode.State.READY)
    rows = rows.filter(project__in=projects_of(user).values("project"))
    begun = Annotation.objects.filter(annotator=user)
    return rows.exclude(annotations__in=begun).select_related("task").prefetch_related("cameras")


def _today(user: User) -> dict[str, Any]:
    """How many were handed in today, and the active seconds each, where they were measured."""
    done = Annotation.objects.filter(annotator=user, submitted__date=timezone.localdate())
    sessions = WorkSession.objects.filter(person=user, annotation__in=done)
    sums = sessions.aggregate(*map(Sum, ("diagnosis", "guidance", "texts")))
    total = sum(value or 0.0 for value in sums.values())
    count = done.count()
    return {"count": count, "seconds": round(total / count) if count and total else None}


@login_required
@require_POST
def take_next(request: HttpRequest) -> HttpResponse:
    """The best open episode of any project, what was sent back first."""
    episode = queue_next_anywhere(by=request.user)
    if episode is None:
        messages.info(request, gettext("There is no open episode for you right now."))
        return redirect("home")
    annotation, _ = episode_claim(episode=episode, by=request.user)
    return redirect("annotate", annotation.pk)
