"""Reads of accounts."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import Invitation, Membership, Project, Token, User
from apps.core.errors import invalid


def projects_of(user: User) -> QuerySet[Membership]:
    """The memberships of `user` with their projects, by name; only the token's project for a token."""
    rows = Membership.objects.filter(user=user).select_related("project").order_by("project__name")
    return rows.filter(project_id=user.token.project_id) if user.token else rows


def project_json(project: Project) -> dict[str, Any]:
    """`project` as `access_project` returned it, with the asker's role and permissions."""
    return {
        "id": project.pk,
        "name": project.name,
        "slug": project.slug,
        "role": project.role,
        "permissions": sorted(project.permissions),
        "taxonomy": project.taxonomy.content,
        "embodiment": project.embodiment,
    }


def project_named(name: str) -> Project:
    """For commands: by name or slug; raises `no_such_project` and names those that exist."""
    project = Project.objects.filter(name=name).first() or Project.objects.filter(slug=name).first()
    if project is None:
        known = ", ".join(Project.objects.order_by("name").values_list("name", flat=True)) or "none yet"
        raise invalid(f"There is no project named {name}; there is: {known}.", code="no_such_project")
    return project


def tokens_of(project: Project) -> QuerySet[Token]:
    """Those that work, the newest first."""
    living = project.tokens.filter(revoked=None, expires__gt=timezone.now())
    return living.select_related("made_by").order_by("-pk")


def invitations_of(project: Project) -> QuerySet[Invitation]:
    """Those that wait for somebody, the newest first."""
    waiting = project.invitations.filter(revoked=None, accepted=None, expires__gt=timezone.now())
    return waiting.select_related("made_by").order_by("-pk")
