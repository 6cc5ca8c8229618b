"""Bearer tokens: made once, shown once, scoped, ending, revocable."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.models import Project, Token, User
from apps.accounts.secrets import TOKEN_PREFIX, digest_of, new_secret
from apps.core.errors import invalid
from apps.core.models import Event

USE_NOTED_EACH = timedelta(minutes=1)  # a busy robot does not write its last use at every request


def token_create(
    *, project: Project, by: User, name: str, scopes: list[str], days: int | None = None
) -> tuple[Token, str]:
    """A new token and its secret, which is never to be had again; it ends after `days`."""
    unknown = sorted(set(scopes) - set(Token.Scope.values))
    if unknown or not scopes:
        raise invalid(f"A token's scopes are among {', '.join(Token.Scope.values)}.", unknown=unknown)
    days = settings.TOKEN_DAYS if days is None else days
    if not 1 <= days <= settings.TOKEN_DAYS:
        raise invalid(f"A token lasts 1 to {settings.TOKEN_DAYS} days.")
    secret, digest = new_secret(TOKEN_PREFIX)
    expires = timezone.now() + timedelta(days=days)
    token = Token.objects.create(
        project=project, made_by=by, name=name, scopes=sorted(set(scopes)), digest=digest, expires=expires
    )
    Event.record("project", project, "token", by=by, why=f"{name}: {', '.join(token.scopes)}")
    return token, secret


def token_revoke(*, token: Token) -> None:
    Token.objects.filter(pk=token.pk, revoked=None).update(revoked=timezone.now())


def token_of(secret: str) -> Token | None:
    """The living token that `secret` opens: neither revoked nor over, its maker not locked out."""
    living = Token.objects.filter(revoked=None, expires__gt=timezone.now(), made_by__is_active=True)
    token = living.select_related("made_by").filter(digest=digest_of(secret)).first()
    if token is not None:
        _note_use(token)
    return token


def _note_use(token: Token) -> None:
    now = timezone.now()
    unnoted = Q(last_used=None) | Q(last_used__lt=now - USE_NOTED_EACH)
    if token.last_used is None or token.last_used < now - USE_NOTED_EACH:
        Token.objects.filter(unnoted, pk=token.pk).update(last_used=now)


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer vif_...`; the request's user then carries the token, which limits it."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        scheme, _, secret = get_authorization_header(request).decode("latin-1").partition(" ")
        if scheme.lower() != "bearer":
            return None
        token = token_of(secret)
        if token is None:
            raise AuthenticationFailed("This token is unknown, has ended or has been revoked.")
        token.made_by.token = token
        return token.made_by, token

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
