"""The page of a person's notifications; opening it is reading them."""

from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.notifications.models import Digest
from apps.notifications.selectors import LATEST, digest_of, notification_json, notifications_of, unread_count
from apps.notifications.services import digest_set, notifications_read


@login_required
@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    rows = list(notifications_of(request.user)[:LATEST])
    context = {
        "rows": [notification_json(row) | {"created": row.created} for row in rows],
        "every": digest_of(request.user),
        "choices": Digest.Every,
        "mails": bool(settings.EMAIL_URL),
    }
    response = render(request, "notifications/notifications.html", context)
    if rows:
        notifications_read(user=request.user, up_to=rows[0].pk)
    return response


@login_required
@require_POST
def digest(request: HttpRequest) -> HttpResponse:
    digest_set(user=request.user, every=request.POST.get("every", ""))
    return redirect("notifications")


def unread_context(request: HttpRequest) -> dict[str, Any]:
    """For the header of every page."""
    user = getattr(request, "user", None)
    return {"unread": unread_count(user)} if user is not None and user.is_authenticated else {}
