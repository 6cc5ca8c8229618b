"""Pages of rollouts: a project's runs, one trial with its timeline, and the robot live."""

import re

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.permissions import access_project_by_slug
from apps.rollouts.live import robots_of
from apps.rollouts.selectors import access_rollout, run_json, runs_of

SLUG = re.compile(r"[-a-zA-Z0-9_]{1,64}")


@login_required
@require_safe
def runs(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug)
    rows = [run_json(run) for run in runs_of(project.pk)]
    return render(request, "rollouts/runs.html", {"project": project, "runs": rows})


@login_required
@require_safe
def rollout(request: HttpRequest, rollout_id: int) -> HttpResponse:
    shown = access_rollout(request.user, rollout_id)
    return render(request, "rollouts/rollout.html", {"project": shown.project, "rollout": shown})


@login_required
@require_safe
def live(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug)
    robots = robots_of(project.pk)
    chosen = request.GET.get("robot", robots[0] if robots else "")
    context = {"project": project, "robots": robots, "robot": chosen if SLUG.fullmatch(chosen) else ""}
    return render(request, "rollouts/live.html", context)
