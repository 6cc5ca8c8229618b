"""Roles and what each may do; the one place where a project's wall is checked."""

from collections.abc import Mapping
from typing import Any

from apps.accounts.models import Membership, Project, Role, Token, User
from apps.core.errors import AppError, forbidden, not_found

VIEW, UPLOAD, ANNOTATE, REVIEW, MANAGE, RELEASE, LIVE = (
    "view", "upload", "annotate", "review", "manage", "release", "live",
)  # fmt: skip
PREDICT = "predict"  # tell the queue what a model says: for those who run models, and for machines

ROLE_PERMISSIONS: Mapping[Any, frozenset[str]] = {
    Role.ANNOTATOR: frozenset({VIEW, UPLOAD, ANNOTATE}),
    Role.REVIEWER: frozenset({VIEW, UPLOAD, ANNOTATE, REVIEW}),
    Role.OPERATOR: frozenset({VIEW, UPLOAD, LIVE, PREDICT}),
    Role.ADMIN: frozenset({VIEW, UPLOAD, ANNOTATE, REVIEW, MANAGE, RELEASE, LIVE, PREDICT}),
}
SCOPE_PERMISSIONS: Mapping[Any, frozenset[str]] = {
    Token.Scope.READ: frozenset({VIEW}),
    Token.Scope.UPLOAD: frozenset({VIEW, UPLOAD, PREDICT}),
    Token.Scope.LIVE: frozenset({VIEW, LIVE}),
}


def membership_of(user: User, project_id: int, what: str = "project") -> Membership:
    """Raises `not_found` for an outsider: for them nothing in this project exists."""
    if not user.is_authenticated:
        raise AppError("not_authenticated", "Please log in first.", status=401)
    projects = Project.objects.filter(pk=project_id)  # none for a number beyond what the database can compare
    try:
        return Membership.objects.select_related("project", "project__taxonomy").get(
            user=user, project__in=projects
        )
    except Membership.DoesNotExist:
        raise not_found(what) from None


def permissions_of(user: User, membership: Membership, what: str = "project") -> frozenset[str]:
    """What this person may do here, cut to the token's scopes when the request came with a token."""
    allowed = ROLE_PERMISSIONS[membership.role]
    if user.token is None:
        return allowed
    if user.token.project_id != membership.project_id:
        raise not_found(what)
    return allowed & frozenset().union(*(SCOPE_PERMISSIONS[scope] for scope in user.token.scopes))


def access_project(user: User, project_id: int, *, need: str = VIEW, what: str = "project") -> Project:
    """The project, when `user` is a member whose role has `need`; raises `not_found` or `forbidden`.

    `what` is the thing in the project that was asked for, as the sentence names it. The permissions found
    travel with the project as `project.permissions`, for transitions and pages.
    """
    membership = membership_of(user, project_id, what)
    permissions = permissions_of(user, membership, what)
    if need not in permissions:
        raise forbidden(membership.role, need)
    project = membership.project
    project.role, project.permissions = membership.role, permissions
    return project


def access_project_by_slug(user: User, slug: str, *, need: str = VIEW) -> Project:
    """As `access_project`, for the addresses of pages."""
    project_id = Project.objects.filter(slug=slug).values_list("pk", flat=True).first()
    if project_id is None:
        raise not_found("project")
    return access_project(user, project_id, need=need)
