"""Pages of annotation: the annotator's page, and the way to it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.permissions import ANNOTATE, access_project_by_slug
from apps.annotation.queue import queue_next
from apps.annotation.selectors import access_annotation
from apps.annotation.services import episode_claim
from apps.episodes.selectors import head_camera


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
    context = {"annotation": annotation, "camera": head_camera(annotation.episode).name}
    return render(request, "annotation/annotate.html", context)
