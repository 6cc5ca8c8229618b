"""A project's page of people: members, roles, invitations, tokens."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.invitations import invitation_create, invitation_revoke
from apps.accounts.models import Membership, Project, Role, Token
from apps.accounts.permissions import MANAGE, VIEW, access_project_by_slug
from apps.accounts.selectors import invitations_of, tokens_of
from apps.accounts.services import member_remove, member_set
from apps.accounts.tokens import token_create, token_revoke
from apps.core.errors import AppError, invalid, not_found
from apps.core.sentences import say

NOTE_LIMIT, NAME_LIMIT = 120, 80


@login_required
@never_cache
@require_safe
def people(request: HttpRequest, slug: str) -> HttpResponse:
    return _page(request, access_project_by_slug(request.user, slug, need=VIEW))


def _page(request: HttpRequest, project: Project, **more: Any) -> HttpResponse:
    members = Membership.objects.filter(project=project).select_related("user").order_by("user__username")
    context = {
        "project": project,
        "members": members,
        "roles": Role.values,
        "can_manage": MANAGE in project.permissions,
        "invitations": invitations_of(project),
        "tokens": tokens_of(project),
        "scopes": Token.Scope.choices,
        "token_days": settings.TOKEN_DAYS,
    }
    return render(request, "accounts/people.html", {**context, **more})


@login_required
@require_POST
def set_member(request: HttpRequest, slug: str) -> HttpResponse:
    project = _managed(request, slug)
    name, role = request.POST.get("username", ""), request.POST.get("role", "")
    try:
        member_set(project=project, username=name, role=role, by=request.user)
    except AppError as error:
        messages.error(request, say(error.message))
    return redirect("people", slug)


@login_required
@require_POST
def remove_member(request: HttpRequest, slug: str) -> HttpResponse:
    project = _managed(request, slug)
    try:
        member_remove(project=project, username=request.POST.get("username", ""), by=request.user)
    except AppError as error:
        messages.error(request, say(error.message))
    return redirect("people", slug)


@login_required
@never_cache
@require_POST
def invite(request: HttpRequest, slug: str) -> HttpResponse:
    """The link is in this answer alone: a redirect would have to keep it somewhere."""
    project = _managed(request, slug)
    note = request.POST.get("note", "")[:NOTE_LIMIT]
    role = request.POST.get("role", "")
    _, secret = invitation_create(project=project, by=request.user, role=role, note=note)
    link = request.build_absolute_uri(reverse("invitation", args=(secret,)))
    made = {"title": "The invitation is made", "what": "Its link", "value": link}
    return _page(request, project, secret=made)


@login_required
@require_POST
def uninvite(request: HttpRequest, slug: str, invitation_id: int) -> HttpResponse:
    project = _managed(request, slug)
    invitation = project.invitations.filter(pk=invitation_id).first()
    if invitation is None:
        raise not_found("invitation")
    invitation_revoke(invitation=invitation)
    return redirect("people", slug)


@login_required
@never_cache
@require_POST
def make_token(request: HttpRequest, slug: str) -> HttpResponse:
    project = _managed(request, slug)
    name = request.POST.get("name", "").strip()[:NAME_LIMIT]
    if not name:
        raise invalid("A token needs a name.")
    try:
        scopes, days = request.POST.getlist("scopes"), _days(request)
        _, secret = token_create(project=project, by=request.user, name=name, scopes=scopes, days=days)
    except AppError as error:
        messages.error(request, say(error.message))
        return redirect("people", slug)
    made = {"title": "The token is made", "what": "Its secret", "value": secret}
    return _page(request, project, secret=made)


def _days(request: HttpRequest) -> int:
    days = request.POST.get("days", "")
    return int(days) if days.isascii() and days.isdigit() and len(days) < 6 else 0


@login_required
@require_POST
def revoke_token(request: HttpRequest, slug: str, token_id: int) -> HttpResponse:
    token = _managed(request, slug).tokens.filter(pk=token_id).first()
    if token is None:
        raise not_found("token")
    token_revoke(token=token)
    return redirect("people", slug)


def _managed(request: HttpRequest, slug: str) -> Project:
    return access_project_by_slug(request.user, slug, need=MANAGE)
