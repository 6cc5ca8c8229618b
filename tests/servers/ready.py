"""Waiting for servers that tests start."""

import socket
import subprocess
import time
from collections.abc import Callable, Iterable
from contextlib import ExitStack

import httpx

PATIENCE = 60.0  # seconds


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on; all different, for they are held while the others are found."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


def await_answer(ask: Callable[[], bool], children: Iterable[subprocess.Popen[bytes]]) -> None:
    """Ask until the answer is yes; fails when a child ends or it takes too long."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        ended = [child.args for child in children if child.poll() is not None]
        assert not ended, f"{ended} ended"
        try:
            if ask():
                return
        except (httpx.HTTPError, OSError):
            pass
        time.sleep(0.05)
    raise AssertionError(f"no answer in {PATIENCE} s")
