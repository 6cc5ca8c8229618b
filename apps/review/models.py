"""Verdicts of reviewers on annotations."""

from django.conf import settings
from django.db import models

from apps.annotation.models import Annotation


class Verdict(models.Model):
    """What one reviewer decided on one revision of an annotation."""

    class Decision(models.TextChoices):
        APPROVE = "approve", "approved"
        SEND_BACK = "send_back", "sent back"

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="verdicts")
    revision = models.PositiveIntegerField()
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    decision = models.CharField(max_length=16, choices=Decision.choices)
    comment = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.reviewer} {self.get_decision_display()} {self.annotation}"
