"""The page on which a project's admins say how models draft and propose, and what that may cost."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from apps.accounts.models import Project
from apps.accounts.permissions import MANAGE, access_project_by_slug
from apps.core.errors import AppError, invalid, not_found
from apps.core.sentences import say
from apps.drafting.batches import batch_start, batch_stop
from apps.drafting.budget import spent_by
from apps.drafting.configuring import (
    choice_set,
    drafting_set,
    endpoint_add,
    endpoint_key_set,
    endpoint_of,
    endpoint_remove,
)
from apps.drafting.forms import ChoiceForm, DraftingForm, EndpointForm
from apps.drafting.models import Batch, Purpose
from apps.drafting.statistics import acceptance, batch_json, waiting
from apps.drafting.targets import drafting_of

RECENT = 5


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def drafting(request: HttpRequest, slug: str) -> HttpResponse:
    """Forms that are filled in wrongly are shown again as they were sent, with what is wrong."""
    project = access_project_by_slug(request.user, slug, need=MANAGE)
    forms = _forms(request, project)
    if request.method == "POST":
        try:
            done = _act(request, project, forms)
        except AppError as error:
            messages.error(request, say(error.message))
            done = error.code not in ("invalid", "invalid_pack")
        if done:
            return redirect("drafting", project.slug)
    return render(request, "drafting/drafting.html", _context(request, project, forms))


def _forms(request: HttpRequest, project: Project) -> dict[str, Any]:
    """The form that was sent with what was sent, the others as things are."""
    action = request.POST.get("action", "")
    data = {action: request.POST}
    return {
        "choices": {
            f"choose-{purpose}": ChoiceForm(project, purpose, data.get(f"choose-{purpose}"))
            for purpose in Purpose.values
        },
        "settings": DraftingForm(data.get("settings"), instance=drafting_of(project)),
        "endpoint": EndpointForm(data.get("add-endpoint")),
    }


def _act(request: HttpRequest, project: Project, forms: dict[str, Any]) -> bool:
    """Do what the button says; False where its form is not filled in rightly."""
    action, by = request.POST.get("action", ""), request.user
    if form := forms["choices"].get(action):
        purpose = form.purpose
        return _save(
            request, form, lambda fields: choice_set(project=project, purpose=purpose, by=by, **fields)
        )
    if action == "settings":
        form = forms["settings"]
        return _save(request, form, lambda fields: drafting_set(project=project, by=by, **fields))
    if action == "add-endpoint":
        form = forms["endpoint"]
        return _save(request, form, lambda fields: endpoint_add(project=project, by=by, **fields))
    return _act_on_one(request, project, action)


def _save(request: HttpRequest, form: BaseForm, save: Callable[[dict[str, Any]], Any]) -> bool:
    if not form.is_valid():
        return False
    save(form.cleaned_data)
    messages.success(request, gettext("Saved."))
    return True


def _act_on_one(request: HttpRequest, project: Project, action: str) -> bool:
    number = int(text) if (text := request.POST.get("id", "")).isdecimal() and len(text) < 18 else 0
    if action == "set-key":
        key = request.POST.get("key", "")
        endpoint_key_set(endpoint=endpoint_of(project, number), key=key, by=request.user)
    elif action == "remove-endpoint":
        endpoint_remove(endpoint=endpoint_of(project, number), by=request.user)
    elif action in ("batch-explain", "batch-propose"):
        batch_start(project=project, purpose=action.removeprefix("batch-"), by=request.user)
    elif action == "stop-batch":
        batch_stop(batch=_batch_of(project, number), by=request.user)
    else:
        raise invalid("This page has no such button.")
    messages.success(request, gettext("Done."))
    return True


def _batch_of(project: Project, number: int) -> Batch:
    batch = Batch.objects.filter(project=project, pk=number).first()
    if batch is None:
        raise not_found("batch")
    return batch


def _context(request: HttpRequest, project: Project, forms: dict[str, Any]) -> dict[str, Any]:
    return {
        "project": project,
        "forms": forms,
        "is_site_admin": request.user.is_superuser,
        "endpoints": project.endpoints.all(),
        "spent": spent_by(project),
        "acceptance": acceptance(project),
        "batches": [batch_json(batch) for batch in project.batches.order_by("-pk")[:RECENT]],
        "waiting": waiting(project),
    }
