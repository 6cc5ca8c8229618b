"""Invitations: the only way in for somebody new, beside the command line."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Invitation, Membership, Project, Role, User
from apps.accounts.secrets import INVITATION_PREFIX, digest_of, new_secret
from apps.accounts.services import user_create
from apps.core.errors import AppError, conflict, invalid
from apps.core.models import Event


def invitation_create(*, project: Project, by: User, role: str, note: str = "") -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, which is never to be had again."""
    if role not in Role.values:
        raise invalid(f"A role is one of {', '.join(Role.values)}.", code="no_such_role")
    secret, digest = new_secret(INVITATION_PREFIX)
    expires = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
    invitation = Invitation.objects.create(
        project=project, made_by=by, role=role, note=note, digest=digest, expires=expires
    )
    Event.record("project", project, "invite", by=by, why=f"{role}: {note}")
    return invitation, secret


def invitation_revoke(*, invitation: Invitation) -> None:
    open_ones = Invitation.objects.filter(pk=invitation.pk, revoked=None, accepted=None)
    open_ones.update(revoked=timezone.now())


def invitation_of(secret: str) -> Invitation:
    """The open invitation of that link; raises `invitation_ended`, also for one that never was.

    It ends with the rights of who made it, as a token does.
    """
    found = Invitation.objects.select_related("project", "made_by").filter(
        digest=digest_of(secret), revoked=None, accepted=None, expires__gt=timezone.now()
    )
    invitation = found.first()
    if invitation is None or not _still_admin(invitation):
        message = "This invitation has ended, or has been used. Ask for a new one."
        raise AppError("invitation_ended", message, status=404)
    return invitation


def _still_admin(invitation: Invitation) -> bool:
    admins = Membership.objects.filter(project=invitation.project, role=Role.ADMIN)
    return admins.filter(user=invitation.made_by, user__is_active=True).exists()


@transaction.atomic
def invitation_accept(*, secret: str, by: User) -> Project:
    """Make `by` a member with the invitation's role. Of two at once one gets it: the row is taken first."""
    invitation = invitation_of(secret)
    project = invitation.project
    if Membership.objects.filter(project=project, user=by).exists():
        raise conflict("already_member", f"You are a member of {project.name} already.")
    taken = Invitation.objects.filter(pk=invitation.pk, revoked=None, accepted=None)
    if not taken.update(accepted=timezone.now(), accepted_by=by):
        raise conflict("invitation_ended", "Somebody else has just used this invitation.")
    Membership.objects.create(project=project, user=by, role=invitation.role)
    Event.record("project", project, "member", by=by, why=f"{by.username}: {invitation.role}, invited")
    return project


@transaction.atomic
def invitation_accept_as_new(*, secret: str, username: str, password: str) -> User:
    """Somebody new, who is a member at once; nobody is made when the invitation has ended."""
    invitation_of(secret)
    user = user_create(username=username, password=password)
    invitation_accept(secret=secret, by=user)
    return user
