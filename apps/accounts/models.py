"""People, projects, who may do what in which project, and tokens for machines."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone


class User(AbstractUser):
    """A person. A token acts for the person who made it: `tokens` sets `token` for one request."""

    token: "Token | None" = None
    preferences = models.JSONField(default=dict, blank=True)  # see `preferences.py`

    class Meta(AbstractUser.Meta):
        pass


class Taxonomy(models.Model):
    """A version of the choices that annotators have: failure types, magnitudes, symbols. Never changed."""

    version = models.CharField(max_length=64, unique=True)
    content = models.JSONField()

    def __str__(self) -> str:
        return self.version


class Project(models.Model):
    """The wall around everything else: tasks, episodes, annotations and releases belong to one project."""

    name = models.CharField(max_length=120, unique=True)
    slug = models.SlugField(max_length=120, unique=True)
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT)
    embodiment = models.JSONField()
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    ANNOTATOR = "annotator", "annotator"
    REVIEWER = "reviewer", "reviewer"
    OPERATOR = "operator", "operator"
    ADMIN = "admin", "admin"


class Membership(models.Model):
    """One person's role in one project."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "user"], name="one_role_in_a_project")]

    def __str__(self) -> str:
        return f"{self.user} is {self.role} of {self.project}"


def token_end() -> datetime:
    """When a token made now ends, unless it is told another time."""
    return timezone.now() + timedelta(days=settings.TOKEN_DAYS)


class Token(models.Model):
    """A secret for a machine, kept as its SHA-256 only; it can never do more than the person who made it."""

    class Scope(models.TextChoices):
        READ = "read", "read"
        UPLOAD = "upload", "upload rollouts"
        LIVE = "live", "publish live"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tokens")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=80)
    scopes = models.JSONField()
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField(default=token_end)
    last_used = models.DateTimeField(null=True)  # to the minute
    revoked = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} of {self.project}"


class Invitation(models.Model):
    """A link for one person into one project, kept as its SHA-256 only; it works once, and ends."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="invitations")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=16, choices=Role.choices)
    note = models.CharField(max_length=120, blank=True)  # for whom it is, in the admin's words
    digest = models.CharField(max_length=64, unique=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True)
    accepted = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )

    def __str__(self) -> str:
        return f"{self.note or 'somebody'} to {self.project}"
