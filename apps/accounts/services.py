"""Writes of accounts: projects and their members."""

from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.text import slugify

from apps.accounts.models import Membership, Project, Role, Taxonomy, User
from apps.accounts.taxonomy import PAPER_TAXONOMY, embodiment_check
from apps.core.errors import conflict, invalid
from apps.core.models import Event


@transaction.atomic
def project_create(*, name: str, by: User, embodiment: dict[str, Any] | None = None) -> Project:
    """A new project on the paper's taxonomy, with `by` as its admin."""
    slug = slugify(name)
    if not slug:
        raise invalid("A project's name needs at least one letter or digit.")
    if Project.objects.filter(name=name).exists() or Project.objects.filter(slug=slug).exists():
        raise conflict("name_taken", f"There is a project named {name} already.")
    taxonomy, _ = Taxonomy.objects.get_or_create(
        version=PAPER_TAXONOMY["version"], defaults={"content": PAPER_TAXONOMY}
    )
    project = Project.objects.create(
        name=name, slug=slug, taxonomy=taxonomy, embodiment=embodiment_check(embodiment or {})
    )
    Membership.objects.create(project=project, user=by, role=Role.ADMIN)
    Event.record("project", project, "create", by=by)
    return project


def project_named_or_new(*, name: str, role: str, by: User) -> Project:
    """For commands: the project of that name or slug; made for its first admin, and for nobody else."""
    known = Project.objects.filter(Q(name=name) | Q(slug=name)).first()
    if known is None and role != Role.ADMIN:
        raise invalid(f"There is no project named {name}: begin it with its admin.", code="no_such_project")
    return known or project_create(name=name, by=by)


@transaction.atomic
def member_set(*, project: Project, username: str, role: str, by: User) -> Membership:
    """Give `username` a role here; the last admin keeps theirs. Locks the project's memberships."""
    user = User.objects.filter(username=username).first()
    if user is None:
        raise invalid(f"There is nobody named {username}.", code="no_such_user")
    if role not in Role.values:
        raise invalid(f"A role is one of {', '.join(Role.values)}.", code="no_such_role")
    if role != Role.ADMIN:
        _keep_an_admin(project, user)
    membership, _ = Membership.objects.update_or_create(project=project, user=user, defaults={"role": role})
    Event.record("project", project, "member", by=by, why=f"{username}: {role}")
    return membership


@transaction.atomic
def member_remove(*, project: Project, username: str, by: User) -> None:
    """Take `username` out of the project; what they made stays. The last admin cannot go."""
    membership = (
        Membership.objects.filter(project=project, user__username=username).select_related("user").first()
    )
    if membership is None:
        raise invalid(f"{username} is no member of this project.", code="no_such_user")
    _keep_an_admin(project, membership.user)
    membership.delete()
    Event.record("project", project, "member", by=by, why=f"{username}: removed")


def _keep_an_admin(project: Project, leaving: User) -> None:
    admins = Membership.objects.select_for_update().filter(project=project, role=Role.ADMIN)
    if list(admins.values_list("user_id", flat=True)) == [leaving.pk]:
        raise conflict("last_admin", "A project keeps at least one admin.")


def user_create(*, username: str, password: str) -> User:
    """A new person; raises `invalid` with the password validators' sentences."""
    if User.objects.filter(username=username).exists():
        raise conflict("name_taken", f"There is somebody named {username} already.")
    user = User(username=username)
    try:
        user.full_clean(exclude=["password"])
        validate_password(password, user)
    except ValidationError as problem:
        raise invalid(" ".join(problem.messages)) from None
    user.set_password(password)
    user.save()
    return user
