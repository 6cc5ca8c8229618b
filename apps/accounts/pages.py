"""The page-side of accounts: a person's choice of language and look."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from apps.accounts.preferences import preferences_set, remember_language

CHOICES = ("language", "theme")


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Take what the form says of language and theme, and go back to the page that it stood on."""
    changes = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if request.user.is_authenticated:
        preferences_set(user=request.user, **changes)
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    response = redirect(back if safe else "home")
    if "language" in changes:
        remember_language(response, changes["language"])
    return response
