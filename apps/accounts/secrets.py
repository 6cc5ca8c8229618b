"""Secrets that machines and links carry: made once, shown once, kept as a digest."""

import hashlib
import secrets

TOKEN_PREFIX, INVITATION_PREFIX = "vif_", "inv_"


def new_secret(prefix: str) -> tuple[str, str]:
    """A secret of 256 random bits, and the digest to keep of it."""
    secret = prefix + secrets.token_urlsafe(32)
    return secret, digest_of(secret)


def digest_of(secret: str) -> str:
    """SHA-256 without salt: the secret is random, so there is nothing to guess from a list."""
    return hashlib.sha256(secret.encode()).hexdigest()
