"""Where operators connect on the robot's own machine: a websocket of JSON, orders in, entries and state out.

An order is as `robot.supervisor.orders` says; one that cannot be read is answered `{"error": SENTENCE}`. What
happens comes as `{"entry": KIND, "time", "data"}` and, five times a second, `{"step": INDEX, "time",
"control", "why"}`. With a token, `Authorization: Bearer TOKEN`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from websockets.asyncio.server import Server, ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from robot.environment import EnvironmentInfo
from robot.events import Entry, Step
from robot.supervisor.messages import Operate
from robot.supervisor.orders import OrderError, read_order

_EVERY: Final = 10
_MOST_BYTES: Final = 2**16


class Console:
    """Serves operators in an event loop that somebody else runs; a subscriber of the rollouts."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, operate: Callable[[Operate], None], token: str = ""
    ) -> None:
        self._loop, self._operate, self._token = loop, operate, token
        self._server: Server | None = None

    async def start(self, host: str, port: int) -> int:
        """Begin to listen, and return the port."""
        self._server = await serve(
            self._handle, host, port, process_request=self._admit, max_size=_MOST_BYTES, compression=None
        )
        return int(next(iter(self._server.sockets)).getsockname()[1])

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            return socket.respond(HTTPStatus.UNAUTHORIZED, "this console asks for a token\n")
        # A page of another origin could speak to a socket on this machine; it would say where it comes from.
        if not self._token and request.headers.get("Origin"):
            return socket.respond(HTTPStatus.FORBIDDEN, "no pages without a token\n")
        return None

    async def _handle(self, socket: ServerConnection) -> None:
        try:
            async for text in socket:
                try:
                    self._operate(read_order(json.loads(text)))
                except (OrderError, ValueError, RecursionError) as error:
                    await socket.send(json.dumps({"error": str(error)}))
        except ConnectionClosed:
            pass

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """Nothing to prepare."""

    def on_step(self, step: Step) -> None:
        """Show now and then who is in control."""
        if step.index % _EVERY == 0:
            self._send({"step": step.index, "time": step.time, "control": step.control, "why": step.why})

    def on_entry(self, entry: Entry) -> None:
        """Show every entry."""
        self._send({"entry": entry.kind, "time": entry.time, "data": dict(entry.data)})

    def end(self) -> None:
        """Nothing to keep."""

    def _send(self, message: dict[str, object]) -> None:
        text = json.dumps(message, default=str)
        self._loop.call_soon_threadsafe(self._broadcast, text)

    def _broadcast(self, text: str) -> None:
        if self._server is not None:
            broadcast(self._server.connections, text)
