"""Jobs: long work in the worker that a page watches, with a whole result or none.

Each start of a job has a number, `run`. Whoever works on an older one finds at the next report that it was
superseded, and what it made is dropped: so a job whose worker was killed may be started again at any time,
and there is never half a result, or two.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from apps.core.states import SYSTEM, Machine, transition

REPORT_SECONDS = 0.5  # a report within this time of the last is dropped: each is a write
SILENCE = timedelta(minutes=2)
FAULT = "The site had a fault, which it logged. The job can be started again."
KILLED = "The worker was stopped. The job can be started again."


class Job(models.Model):
    """What every job's row says. `progress` is a share of the whole; `problem` one sentence why it failed."""

    class State(models.TextChoices):
        QUEUED = "queued", "queued"
        RUNNING = "running", "running"
        ASKING = "asking", "asking"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    state = models.CharField(max_length=16, choices=State.choices, default=State.QUEUED)
    run = models.PositiveIntegerField(default=0, help_text="How often it was started.")
    stage = models.CharField(max_length=64, blank=True)
    progress = models.FloatField(default=0.0)
    heard = models.DateTimeField(auto_now_add=True, help_text="When its worker reported last.")
    problem = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True

    @property
    def may_restart(self) -> bool:
        """Whether starting it again makes sense: it ended without a result, or nothing was heard of it."""
        ended = self.state in (self.State.FAILED, self.State.ASKING)
        waits = self.state in (self.State.QUEUED, self.State.RUNNING)
        return ended or (waits and timezone.now() - self.heard > SILENCE)


class Superseded(Exception):  # noqa: N818  # no fault: somebody started the job again
    """Another worker has this job now."""


def job_states(kind: str, need: str) -> Machine:
    """The transitions of a kind of job; starting one again asks for the permission `need`."""
    return Machine(
        kind,
        transition("begin", "queued", "running", need="system"),
        transition("finish", "running", "done", need="system"),
        transition("ask", "running", "asking", need="system"),
        transition("fail", "queued|running", "failed", need="system"),
        transition("again", "queued|running|asking|failed", "queued", need=need),
    )


class Work:
    """One start of a job, from the worker's side."""

    def __init__(self, job: Job, states: Machine) -> None:
        """Begin. Raises `wrong_state` where the job is not queued: another worker has it, or it is done."""
        self.job, self._states = job, states
        states.move(
            job, "begin", by=None, permissions=SYSTEM,
            run=job.run + 1, progress=0.0, stage="", problem="", heard=timezone.now(),
        )  # fmt: skip
        self._told = 0.0

    def report(self, stage: str, progress: float) -> None:
        """Say how far it is. Raises Superseded where the job was started again meanwhile."""
        if stage == self.job.stage and monotonic() - self._told < REPORT_SECONDS:
            return
        self._told = monotonic()
        self.job.stage, self.job.progress = stage, progress
        if not self._mine().update(stage=stage, progress=progress, heard=timezone.now()):
            raise Superseded

    def part(self, stage: str, low: float, high: float) -> Callable[[int, int], None]:
        """A callback `(done, total)` for a stage that goes from one share of the whole to another."""

        def progress(done: int, total: int) -> None:
            self.report(stage, low + (high - low) * (done / total if total else 1.0))

        return progress

    @transaction.atomic
    def end(self, name: str, **changes: Any) -> None:
        """Move on (`finish`, `ask`, `fail`) and write `changes` with it. Raises Superseded, as `report`."""
        if self._mine().select_for_update().first() is None:
            raise Superseded
        self._states.move(self.job, name, by=None, permissions=SYSTEM, **changes)

    def _mine(self) -> models.QuerySet[Job]:
        rows = type(self.job)._default_manager
        return rows.filter(pk=self.job.pk, run=self.job.run, state=Job.State.RUNNING)


def job_died(job: Job, states: Machine, why: str) -> None:
    """After a fault, or when the process that worked was killed: failed, with the sentence `why`."""
    with transaction.atomic():
        fresh = type(job)._default_manager.select_for_update().get(pk=job.pk)
        if fresh.state in (Job.State.QUEUED, Job.State.RUNNING):
            states.move(fresh, "fail", by=None, permissions=SYSTEM, problem=why)


def enqueue_job(job: Job, task: str) -> None:
    """Queue `task` after the transaction; `<task>_died` runs when its process is killed."""
    died = current_app.signature(f"{task}_died", args=(job.pk,), immutable=True)
    transaction.on_commit(lambda: current_app.send_task(task, args=(job.pk,), link_error=died))


def jobs_resume(kind: type[Job], states: Machine, task: str, *, before: datetime) -> None:
    """Queue the jobs again that were under way, and of which nothing was heard since `before`."""
    waits = (Job.State.QUEUED, Job.State.RUNNING)
    for job in kind._default_manager.filter(state__in=waits, heard__lt=before):
        with transaction.atomic():
            states.move(job, "again", by=None, permissions={states.transitions["again"].need})
            enqueue_job(job, task)
