"""Bearer tokens: made once, shown once, kept as a digest."""

import hashlib
import secrets

from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import Project, Token, User
from apps.core.errors import invalid

PREFIX = "vif_"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def token_create(*, project: Project, by: User, name: str, scopes: list[str]) -> tuple[Token, str]:
    """A new token and its secret, which is never to be had again."""
    unknown = sorted(set(scopes) - set(Token.Scope.values))
    if unknown or not scopes:
        raise invalid(f"A token's scopes are among {', '.join(Token.Scope.values)}.", unknown=unknown)
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        project=project, made_by=by, name=name, scopes=sorted(set(scopes)), digest=_digest(secret)
    )
    return token, secret


def token_revoke(*, token: Token) -> None:
    Token.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now())


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer vif_...`; the request's user then carries the token, which limits it."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = Token.objects.select_related("made_by").filter(digest=_digest(secret), revoked=None).first()
        if token is None or not token.made_by.is_active:
            raise AuthenticationFailed("This token is unknown or has been revoked.")
        token.made_by.token = token
        return token.made_by, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
