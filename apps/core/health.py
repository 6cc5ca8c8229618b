"""Whether the parts that the site stands on are well."""

from collections.abc import Callable

import redis
from celery import current_app
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import Error as DatabaseError
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

PATIENCE = 2.0  # seconds for each part
WORKER_PINGS = 5
OK = "ok"
UNKNOWN = "unknown: it is asked through the broker"


def _database() -> None:
    get_user_model().objects.exists()  # a table: an empty file in a lost database's place answers too


def _broker() -> None:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=PATIENCE) as client:
        client.ping()


def _worker() -> None:
    """A worker's main loop answers pings while its pool is busy; one that just came up is asked again."""
    ping = current_app.control.ping
    if not any(ping(timeout=PATIENCE / WORKER_PINGS, limit=1) for _ in range(WORKER_PINGS)):
        raise TimeoutError("no worker answered")


CHECKS: dict[str, tuple[Callable[[], None], tuple[type[Exception], ...]]] = {
    "database": (_database, (DatabaseError,)),
    "broker": (_broker, (redis.RedisError,)),
    "worker": (_worker, (OperationalError, redis.RedisError, TimeoutError, OSError)),
}


def _state(name: str) -> str:
    check, failures = CHECKS[name]
    try:
        check()
    except failures as error:
        return f"down: {error}"
    return OK


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """200 when database, broker and worker are well; 503 and which one is not."""
    states = {name: _state(name) for name in ("database", "broker")}
    # A worker is asked through the broker: without one nothing can be said of it.
    states["worker"] = _state("worker") if states["broker"] == OK else UNKNOWN
    unwell = [name for name, state in states.items() if state not in (OK, UNKNOWN)]
    response = JsonResponse({"ok": not unwell, "unwell": unwell, **states}, status=503 if unwell else 200)
    response._has_been_logged = True  # whoever probes is told; the log need not repeat it every time
    return response
