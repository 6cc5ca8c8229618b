"""Pages of review: what waits, and one annotation with its verdict."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.accounts.models import Project
from apps.accounts.permissions import REVIEW, access_project_by_slug
from apps.annotation.checks import chosen_subtask
from apps.annotation.document import SIDES
from apps.annotation.guidance import read_guidance
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.core.errors import AppError
from apps.core.sentences import say
from apps.episodes.selectors import head_camera
from apps.review.models import Verdict
from apps.review.selectors import waiting_for
from apps.review.services import review_start, verdict_give
from ml.symbols import Size, print_codes, to_normalized


@login_required
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=REVIEW)
    waiting = waiting_for(request.user, project.pk).prefetch_related("episode__cameras")
    return render(request, "review/queue.html", {"project": project, "waiting": waiting})


@login_required
@require_POST
def begin(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Take an annotation into review and show it."""
    annotation = access_annotation(request.user, annotation_id, need=REVIEW)
    permissions = annotation.episode.project.permissions
    review_start(annotation=annotation, by=request.user, permissions=permissions)
    return redirect("review", annotation.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, annotation_id: int) -> HttpResponse:
    annotation = access_annotation(request.user, annotation_id, need=REVIEW)
    project = annotation.episode.project
    problem = None
    if request.method == "POST":
        try:
            return _decide(request, annotation, project)
        except AppError as error:
            problem = error.message
            annotation = access_annotation(request.user, annotation_id, need=REVIEW)
    return render(request, "review/review.html", _context(request, annotation, problem))


def _decide(request: HttpRequest, annotation: Annotation, project: Project) -> HttpResponse:
    verdict = verdict_give(
        annotation=annotation,
        by=request.user,
        decision=request.POST.get("decision", ""),
        comment=request.POST.get("comment", ""),
        revision=int(revision) if (revision := request.POST.get("revision", "")).isdecimal() else -1,
        permissions=project.permissions,
    )
    messages.success(request, f"{annotation.episode}: {say(verdict.get_decision_display())}.")
    return redirect("review-queue", project.slug)


def _context(request: HttpRequest, annotation: Annotation, problem: str | None) -> dict[str, Any]:
    waiting = annotation.state in (Annotation.State.SUBMITTED, Annotation.State.IN_REVIEW)
    return {
        "annotation": annotation,
        "project": annotation.episode.project,
        "events": [_event_view(annotation, event) for event in annotation.document["events"]]
        if annotation.document["outcome"] == "failed"
        else [],
        "verdicts": annotation.verdicts.select_related("reviewer"),
        "can_decide": waiting and annotation.annotator_id != request.user.pk,
        "decisions": Verdict.Decision,
        "problem": problem,
        "comment": request.POST.get("comment", ""),
    }


def _event_view(annotation: Annotation, event: dict[str, Any]) -> dict[str, Any]:
    """One failure event in the words that the release will use."""
    words = chosen_subtask(event, annotation.told["subtasks"])
    subtask = f"{event['subtask']}. {words}" if words else "—"
    sides = [_side_view(annotation, event[side], side) for side in SIDES]
    return {**event, "subtask_text": subtask, "sides": sides}


def _side_view(annotation: Annotation, side: dict[str, Any], name: str) -> dict[str, Any]:
    camera = head_camera(annotation.episode)
    size = Size(camera.width, camera.height)
    guidance = read_guidance(side, annotation.episode.project)
    return {
        **side,
        "name": name,
        "title": f"{name.capitalize()} keyframe",
        "command_text": guidance.low_level,
        "codes": print_codes(to_normalized(symbol, size) for symbol in guidance.symbols),
        "contradiction": "; ".join(guidance.contradictions),
    }
