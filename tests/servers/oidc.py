"""A real OpenID Connect provider in a process of its own: it signs, redirects and checks as one does."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from annotation_site.processes import start, stop
from tests.servers.ready import await_answer, free_ports


@contextmanager
def oidc_provider() -> Iterator[str]:
    """Its address. Whoever comes may say who they are; clients need no registration."""
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    command = [os.path.join(os.path.dirname(sys.executable), "oidc-provider-mock"), "--port", str(port)]
    children: list[subprocess.Popen[bytes]] = [start(command, dict(os.environ))]
    try:
        await_answer(lambda: httpx.get(f"{address}/.well-known/openid-configuration").is_success, children)
        yield address
    finally:
        stop(children, patience=2.0)
