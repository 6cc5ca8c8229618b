"""Stage 0: a task's subtasks, drafted by a model or a template, edited and approved by a person, once."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import AppError, invalid
from apps.core.models import Event
from apps.drafting import template
from apps.drafting.calls import UNDER_WAY, CallFailedError, ask
from apps.drafting.models import Plan
from apps.drafting.prompting import decompose_prompt
from apps.drafting.queueing import enqueue_plan
from apps.drafting.targets import model_for, target_for
from apps.episodes.models import Task
from apps.episodes.services import task_update
from ml.prompts import read_subtasks


@transaction.atomic
def plan_request(*, task: Task, by: User) -> Plan:
    """Have the task's subtasks drafted: at once by the template, else by the worker. Locks the plan.

    Changes nothing of the task. Raises `drafting_off`, `no_endpoint`.
    """
    plan, _ = Plan.objects.select_for_update().get_or_create(task=task)
    if target_for(task.project, "decompose").adapter == "template":
        plan.drafted, plan.adapter, plan.call = template.subtasks(task.description), "template", None
    else:
        plan.adapter = model_for(task.project, "decompose").adapter
        plan.is_wanted = True
        plan.take += 1
        transaction.on_commit(lambda: enqueue_plan(plan.pk))
    plan.problem = ""
    plan.save()
    Event.record("plan", plan, "draft", by=by)
    return plan


def plan_make(*, plan: Plan) -> None:
    """Ask the model for a plan that was asked for. Raises `call_under_way` as `ask` does."""
    if not plan.is_wanted:
        return
    project = plan.task.project
    try:
        drafted, call = ask(
            project=project,
            target=model_for(project, "decompose"),
            prompt=decompose_prompt(plan.task),
            take=plan.take,
            read=read_subtasks,
        )
    except AppError as error:
        if error.code == UNDER_WAY:
            raise
        failed = error.call if isinstance(error, CallFailedError) else None
        _end(plan, problem=error.message, call=failed)
    else:
        _end(plan, drafted=drafted, call=call, problem="")


def _end(plan: Plan, **changes: object) -> None:
    """Unless it was asked for once more in the meantime."""
    Plan.objects.filter(pk=plan.pk, take=plan.take).update(is_wanted=False, **changes)


@transaction.atomic
def plan_approve(*, task: Task, subtasks: list[str], by: User) -> Plan:
    """Make these the task's subtasks, said by a person. Locks the task and the plan. Raises `invalid`."""
    if not any(text.strip() for text in subtasks):
        raise invalid("A task that is approved has at least one subtask.")
    plan, _ = Plan.objects.select_for_update().get_or_create(task=task)
    plan.approved = task_update(task=task, by=by, subtasks=subtasks).subtasks
    plan.approved_by, plan.approved_at = by, timezone.now()
    plan.save(update_fields=["approved", "approved_by", "approved_at"])
    Event.record("plan", plan, "approve", by=by)
    return plan
