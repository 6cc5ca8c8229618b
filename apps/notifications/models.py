"""What people are told of: their work was judged, something was given to them, something went wrong."""

from django.conf import settings
from django.db import models

from apps.accounts.models import Project
from apps.annotation.models import Annotation
from apps.episodes.models import Episode


class Notification(models.Model):
    """One thing that one person is told. Written in the transaction that made it happen, so none is lost."""

    class Kind(models.TextChoices):
        SENT_BACK = "sent_back"
        APPROVED = "approved"
        ASSIGNED = "assigned"
        INGEST_FAILED = "ingest_failed"
        DRAFTS_READY = "drafts_ready"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=16, choices=Kind.choices)
    episode = models.ForeignKey(Episode, null=True, on_delete=models.CASCADE, related_name="+")
    annotation = models.ForeignKey(Annotation, null=True, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    words = models.TextField(blank=True, help_text="What was said with it: a reviewer's comment, a reason.")
    created = models.DateTimeField(auto_now_add=True)
    read = models.DateTimeField(null=True)
    mailed = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["user", "read"])]

    def __str__(self) -> str:
        return f"{self.user}: {self.kind}"


class Digest(models.Model):
    """How often somebody wants an e-mail of what they have not read yet. Without a row: never."""

    class Every(models.TextChoices):
        NEVER = "never", "never"
        HOUR = "hour", "every hour"
        DAY = "day", "every day"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digest")
    every = models.CharField(max_length=8, choices=Every.choices, default=Every.NEVER)
    sent = models.DateTimeField(null=True, help_text="When the last one went out.")

    def __str__(self) -> str:
        return f"{self.user}: {self.every}"
