"""Benchmark runs: handed in as `ml.bench` wrote them, or made here against an endpoint."""

from django.db import models

from apps.accounts.models import Project
from apps.core.jobs import Job
from apps.episodes.models import Blob
from apps.releases.models import VqaBuild


class BenchmarkRun(Job):
    """One model's answers to a benchmark; a row of the leaderboard once it is done.

    A run from elsewhere has no `build`. `scored`: its figures were worked out here, from its answers.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="benchmark_runs")
    model = models.CharField(max_length=200)
    build = models.ForeignKey(VqaBuild, null=True, on_delete=models.PROTECT, related_name="runs")
    options = models.JSONField(default=dict, help_text="endpoint, groups, controls and limit_cost of a job.")
    key = models.CharField(max_length=64, help_text="SHA-256 of what was handed in or asked for.")
    summary = models.JSONField(default=dict, help_text="What summary.json says.")
    scored = models.BooleanField(default=True)
    archive = models.ForeignKey(Blob, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="benchmark_run_once")]
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.model} ({self.pk})"
