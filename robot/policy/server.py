"""A server of the openpi protocol for any policy of ours."""

from __future__ import annotations

import asyncio
import time
import traceback
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Protocol

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request as HttpRequest
from websockets.http11 import Response

from robot.environment import Vector
from robot.packing import pack, unpack
from robot.policy import MOST_BYTES
from robot.policy.requests import Request, read_request

_FAILED = 1011


class Policy(Protocol):
    """What decides. It may remember: every connection has its own."""

    def infer(self, request: Request) -> Vector:
        """Return the next actions (n, 14)."""


class PolicyServer:
    """Serves a policy made anew for every connection."""

    def __init__(self, make: Callable[[], Policy], metadata: Mapping[str, Any], key: str = "") -> None:
        self._make, self._metadata, self._key = make, dict(metadata), key

    async def serve(self, host: str, port: int, ready: asyncio.Future[int] | None = None) -> None:
        """Serve until cancelled; `ready` is told the port."""
        async with serve(
            self._handle, host, port, process_request=self._admit, compression=None, max_size=MOST_BYTES
        ) as server:
            if ready is not None:
                ready.set_result(next(iter(server.sockets)).getsockname()[1])
            await asyncio.get_running_loop().create_future()

    def _admit(self, socket: ServerConnection, request: HttpRequest) -> Response | None:
        if request.path == "/healthz":
            return socket.respond(HTTPStatus.OK, "OK\n")
        if self._key and request.headers.get("Authorization") != f"Api-Key {self._key}":
            return socket.respond(HTTPStatus.UNAUTHORIZED, "this policy asks for a key\n")
        return None

    async def _handle(self, socket: ServerConnection) -> None:
        policy, total = self._make(), None
        try:
            await socket.send(pack(self._metadata))
            while True:
                data = await socket.recv()
                start = time.monotonic()
                answer = await asyncio.to_thread(_answer, policy, data, total)
                await socket.send(answer)
                total = time.monotonic() - start
        except ConnectionClosed:
            pass
        except Exception:  # the protocol's way of an error: its traceback, and the end of the connection
            await socket.send(traceback.format_exc())
            await socket.close(_FAILED, "Internal server error.")
            raise


def _answer(policy: Policy, data: bytes | str, total: float | None) -> bytes:
    if isinstance(data, str):
        raise TypeError("a text frame is no request")
    start = time.monotonic()
    request = read_request(unpack(data))
    actions = policy.infer(request)
    seconds = 1000 * (time.monotonic() - start)
    timing = {"infer_ms": seconds} | ({} if total is None else {"prev_total_ms": 1000 * total})
    return pack(
        {"actions": actions, "state": request.state, "policy_timing": {"infer_ms": seconds},
         "server_timing": timing}
    )  # fmt: skip
