"""A client of the openpi protocol that never waits longer than it was told, and connects again by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI

from robot.environment import Vector
from robot.packing import PackingError, pack, unpack
from robot.policy import MOST_BYTES


class PolicyLost(Exception):  # noqa: N818  # a state of the world, as ConnectionClosed is
    """No chunk in time: nobody there, no answer, or an answer that is none; one sentence."""


class PolicyClient:
    """One connection at a time to one server; `metadata` is what it said of itself when it last connected."""

    def __init__(self, url: str, key: str = "") -> None:
        self._url = url
        self._headers = {"Authorization": f"Api-Key {key}"} if key else {}
        self._socket: ClientConnection | None = None
        self.metadata: Mapping[str, Any] = {}

    async def infer(self, request: Mapping[str, Any], patience: float) -> Vector:
        """Return the chunk for a request, within `patience` seconds; its shape is not looked at.

        Raises PolicyLost. After that, or when it is cancelled, the connection is closed, so that an answer
        still under way is never taken for a later request's; the next request connects anew.
        """
        try:
            async with asyncio.timeout(patience):
                actions = await self._exchange(pack(request))
        except TimeoutError as error:
            self.abandon()
            raise PolicyLost(f"no answer within {patience:g} s") from error
        except (OSError, InvalidHandshake, InvalidURI, ConnectionClosed, PackingError) as error:
            self.abandon()
            raise PolicyLost(f"{self._url}: {error}") from error
        except (PolicyLost, asyncio.CancelledError):
            self.abandon()
            raise
        return actions

    async def _exchange(self, data: bytes) -> Vector:
        socket = self._socket or await self._connect()
        await socket.send(data)
        answer = await socket.recv()
        if isinstance(answer, str):
            raise PolicyLost(f"the policy server failed: {answer.strip().splitlines()[-1][:300]}")
        message = unpack(answer)
        if not isinstance(message, Mapping) or "actions" not in message:
            raise PolicyLost("the policy server answered without actions")
        return np.asarray(message["actions"])

    async def _connect(self) -> ClientConnection:
        socket = await connect(
            self._url, additional_headers=self._headers, compression=None, max_size=MOST_BYTES,
            proxy=None, close_timeout=0.2, ping_interval=None,
        )  # fmt: skip
        self._socket = socket
        metadata = unpack(_bytes(await socket.recv()))
        self.metadata = metadata if isinstance(metadata, Mapping) else {}
        return socket

    def abandon(self) -> None:
        """Cut the connection without waiting for the other side."""
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.transport.abort()


def _bytes(data: bytes | str) -> bytes:
    if isinstance(data, str):
        raise PolicyLost("the server's first message is no metadata")
    return data
