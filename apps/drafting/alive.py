"""How others see that a process is still at a thing: it renews a time in its row; killed, it does not."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

LEASE = timedelta(seconds=15)


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
        while not ended.wait(LEASE.total_seconds() / 3):
            rows.all().update(alive_until=timezone.now() + LEASE)
    finally:
        connection.close()
