"""Pages of review: what waits, and one annotation with its verdict."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.permissions import REVIEW, access_project_by_slug
from apps.annotation.selectors import access_annotation


@login_required
@require_safe
def queue(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=REVIEW)
    return render(request, "review/queue.html", {"project": project})


@login_required
@require_safe
def review(request: HttpRequest, annotation_id: int) -> HttpResponse:
    annotation = access_annotation(request.user, annotation_id, need=REVIEW)
    return render(request, "review/review.html", {"annotation": annotation})
