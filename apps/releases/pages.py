"""The page of a project's releases."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from apps.accounts.permissions import RELEASE, VIEW, access_project_by_slug
from apps.core.errors import AppError
from apps.core.sentences import say
from apps.releases.selectors import release_json, released_annotations
from apps.releases.services import release_create
from apps.releases.tasks import enqueue_pack


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    need = RELEASE if request.method == "POST" else VIEW
    project = access_project_by_slug(request.user, slug, need=need)
    if request.method == "POST":
        try:
            release, _ = release_create(project=project, by=request.user)
        except AppError as error:
            messages.error(request, say(error.message))
        else:
            enqueue_pack(release)
            holds = gettext("Version %(version)s holds %(episodes)s episodes.")
            said = holds % {"version": release.version, "episodes": release.counts["episodes"]}
            messages.success(request, said)
        return redirect("releases", project.slug)
    rows = [release_json(release) for release in project.releases.select_related("archive")]
    packing = any(row["state"] == "packing" for row in rows)
    context = {
        "project": project,
        "releases": rows,
        "packing": packing,
        "can_release": RELEASE in project.permissions,
        "approved": len(released_annotations(project)),
    }
    return render(request, "releases/releases.html", context)
