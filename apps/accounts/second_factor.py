"""The second factor: one-time codes of an authenticator app (TOTP, RFC 6238), and recovery codes."""

import base64
import hashlib

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.base.internal.flows import check_rate_limit
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.forms import ValidationError

from apps.accounts.models import User
from apps.core.errors import AppError


class MFAAdapter(DefaultMFAAdapter):
    """Secrets of the second factor are kept encrypted with the site's key."""

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = hashlib.sha256(b"second factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))


def has_second_factor(user: User) -> bool:
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def check_code(user: User, code: str) -> None:
    """For the API's log-in: raises `code_needed` unless `code` is the second factor's, or there is none."""
    if not has_second_factor(user):
        return
    factors = Authenticator.objects.filter(user=user)
    try:
        forget_tries = check_rate_limit(user)
    except ValidationError:
        raise AppError("too_many_tries", "Too many tries: wait some minutes.", status=429) from None
    if not any(factor.wrap().validate_code(code) for factor in factors):
        message = "This account has a second factor: send its code as well."
        raise AppError("code_needed", message, status=401)
    forget_tries()
