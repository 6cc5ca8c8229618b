"""Keys of endpoints at rest: encrypted (Fernet) by a key derived from SECRET_KEY (HKDF, RFC 5869)."""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from apps.core.errors import conflict


def _fernet(secret: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"vifailback drafting endpoint keys")
    return Fernet(urlsafe_b64encode(derived.derive(secret.encode())))


def _box() -> MultiFernet:
    """Seals with SECRET_KEY; opens with it and with those that it replaced."""
    return MultiFernet([_fernet(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def seal(key: str) -> str:
    """`key` encrypted; nothing for no key."""
    return _box().encrypt(key.encode()).decode() if key else ""


def unseal(sealed: str) -> str:
    """What was sealed. Raises `key_unreadable` where the site's SECRET_KEY is another by now."""
    try:
        return _box().decrypt(sealed.encode()).decode() if sealed else ""
    except InvalidToken:
        raise conflict(
            "key_unreadable",
            "The endpoint's key cannot be read: the site's SECRET_KEY has changed since; enter it again.",
        ) from None
