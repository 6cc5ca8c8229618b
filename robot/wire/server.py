"""The robot's side of the environment wire: hosts any `Environment` in one thread."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import numpy as np
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from robot.environment import JOINTS, Environment, EnvironmentLost, Image, Vector
from robot.packing import PackingError
from robot.wire import MOST_BYTES, WATCHDOG
from robot.wire.messages import Message, WireError, read_message, write, write_info, write_observation

_BUSY: Final = 1013


class EnvironmentServer:
    """Serves one environment to one client at a time; all its calls come from the serving thread."""

    def __init__(self, environment: Environment, token: str = "", clock_rate: float = 1.0) -> None:
        """Take an environment; with a `token` clients must bear it. `clock_rate` speeds a stream up."""
        self._environment = environment
        self._token = token
        self._period = 1 / environment.info.hertz / clock_rate
        self._busy = False

    async def serve(self, host: str, port: int, ready: asyncio.Future[int] | None = None) -> None:
        """Serve until cancelled; `ready` is told the port."""
        async with serve(
            self._handle, host, port, process_request=self._admit, compression=None, max_size=MOST_BYTES
        ) as server:
            if ready is not None:
                ready.set_result(next(iter(server.sockets)).getsockname()[1])
            await asyncio.get_running_loop().create_future()

    def _admit(self, socket: ServerConnection, request: Request) -> Response | None:
        if request.path == "/healthz":
            return socket.respond(HTTPStatus.OK, "OK\n")
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            return socket.respond(HTTPStatus.UNAUTHORIZED, "this robot asks for a token\n")
        return None

    async def _handle(self, socket: ServerConnection) -> None:
        if self._busy:
            await socket.close(_BUSY, "another supervisor drives this robot")
            return
        self._busy = True
        try:
            await _Session(self._environment, socket, self._period).run()
        except ConnectionClosed:
            pass  # the robot stays where it is
        finally:
            self._busy = False


class _Session:
    """One client's time with the robot."""

    def __init__(self, environment: Environment, socket: ServerConnection, period: float) -> None:
        self._environment, self._socket, self._period = environment, socket, period
        self._shown: Mapping[str, Image] = {}
        self._action: Vector | None = None
        self._acted = self._next = 0.0
        self._streams = False

    async def run(self) -> None:
        await self._socket.send(write_info(self._environment.info))
        while True:
            message = await self._receive()
            if message is not None:
                await self._take(message)
            if self._streams and time.monotonic() >= self._next:
                await self._tick()

    async def _receive(self) -> Message | None:
        """The next message; None where a tick is due before, or where it was none."""
        try:
            patience = max(0.0, self._next - time.monotonic()) if self._streams else None
            return read_message(await asyncio.wait_for(self._socket.recv(), patience))
        except TimeoutError:
            return None
        except WireError as error:
            await self._socket.send(write("error", message=str(error)))
            return None

    async def _take(self, message: Message) -> None:
        try:
            await self._do(message)
        except (WireError, EnvironmentLost, PackingError, KeyError) as error:
            await self._socket.send(write("error", message=str(error)))

    async def _do(self, message: Message) -> None:
        match message["type"]:
            case "reset":
                await self._reset(message)
            case "act":
                await self._act(_action(message))
            case "depth":
                depth = self._environment.depth(str(message["camera"]))
                await self._socket.send(write("depth", depth=depth))
            case "outcome":
                outcome = self._environment.outcome()
                await self._socket.send(write("outcome", success=outcome.success, truth=dict(outcome.truth)))
            case kind:
                raise WireError(f"{kind!r} is none of reset, act, depth, outcome")

    async def _reset(self, message: Message) -> None:
        pace = message.get("pace")
        if pace not in ("stream", "lockstep"):
            raise WireError(f"{pace!r} is no pace; it must be stream or lockstep")
        self._environment.reset(message.get("options") or {})
        self._streams, self._action, self._shown = pace == "stream", None, {}
        self._next = time.monotonic() + self._period
        await self._socket.send(write("reset"))
        await self._show()

    async def _act(self, action: Vector) -> None:
        self._action, self._acted = action, time.monotonic()
        if not self._streams:
            self._environment.act(action)
            await self._show()

    async def _tick(self) -> None:
        now = time.monotonic()
        self._next = max(self._next + self._period, now)
        if self._action is not None:
            if now - self._acted > WATCHDOG:
                self._action, self._acted = self._environment.observe().state, now
            self._environment.act(self._action)
        await self._show()

    async def _show(self) -> None:
        observation = self._environment.observe()
        await self._socket.send(write_observation(observation, self._shown))
        self._shown = observation.images


def _action(message: Message) -> Vector:
    action = np.asarray(message.get("action"))
    if action.shape != (JOINTS,) or action.dtype.kind not in "fiu" or not np.isfinite(action).all():
        raise WireError(f"an action must be ({JOINTS},) finite numbers")
    return action.astype(np.float32)
