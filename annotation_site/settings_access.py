"""Who gets in and how: log-in, sign-on by OIDC, second factor, cookies, transport, content security."""

from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from annotation_site.environment import env
from annotation_site.settings_media import MEDIA_DELIVERY, S3_PUBLIC_URL

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# Registration is closed: `apps.accounts.sign_on` lets in whoever has an invitation.
ACCOUNT_ADAPTER = "apps.accounts.sign_on.AccountAdapter"
SOCIALACCOUNT_ADAPTER = "apps.accounts.sign_on.SocialAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300
# Tries: so many of one address, and of one name.
ACCOUNT_RATE_LIMITS = {
    "login": env.str("LOGIN_RATE", default="60/m/ip"),
    "login_failed": env.str("LOGIN_FAILED_RATE", default="20/m/ip,5/5m/key"),
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
}
# How many proxies stand in front and name the client in X-Forwarded-For; 0 believes nobody.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXIES", default=0)

SOCIALACCOUNT_EMAIL_AUTHENTICATION = False  # a provider's word about an address opens nobody's account
SOCIALACCOUNT_AUTO_SIGNUP = True
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
OIDC_SERVER_URL = env.str("OIDC_SERVER_URL", default="")
_OIDC_APP: dict[str, Any] = {
    "provider_id": "sso",
    "name": env.str("OIDC_NAME", default="Single sign-on"),
    "client_id": env.str("OIDC_CLIENT_ID", default=""),
    "secret": env.str("OIDC_CLIENT_SECRET", default=""),
    "settings": {"server_url": OIDC_SERVER_URL, "oauth_pkce_enabled": True},
}
SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [_OIDC_APP] if OIDC_SERVER_URL else []}}

MFA_ADAPTER = "apps.accounts.second_factor.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = env.str("TOTP_ISSUER", default="ViFailback")
# Whether admins are none until they have a second factor.
ADMIN_TOTP_REQUIRED = env.bool("ADMIN_TOTP_REQUIRED", default=False)
INVITATION_DAYS = env.int("INVITATION_DAYS", default=7)
TOKEN_DAYS = env.int("TOKEN_DAYS", default=365)

# Transport: HTTPS=yes where nginx or another proxy in front speaks TLS.
HTTPS = env.bool("HTTPS", default=False)
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # asked from within, without TLS
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600) if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"

_parts = urlsplit(S3_PUBLIC_URL)
# Where signed addresses lead to, beside the site itself.
_MEDIA = [SELF, f"{_parts.scheme}://{_parts.netloc}"] if MEDIA_DELIVERY == "signed-url" else [SELF]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [*_MEDIA, "blob:", "data:"],
        "media-src": [*_MEDIA, "blob:"],
        "connect-src": _MEDIA,
        "script-src": [SELF],
        "style-src": [SELF],
        "worker-src": [SELF, "blob:"],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
    },
}
