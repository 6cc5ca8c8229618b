"""The page of stage 0: each task's subtasks, drafted by a model, edited and approved by a person."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Project
from apps.accounts.permissions import MANAGE, access_project_by_slug
from apps.core.errors import AppError, invalid, not_found
from apps.core.sentences import say
from apps.drafting.models import Plan
from apps.drafting.planning import plan_approve, plan_request
from apps.drafting.statistics import waiting
from apps.drafting.targets import target_for
from apps.episodes.models import Task


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def subtasks(request: HttpRequest, slug: str) -> HttpResponse:
    project = access_project_by_slug(request.user, slug, need=MANAGE)
    if request.method == "POST":
        try:
            _act(request, project)
        except AppError as error:
            messages.error(request, say(error.message))
        return redirect("subtasks", project.slug)
    tasks = Task.objects.filter(project=project).select_related("plan__approved_by", "plan__call")
    context = {
        "project": project,
        "tasks": [_row(task) for task in tasks],
        "by_template": target_for(project, "decompose").adapter == "template",
        "waiting": waiting(project),
    }
    return render(request, "drafting/subtasks.html", context)


def _act(request: HttpRequest, project: Project) -> None:
    task = _task_of(project, request.POST.get("task", ""))
    match request.POST.get("action"):
        case "draft":
            plan_request(task=task, by=request.user)
        case "approve":
            lines = request.POST.get("subtasks", "").splitlines()
            plan_approve(task=task, subtasks=lines, by=request.user)
            messages.success(request, gettext("Approved: %(task)s.") % {"task": task.name})
        case _:
            raise invalid("This page has no such button.")


def _task_of(project: Project, number: str) -> Task:
    known = number.isdecimal() and len(number) < 18
    task = Task.objects.filter(project=project, pk=int(number)).first() if known else None
    if task is None:
        raise not_found("task")
    task.project = project
    return task


def _row(task: Task) -> dict[str, Any]:
    """In the field stands a draft until somebody approved it or wrote otherwise, else what the task has."""
    plan = Plan.objects.filter(task=task).select_related("approved_by", "call").first() or Plan(task=task)
    is_approved = plan.approved is not None and plan.approved == task.subtasks
    is_new = bool(plan.drafted) and plan.drafted != task.subtasks and not is_approved
    return {
        "task": task,
        "plan": plan,
        "is_approved": is_approved,
        "is_new": is_new,
        "text": "\n".join(plan.drafted if is_new else task.subtasks),
        "model": plan.call.model if plan.call else plan.adapter,
    }
