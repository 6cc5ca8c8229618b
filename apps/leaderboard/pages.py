"""The page of a project's leaderboard."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST, require_safe
from rest_framework.exceptions import ValidationError

from apps.accounts.permissions import RELEASE, access_project_by_slug
from apps.core.api import as_app_error, read
from apps.core.errors import AppError, not_found
from apps.core.sentences import say
from apps.leaderboard.api import ASKED_CONTROLS, RunAgainApi, RunInput
from apps.leaderboard.endpoints import endpoints
from apps.leaderboard.selectors import GAPS, access_run, builds_to_run, leaderboard
from apps.leaderboard.services import run_again, run_delete, run_import, run_request
from apps.releases.selectors import access_build
from ml.bench.report_tables import CONTROLS


@login_required
@require_safe
def board(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug)
    context = {
        "project": project,
        "can_release": RELEASE in project.permissions,
        "models": list(endpoints()),
        "builds": builds_to_run(project),
        "controls": [(name, CONTROLS[name]) for name in ASKED_CONTROLS],
        "gaps": list(GAPS.values()),
        **leaderboard(project),
    }
    return render(request, "leaderboard/leaderboard.html", context)


@login_required
@require_POST
def hand_in(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=RELEASE)
    files = request.FILES.getlist("files")

    def do() -> str:
        run = run_import(project=project, by=request.user, files=files)
        return gettext("%(model)s stands on the leaderboard now.") % {"model": run.model}

    return _done(request, slug, do)


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=RELEASE)
    form = request.POST
    fields: dict[str, Any] = {
        "vqa": form.get("vqa"),
        "model": form.get("model"),
        "groups": form.getlist("groups"),
        "controls": form.getlist("controls"),
        "limit_cost": form.get("limit_cost") or 0,
    }

    def do() -> str:
        known = read(RunInput, fields)
        build = access_build(request.user, known.pop("vqa"), need=RELEASE)
        if build.release.project_id != project.pk:
            raise not_found("VQA build")
        run_request(build=build, by=request.user, **known)
        return ""

    return _done(request, slug, do)


@login_required
@require_POST
def again(request: HttpRequest, run_id: int) -> HttpResponse:
    run = access_run(request.user, run_id, need=RELEASE)
    fields = {"limit_cost": request.POST["limit_cost"]} if request.POST.get("limit_cost") else {}

    def do() -> str:
        told = read(RunAgainApi.RunAgainInput, fields)
        run_again(run=run, by=request.user, permissions=run.project.permissions, **told)
        return ""

    return _done(request, run.project.slug, do)


@login_required
@require_POST
def delete(request: HttpRequest, run_id: int) -> HttpResponse:
    run = access_run(request.user, run_id, need=RELEASE)
    run_delete(run=run, by=request.user)
    return redirect("leaderboard", run.project.slug)


def _done(request: HttpRequest, slug: str, do: Callable[[], str]) -> HttpResponse:
    """Do it, and say what came of it on the board."""
    try:
        said = do()
    except (AppError, ValidationError) as error:
        known = as_app_error(error)
        messages.error(request, say(known.message) if known else "")
    else:
        if said:
            messages.success(request, said)
    return redirect("leaderboard", slug)
