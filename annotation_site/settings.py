"""Settings: everything that differs between installations comes from the environment."""

from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import SELF
from django.core.management.utils import get_random_secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "var"))).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)


def _kept_secret(path: Path) -> str:
    """The key in `path`, made on the first start and readable by its owner only."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(get_random_secret_key())
    return path.read_text()


SECRET_KEY = env.str("SECRET_KEY", default="") or _kept_secret(DATA_DIR / "secret_key")
DEBUG = env.bool("DEBUG", default=False)
HOST = env.str("HOST", default="127.0.0.1")
# Who serves on every address of the machine is asked for by any of its names.
_EVERY_HOST = HOST in ("0.0.0.0", "::")  # noqa: S104
ALLOWED_HOSTS = env.list(
    "ALLOWED_HOSTS", default=["*"] if _EVERY_HOST else ["localhost", "127.0.0.1", "[::1]", HOST]
)
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "django_vite",
    "csp",
    "apps.core",
    "apps.accounts",
    "apps.episodes",
    "apps.annotation",
    "apps.drafting",
    "apps.rollouts",
    "apps.review",
    "apps.releases",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "apps.accounts.preferences.PreferredLanguage",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "apps.core.pages.ErrorPages",
]

ROOT_URLCONF = "annotation_site.urls"
ASGI_APPLICATION = "annotation_site.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "apps.accounts.preferences.preferences_context",
            ]
        },
    }
]

# SQLite takes concurrent writers only with WAL, IMMEDIATE transactions and a patient lock; connections are
# not kept (under ASGI kept ones leak file descriptors).
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'site.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 8}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Valkey or Redis: `make up` sets this to the socket of its embedded Valkey.
REDIS_URL = env.str("REDIS_URL", default=f"unix://{DATA_DIR / 'valkey.sock'}")


def _celery_url(redis_url: str) -> str:
    parts = urlsplit(redis_url)
    return f"redis+socket://{parts.path}" if parts.scheme == "unix" else redis_url


CELERY_BROKER_URL = _celery_url(REDIS_URL)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL]},
    }
}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

AUTH_USER_MODEL = "accounts.User"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"

SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = env.bool("HTTPS", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SESSION_COOKIE_SECURE else None
SECURE_CONTENT_TYPE_NOSNIFF = True
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/api/docs"],
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "blob:", "data:"],
        "media-src": [SELF, "blob:"],
        "style-src": [SELF, "'unsafe-inline'"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [SELF, "ws:", "wss:"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
        "base-uri": [SELF],
        "form-action": [SELF],
    },
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")
USE_TZ = True

# Static files are served where they were built: Vite's names carry a hash, so they may be kept for ever.
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATIC_ROOT.mkdir(exist_ok=True)
FRONTEND_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [FRONTEND_DIST] if FRONTEND_DIST.exists() else []
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/.+-[A-Za-z0-9_-]{8}\.[a-z0-9]+$"
DJANGO_VITE = {"default": {"manifest_path": FRONTEND_DIST / "manifest.json", "dev_mode": False}}

# Media: local disk, or S3 when a bucket is named.
MEDIA_ROOT = DATA_DIR / "media"
S3_BUCKET = env.str("S3_BUCKET", default="")
STORAGES = {
    "default": (
        {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": S3_BUCKET,
                "endpoint_url": env.str("S3_ENDPOINT_URL", default="") or None,
                "access_key": env.str("S3_ACCESS_KEY", default="") or None,
                "secret_key": env.str("S3_SECRET_KEY", default="") or None,
                "default_acl": None,
            },
        }
        if S3_BUCKET
        else {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": MEDIA_ROOT, "allow_overwrite": True},
        }
    ),
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = DATA_DIR / "uploads"
FILE_UPLOAD_TEMP_DIR.mkdir(exist_ok=True)
FILE_UPLOAD_PERMISSIONS = 0o640

RELEASES_DIR = DATA_DIR / "releases"

# What ingest accepts.
VIDEO_MAX_SECONDS = env.float("VIDEO_MAX_SECONDS", default=600.0)
VIDEO_MAX_BYTES = env.int("VIDEO_MAX_BYTES", default=2 * 1024**3)
VIDEO_MAX_PIXELS = env.int("VIDEO_MAX_PIXELS", default=4096 * 2304)
# How much one archive of recordings may hold when it is unpacked.
RECORDINGS_MAX_BYTES = env.int("RECORDINGS_MAX_BYTES", default=16 * 1024**3)
VIDEO_MAX_FRAMES = env.int("VIDEO_MAX_FRAMES", default=72_000)

# Whether the sample project of a first start gets its drawn recordings.
SAMPLE_RECORDINGS = env.bool("SAMPLE_RECORDINGS", default=True)

# Commands of later apps that `prepare` runs as well, with `started`.
PREPARE_ALSO = ["rollouts_resume"]

# Rollouts on their way in by the tus protocol, and for how long one that nobody goes on with is kept.
TUS_DIR = DATA_DIR / "tus"
TUS_EXPIRES_SECONDS = env.int("TUS_EXPIRES_SECONDS", default=24 * 3600)
ROLLOUT_MAX_BYTES = env.int("ROLLOUT_MAX_BYTES", default=4 * 1024**3)

# Drafting by language models: the site's own endpoint, of which a project may have another, and the paper's
# models. `DRAFTING_SCRIPT` is a file of answers for demonstrations. Private addresses are those of this
# machine and its network: a model of one's own is usually there.
DRAFTING_BASE_URL = env.str("DRAFTING_BASE_URL", default="")
DRAFTING_API_KEY = env.str("DRAFTING_API_KEY", default="")
DRAFTING_TEXT_MODEL = env.str("DRAFTING_TEXT_MODEL", default="qwen-max-2025-01-25")
DRAFTING_VISION_MODEL = env.str("DRAFTING_VISION_MODEL", default="qwen3-vl-235b-a22b-instruct")
DRAFTING_ALLOW_PRIVATE = env.bool("DRAFTING_ALLOW_PRIVATE_ADDRESSES", default=False)
DRAFTING_SCRIPT = env.str("DRAFTING_SCRIPT", default="")
DRAFTING_LEASE_SECONDS = env.float("DRAFTING_LEASE_SECONDS", default=15.0)
DRAFTING_RETRY_SECONDS = env.float("DRAFTING_RETRY_SECONDS", default=1.0)

LEASE_SECONDS = env.int("LEASE_SECONDS", default=600)

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.accounts.tokens.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    # JSON alone: a form of another site cannot send it, which matters where no session is checked yet.
    "DEFAULT_PARSER_CLASSES": ["apps.core.api.Json"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": None,
    "EXCEPTION_HANDLER": "apps.core.api.error_response",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "COMPACT_JSON": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ViFailback",
    "DESCRIPTION": "Episodes, annotations, reviews and releases of robot manipulation failures.",
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "apps.core.schema.add_error_form",
    ],
    "ENUM_NAME_OVERRIDES": {
        "AnnotationState": "apps.annotation.models.Annotation.State",
        "Role": "apps.accounts.models.Role",
        "Decision": "apps.review.models.Verdict.Decision",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
    # These would log whole requests, pictures and headers and all, where everything else is to be seen.
    "loggers": {name: {"level": "WARNING"} for name in ("openai", "httpx2", "httpcore2")},
}
