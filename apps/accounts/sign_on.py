"""How the site differs from what django-allauth does by itself: nobody gets in uninvited."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from apps.accounts.invitations import invitation_accept, invitation_of
from apps.accounts.models import User
from apps.core.errors import AppError

INVITED = "invitation"  # the session's key for the secret of an invitation that was opened
NOWHERE = "0.0.0.0"  # noqa: S104 (said of a client that has no address)


class AccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False  # the page of an invitation makes people, not allauth's form

    def get_client_ip(self, request: HttpRequest) -> str:
        """All who come through a unix socket share one address, when no proxy names theirs."""
        try:
            return super().get_client_ip(request)
        except PermissionDenied:
            return NOWHERE


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """A single sign-on proves who somebody is; an invitation says that they may come in."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        try:
            invitation_of(request.session.get(INVITED, ""))
        except AppError:
            return False
        return True

    def save_user(self, request: HttpRequest, sociallogin: SocialLogin, form: Any = None) -> User:
        user = super().save_user(request, sociallogin, form)
        invitation_accept(secret=request.session.pop(INVITED), by=user)
        return user
