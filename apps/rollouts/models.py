"""Rollouts of robots: series of trials, the uploads that they come by, and what operators did live."""

from django.conf import settings
from django.db import models

from apps.accounts.models import Project
from apps.episodes.models import Blob, Episode


class Run(models.Model):
    """A series of trials under one setting; `key` is the robot's own name for it."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    key = models.CharField(max_length=200)
    origin = models.CharField(max_length=16)
    robot = models.CharField(max_length=200, blank=True)
    policy = models.CharField(max_length=200, blank=True)
    supervisor = models.CharField(max_length=200, blank=True)
    settings = models.JSONField(default=dict)
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="run_key_in_project")]
        ordering = ["-created", "-id"]

    def __str__(self) -> str:
        return self.key


class Rollout(models.Model):
    """One trial, as it was recorded. `key` is the id that the robot gave it, once in a project."""

    class Outcome(models.TextChoices):
        SUCCESS = "success", "success"
        FAILURE = "failure", "failure"
        UNKNOWN = "unknown", "unknown"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rollouts")
    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="rollouts")
    key = models.UUIDField()
    trial = models.PositiveIntegerField()
    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="rollouts")
    outcome = models.CharField(max_length=16, choices=Outcome.choices)
    outcome_by = models.CharField(max_length=16, blank=True)
    mode = models.CharField(max_length=16, blank=True)
    interventions = models.PositiveIntegerField(default=0)
    seconds = models.FloatField()
    started = models.DateTimeField()
    events = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="rollout_once_in_project")]
        ordering = ["run", "trial", "started"]

    def __str__(self) -> str:
        return f"{self.run} trial {self.trial}"


class RolloutUpload(models.Model):
    """A packed rollout on its way in, by the tus protocol; its bytes lie in `settings.TUS_DIR`."""

    class State(models.TextChoices):
        RECEIVING = "receiving", "receiving"
        RECEIVED = "received", "received"
        TAKEN = "taken", "taken in"
        REFUSED = "refused", "refused"

    id = models.UUIDField(primary_key=True)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    length = models.BigIntegerField()
    offset = models.BigIntegerField(default=0)
    metadata = models.TextField(blank=True, help_text="The header as it came.")
    rollout = models.UUIDField(null=True, db_index=True, help_text="The robot's id, from the metadata.")
    state = models.CharField(max_length=16, choices=State.choices, default=State.RECEIVING)
    problem = models.TextField(blank=True)
    created = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()

    class Meta:
        ordering = ["created"]

    def __str__(self) -> str:
        return f"upload {str(self.pk)[:8]}"
