"""Drafts of stage 3: texts somebody or something proposes; only a person makes them part of an annotation."""

from django.conf import settings
from django.db import models

from apps.annotation.models import Annotation


class Draft(models.Model):
    """One proposal for one failure event. `texts` holds reason, avoidance and correction once it is ready."""

    class State(models.TextChoices):
        REQUESTED = "requested", "requested"
        STREAMING = "streaming", "streaming"
        READY = "ready", "ready"
        FAILED = "failed", "failed"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="drafts")
    event = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(help_text="The annotation's revision that was drafted from.")
    provider = models.CharField(max_length=32)
    version = models.CharField(max_length=32)
    state = models.CharField(max_length=16, choices=State.choices, default=State.REQUESTED)
    texts = models.JSONField(default=dict)
    problem = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.provider} draft for {self.annotation}"
