"""Celery tasks of the leaderboard."""

import logging

from celery import shared_task

from apps.core.jobs import FAULT, KILLED, job_died
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.running import run_make
from apps.leaderboard.states import run_states

logger = logging.getLogger(__name__)


@shared_task(acks_late=False)  # given out once: a job goes on by being started again, never by itself
def run_benchmark(run_id: int) -> None:
    rows = BenchmarkRun.objects.select_related("build__archive", "build__release__archive")
    run = rows.filter(pk=run_id).first()
    if run is None:
        return
    try:
        run_make(run_row=run)
    except Exception:  # the boundary of the worker: logged with its trace, and said
        logger.exception("benchmark run %s failed", run_id)
        job_died(run, run_states, why=FAULT)


@shared_task
def run_benchmark_died(run_id: int) -> None:
    """Runs when the process that asked was killed."""
    run = BenchmarkRun.objects.filter(pk=run_id).first()
    if run is not None:
        job_died(run, run_states, why=KILLED)
