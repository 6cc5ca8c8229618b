"""The page-side of accounts: one's own account, and the way in by an invitation."""

from allauth.socialaccount.providers.openid_connect import views as oidc
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from requests import RequestException

from apps.accounts.invitations import invitation_accept, invitation_accept_as_new, invitation_of
from apps.accounts.models import Role
from apps.accounts.preferences import preferences_set, remember_language
from apps.accounts.second_factor import has_second_factor
from apps.accounts.sign_on import INVITED
from apps.core.errors import AppError

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


def single_sign_on(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Off to the provider, whose own description says where its log-in is."""
    try:
        return oidc.login(request, provider_id)
    except RequestException:
        message = "The single sign-on does not answer. A password works all the same."
        raise AppError("sign_on_down", message, status=503) from None


@login_required
@never_cache
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    user = request.user
    is_admin = user.memberships.filter(role=Role.ADMIN).exists()
    context = {
        "second_factor": has_second_factor(user),
        "second_factor_required": settings.ADMIN_TOTP_REQUIRED and is_admin,
        "sessions": UserSession.objects.purge_and_list(user),
        "current": request.session.session_key,
    }
    return render(request, "accounts/account.html", context)


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=request.user)
    for session in others.exclude(session_key=request.session.session_key):
        session.end()
    return redirect("account")


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, secret: str) -> HttpResponse:
    """What a link opens: join as who one is, or as somebody new."""
    found = invitation_of(secret)
    if request.method == "POST":
        try:
            return _join(request, secret)
        except AppError as error:
            shown = {"problem": error.message, "username": request.POST.get("username", "")}
            return render(
                request, "accounts/invitation.html", {"invitation": found, **shown}, status=error.status
            )
    request.session[INVITED] = secret  # a single sign-on comes back without the link
    return render(request, "accounts/invitation.html", {"invitation": found})


def _join(request: HttpRequest, secret: str) -> HttpResponse:
    if request.user.is_authenticated:
        project = invitation_accept(secret=secret, by=request.user)
        return redirect("project", project.slug)
    name, password = request.POST.get("username", ""), request.POST.get("password", "")
    user = invitation_accept_as_new(secret=secret, username=name, password=password)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")
