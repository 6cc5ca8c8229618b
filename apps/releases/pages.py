"""The pages of a project's releases, and of one release with its VQA data."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST
from rest_framework.exceptions import ValidationError

from apps.accounts.models import Project
from apps.accounts.permissions import RELEASE, VIEW, access_project_by_slug
from apps.core.api import as_app_error, read
from apps.core.errors import AppError, invalid
from apps.core.sentences import say
from apps.releases.api import VqaInput
from apps.releases.models import Release, VqaBuild
from apps.releases.selectors import (
    access_build,
    access_release_by_version,
    build_view,
    release_json,
    release_view,
    released_annotations,
)
from apps.releases.services import release_create
from apps.releases.tasks import enqueue_pack
from apps.releases.vqa import vqa_again, vqa_request
from ml.vqa.formats import FORMATS


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    need = RELEASE if request.method == "POST" else VIEW
    project = access_project_by_slug(request.user, slug, need=need)
    if request.method == "POST":
        return _release(request, project)
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


def _release(request: HttpRequest, project: Project) -> HttpResponse:
    try:
        release, _ = release_create(project=project, by=request.user)
    except AppError as error:
        messages.error(request, say(error.message))
        return redirect("releases", project.slug)
    enqueue_pack(release)
    holds = gettext("Version %(version)s holds %(episodes)s episodes.")
    said = holds % {"version": release.version, "episodes": release.counts["episodes"]}
    messages.success(request, said)
    return redirect("release", project.slug, release.version)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, slug: str, version: int) -> HttpResponse:
    need = RELEASE if request.method == "POST" else VIEW
    found = access_release_by_version(request.user, slug, version, need=need)
    if request.method == "POST":
        _request_build(request, found)
        return redirect("release", slug, version)
    return render(request, "releases/release.html", _context(found))


def _context(release: Release) -> dict[str, Any]:
    builds = [build_view(build) for build in release.vqa_builds.select_related("archive", "by")]
    return {
        "project": release.project,
        "release": release_view(release),
        "builds": builds,
        "charts": next((build["charts"] for build in builds if build["charts"]), []),
        "newest": next((build for build in builds if build["download"]), None),
        "formats": [name for name in FORMATS if name != "release"],
        "can_release": RELEASE in release.project.permissions,
    }


def _request_build(request: HttpRequest, release: Release) -> None:
    """Ask for VQA data with the form's options; a message says what became of it."""
    try:
        fields = {
            "seed": request.POST.get("seed") or 0,
            "controls": "controls" in request.POST,
            "formats": request.POST.getlist("formats"),
            "templates": _text_of(request.FILES.get("templates")),
            "split": _text_of(request.FILES.get("split")),
        }
        build = vqa_request(release=release, by=request.user, **read(VqaInput, fields))
    except (AppError, ValidationError) as error:
        known = as_app_error(error)
        messages.error(request, say(known.message) if known else "")
        return
    if build.state == VqaBuild.State.DONE:
        messages.info(request, gettext("The same data was built before: it is below."))


def _text_of(file: UploadedFile | None) -> str:
    if file is None:
        return ""
    if file.size > 200_000:
        raise invalid(f"{file.name} is too large for a file of settings.")
    try:
        return file.read().decode()
    except UnicodeDecodeError:
        raise invalid(f"{file.name} is no UTF-8 text.") from None


@login_required
@require_POST
def vqa_again_page(request: HttpRequest, build_id: int) -> HttpResponse:
    build = access_build(request.user, build_id, need=RELEASE)
    project = build.release.project
    try:
        vqa_again(build=build, by=request.user, permissions=project.permissions)
    except AppError as error:
        messages.error(request, say(error.message))
    return redirect("release", project.slug, build.release.version)
