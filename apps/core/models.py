"""The event log: who did what to which thing, when, from which state to which, and why."""

from django.conf import settings
from django.db import models


class Event(models.Model):
    """One thing that happened; written in the transaction that made it happen, never changed."""

    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    subject = models.BigIntegerField()
    verb = models.CharField(max_length=32)
    source = models.CharField(max_length=16, blank=True)
    target = models.CharField(max_length=16, blank=True)
    why = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "subject"])]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}: {self.verb}"

    @classmethod
    def record(
        cls,
        kind: str,
        subject: models.Model,
        verb: str,
        *,
        by: models.Model | None,
        source: str = "",
        target: str = "",
        why: str = "",
    ) -> None:
        cls.objects.create(
            by=by, kind=kind, subject=subject.pk, verb=verb, source=source, target=target, why=why
        )
