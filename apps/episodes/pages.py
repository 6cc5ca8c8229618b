"""The page of a project: its tasks, its episodes, and where recordings are dropped."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.permissions import access_project_by_slug


@login_required
@require_safe
def project(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "episodes/project.html", {"project": access_project_by_slug(request.user, slug)})
