"""Pages of annotation: home and the annotator's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.permissions import ANNOTATE, ROLE_PERMISSIONS, access_project_by_slug
from apps.accounts.selectors import projects_of
from apps.annotation.models import Annotation
from apps.annotation.queue import open_episodes, queue_next
from apps.annotation.selectors import RELATED, access_annotation
from apps.annotation.services import episode_claim
from apps.core.sentences import say
from apps.episodes.models import Episode
from apps.episodes.selectors import head_camera

RECENT = 12


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where a person's work is: the next episode, what was sent back, what they began."""
    mine = Annotation.objects.filter(annotator=request.user).select_related(*RELATED)
    mine = mine.exclude(episode__state=Episode.State.WITHDRAWN)
    mine = mine.prefetch_related("episode__cameras").order_by("-pk")
    today = Q(submitted__date=timezone.localdate())
    context = {
        "projects": [
            {
                "project": membership.project,
                "role_name": say(membership.role),
                "can_annotate": ANNOTATE in ROLE_PERMISSIONS[membership.role],
                "open": open_episodes(membership.project_id, request.user).count(),
            }
            for membership in projects_of(request.user)
        ],
        "sent_back": mine.filter(state=Annotation.State.SENT_BACK)[:RECENT],
        "begun": mine.filter(state=Annotation.State.OPEN).exclude(episode__skips__by=request.user)[:RECENT],
        "counts": mine.aggregate(
            today=Count("pk", filter=today), approved=Count("pk", filter=Q(state="approved"))
        ),
    }
    return render(request, "annotation/home.html", context)


@login_required
@require_POST
def take_next(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=ANNOTATE)
    episode = queue_next(project_id=project.pk, by=request.user)
    if episode is None:
        messages.info(
            request,
            gettext("There is no open episode for you in %(project)s right now.") % {"project": project.name},
        )
        return redirect("home")
    annotation, _ = episode_claim(episode=episode, by=request.user)
    return redirect("annotate", annotation.pk)


@login_required
@require_safe
def annotate(request: HttpRequest, annotation_id: int) -> HttpResponse:
    annotation = access_annotation(request.user, annotation_id)
    camera = head_camera(annotation.episode).name
    context = {"annotation": annotation, "camera": camera, "ahead": _asked_for(annotation, camera)}
    return render(request, "annotation/annotate.html", context)


def _asked_for(annotation: Annotation, camera: str) -> list[str]:
    """What the page's script asks the API for first: the browser does while it still reads the script."""
    episode = annotation.episode
    return [
        f"annotations/{annotation.pk}/",
        f"annotations/{annotation.pk}/verdicts/",
        f"episodes/{episode.pk}/",
        f"episodes/{episode.pk}/cameras/{camera}/index/",
        f"projects/{episode.project_id}/",
    ]
