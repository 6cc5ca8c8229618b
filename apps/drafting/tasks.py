"""Celery tasks of drafting: they take ids, fetch, and call a service."""

import logging

from celery import Task, shared_task

from apps.core.errors import AppError
from apps.drafting.alive import LEASE
from apps.drafting.calls import UNDER_WAY
from apps.drafting.models import Draft
from apps.drafting.services import draft_fail, draft_make

logger = logging.getLogger(__name__)
AGAIN = {"reject_on_worker_lost": True, "max_retries": None}  # after a SIGKILL it is handed out again


def wait_turn(task: Task, error: AppError) -> None:
    """Come back when the process that has the call in hand is done, or its lease has ended."""
    if error.code != UNDER_WAY:
        raise error
    raise task.retry(countdown=LEASE.total_seconds())


@shared_task(bind=True, **AGAIN)
def make_draft(self: Task, draft_id: int) -> None:
    draft = Draft.objects.select_related("annotation__episode__project").filter(pk=draft_id).first()
    if draft is None:
        return
    try:
        draft_make(draft=draft)
    except AppError as error:
        wait_turn(self, error)
    except Exception:  # the boundary of the worker: logged with its trace, and said
        logger.exception("draft %s failed", draft_id)
        draft_fail(draft=draft, why="The draft could not be made: the site had a fault, which it logged.")
