"""Celery tasks of drafting: they take ids, fetch, and call a service."""

import logging

from celery import Task, shared_task
from celery.signals import worker_ready
from django.db import connection

from apps.core.errors import AppError
from apps.drafting.alive import lease
from apps.drafting.batches import batch_run
from apps.drafting.calls import UNDER_WAY
from apps.drafting.models import Batch, Draft, Plan
from apps.drafting.planning import plan_make
from apps.drafting.queueing import enqueue_batch, enqueue_draft, enqueue_plan
from apps.drafting.services import draft_fail, draft_make

logger = logging.getLogger(__name__)
AGAIN = {"reject_on_worker_lost": True, "max_retries": None}  # after a SIGKILL it is handed out again


def wait_turn(task: Task, error: AppError) -> None:
    """Come back when the process that has the call in hand is done, or its lease has ended."""
    if error.code != UNDER_WAY:
        raise error
    raise task.retry(countdown=lease().total_seconds())


@shared_task(bind=True, **AGAIN)
def make_draft(self: Task, draft_id: int) -> None:
    draft = Draft.objects.select_related("annotation__episode__project").filter(pk=draft_id).first()
    if draft is None:
        return
    try:
        draft_make(draft=draft)
    except AppError as error:
        if error.code != "wrong_state":  # then another worker was there first
            wait_turn(self, error)
    except Exception:  # the boundary of the worker: logged with its trace, and said
        logger.exception("draft %s failed", draft_id)
        draft_fail(draft=draft, why="The draft could not be made: the site had a fault, which it logged.")


@shared_task(bind=True, **AGAIN)
def make_plan(self: Task, plan_id: int) -> None:
    plan = Plan.objects.select_related("task__project").filter(pk=plan_id).first()
    if plan is None:
        return
    try:
        plan_make(plan=plan)
    except AppError as error:
        wait_turn(self, error)


@shared_task(bind=True, **AGAIN)
def run_batch(self: Task, batch_id: int) -> None:
    """Takes hours perhaps; a second one of the same batch waits until the first is done or was killed."""
    batch = Batch.objects.select_related("project__taxonomy").filter(pk=batch_id).first()
    if batch is not None and not batch_run(batch=batch):
        raise self.retry(countdown=lease().total_seconds())


@worker_ready.connect
def resume(**_kwargs: object) -> None:
    """What a stop cut off goes on; what another worker has in hand is left to it."""
    for batch in Batch.objects.filter(state=Batch.State.RUNNING):
        enqueue_batch(batch.pk)
    for draft in Draft.objects.filter(state__in=["requested", "streaming"], batch=None):
        enqueue_draft(draft.pk)
    for plan in Plan.objects.filter(is_wanted=True):
        enqueue_plan(plan.pk)
    connection.close()
