"""How others see that a process is still at a thing: it renews a time in its row; killed, it does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone


def lease() -> timedelta:
    """How long a process that has not renewed its time is taken to be alive."""
    return timedelta(seconds=settings.DRAFTING_LEASE_SECONDS)


@contextmanager
def kept_alive(rows: QuerySet) -> Iterator[None]:
    """Renew `alive_until` of the rows while the block runs: when this process is killed, that ends."""
    ended = threading.Event()
    thread = threading.Thread(target=_keep_alive, args=(rows, ended), daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _keep_alive(rows: QuerySet, ended: threading.Event) -> None:
    try:
        while not ended.wait(lease().total_seconds() / 3):
            rows.all().update(alive_until=timezone.now() + lease())
    finally:
        connection.close()
