"""Annotations, the operations they are made of, and the leases that keep two people off one episode."""

from typing import Any

from django.conf import settings
from django.db import models

from apps.accounts.models import Project, Taxonomy
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
    first_revision = models.PositiveIntegerField(
        null=True, help_text="The revision first handed in, before anybody else had a say in it."
    )
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


class QueueSettings(models.Model):
    """What a project's admins choose for its queue. A project without a row has the defaults."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="queue_settings")
    priority = models.SmallIntegerField(default=0, help_text="Among projects: higher comes first.")
    double_share = models.FloatField(default=0.0, help_text="Share of episodes that two people annotate.")
    gold_share = models.FloatField(default=0.0, help_text="How often `next` gives a gold episode.")

    def __str__(self) -> str:
        return f"queue of {self.project}"


class Skip(models.Model):
    """Somebody would rather not do this episode: it is not offered to them again."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="skips")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.TextField()
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "by"], name="one_skip_a_person_and_episode")
        ]

    def __str__(self) -> str:
        return f"{self.by} skips {self.episode}"


class Flag(models.Model):
    """Something is wrong with this episode: nobody is offered it until an admin has answered."""

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="flags")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    reason = models.TextField()
    created = models.DateTimeField(auto_now_add=True)
    resolved = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    answer = models.TextField(blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.by} flags {self.episode}"


class Gold(models.Model):
    """An approved annotation that others are measured by, on an episode that looks like any other."""

    annotation = models.OneToOneField(Annotation, on_delete=models.CASCADE, related_name="gold")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"gold: {self.annotation}"


class Prediction(models.Model):
    """What a model says about an episode, and how unsure it is: from 0 (sure) to 1.

    `facts` has any of outcome, failure_type, subtask, avoidance_frame, correction_frame.
    """

    episode = models.ForeignKey(Episode, on_delete=models.CASCADE, related_name="predictions")
    source = models.CharField(max_length=120, help_text="The model's name and version.")
    facts = models.JSONField(default=dict)
    uncertainty = models.FloatField()
    created = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["episode", "source"], name="one_prediction_a_model_and_episode")
        ]

    def __str__(self) -> str:
        return f"{self.source} on {self.episode}"


class WorkSession(models.Model):
    """The active time that one opened page reported: seconds for each stage, capped by the server's clock."""

    id = models.UUIDField(primary_key=True)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="sessions")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    began = models.DateTimeField()
    last = models.DateTimeField()
    diagnosis = models.FloatField(default=0.0)
    guidance = models.FloatField(default=0.0)
    texts = models.FloatField(default=0.0)
    review = models.FloatField(default=0.0)

    def __str__(self) -> str:
        return f"{self.person} at {self.annotation}"
