"""Annotations, the operations they are made of, and the leases that keep two people off one episode."""

from typing import Any

from django.conf import settings
from django.db import models

from apps.accounts.models import Taxonomy
from apps.annotation.document import empty_document
from apps.episodes.models import Episode, Task


def task_text(task: Task) -> dict[str, Any]:
    return {"description": task.description, "subtasks": task.subtasks}


class Annotation(models.Model):
    """One person's work on one episode. `document` is only ever changed by operations (see `services`)."""

    class State(models.TextChoices):
        OPEN = "open", "open"
        SUBMITTED = "submitted", "submitted"
        IN_REVIEW = "in_review", "in review"
        APPROVED = "approved", "approved"
        SENT_BACK = "sent_back", "sent back"

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="annotations")
    annotator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations"
    )
    taxonomy = models.ForeignKey(Taxonomy, on_delete=models.PROTECT)
    state = models.CharField(max_length=16, choices=State.choices, default=State.OPEN)
    revision = models.PositiveIntegerField(default=0)
    document = models.JSONField(default=empty_document)
    created = models.DateTimeField(auto_now_add=True)
    submitted = models.DateTimeField(null=True)
    task_text = models.JSONField(null=True, help_text="Description and subtasks as they were when handed in.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["episode", "annotator"], name="one_annotation_a_person_and_episode"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.annotator} on {self.episode}"

    @property
    def told(self) -> dict[str, Any]:
        """The task's texts that this annotation is about: as handed in, else as they are now."""
        return self.task_text or task_text(self.episode.task)


class Operation(models.Model):
    """One edit, as it was sent; applying all of an annotation's in order gives its document."""

    id = models.UUIDField(primary_key=True)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="operations")
    revision = models.PositiveIntegerField(help_text="The revision that this edit led to.")
    body = models.JSONField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["annotation", "revision"], name="one_operation_a_revision")
        ]
        ordering = ["revision"]

    def __str__(self) -> str:
        return f"{self.body.get('op')} {self.body.get('path')}"


class Lease(models.Model):
    """Who has an episode in hand, until when. One row for each episode; taken by a conditional UPDATE."""

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, related_name="lease")
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE)
    expires = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.episode}: {self.holder}"
