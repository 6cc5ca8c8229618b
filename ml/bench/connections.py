"""Kept connections to one HTTP/1.1 server, for many requests at once: asyncio and httptools' parser.

A client library's own bookkeeping costs several times what such a request needs, and a fast local server then
waits for it (`make bench-eval`). Redirects, proxies and compressed answers, which no model server needs, are
left out.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import httptools

_PORTS: Final = {"http": 80, "https": 443}
_FIRST_FINAL: Final = 200  # below are interim answers


class CutError(ConnectionError):
    """The connection ended, or what came is no HTTP, before the answer was whole."""


@dataclass(slots=True)
class Response:
    """An answer: its status, its headers by lower-case name, its body."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes = b""


class _Connection(asyncio.Protocol):
    """One connection: at most one request is under way on it."""

    def __init__(self) -> None:
        self._answer: asyncio.Future[Response] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._response, self._body = Response(), list[bytes]()
        self._complete_at_end = False
        self.reusable = True

    async def ask(self, request: bytes) -> Response:
        """Send a request and return the answer. Raises CutError; a caller that gives up closes it."""
        self._answer = asyncio.get_running_loop().create_future()
        try:
            self._transport.write(request)
            return await self._answer
        finally:
            if not self._answer.done() or self._answer.cancelled() or not self.reusable:
                self.close()

    def close(self) -> None:
        """Close at once; what is under way is lost."""
        self.reusable = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError as error:
            self._fail(CutError(f"the answer is no HTTP: {error}"))
            self.close()

    def connection_lost(self, error: Exception | None) -> None:
        self.reusable = False
        if self._complete_at_end:
            self._finish()
        self._fail(CutError(str(error) if error else "the server closed the connection"))

    def _fail(self, error: CutError) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)

    # What the parser calls.

    def on_message_begin(self) -> None:
        self._response, self._body = Response(), []

    def on_header(self, name: bytes, value: bytes) -> None:
        self._response.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        self._response.status = self._parser.get_status_code()
        sized = self._response.headers.keys() & {"content-length", "transfer-encoding"}
        self._complete_at_end = not sized and self._response.status >= _FIRST_FINAL

    def on_body(self, data: bytes) -> None:
        self._body.append(data)

    def on_message_complete(self) -> None:
        if self._response.status >= _FIRST_FINAL:
            self.reusable = self.reusable and self._parser.should_keep_alive()
            self._finish()

    def _finish(self) -> None:
        self._complete_at_end = False
        self._response.content = b"".join(self._body)
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(self._response)


class Connections:
    """At most `limit` connections for posts to one address, each within `timeout` seconds."""

    def __init__(self, url: str, headers: Mapping[str, str], limit: int, timeout: float) -> None:
        parts = urlsplit(url)
        self._host, self._port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        self._tls = ssl.create_default_context() if parts.scheme == "https" else None
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        fields = {"Host": parts.netloc.rpartition("@")[2], **headers}
        lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
        self._head = "\r\n".join(lines).encode() + b"\r\nContent-Length: %d\r\n\r\n"
        self._timeout, self._free = timeout, asyncio.Semaphore(limit)
        self._idle: list[_Connection] = []

    async def post(self, data: bytes) -> Response:
        """Send a body. Raises TimeoutError; CutError or another OSError where there is no connection."""
        async with self._free, asyncio.timeout(self._timeout):
            connection = await self._take()
            response = await connection.ask(self._head % len(data) + data)
        if connection.reusable:
            self._idle.append(connection)
        return response

    async def _take(self) -> _Connection:
        while self._idle:
            connection = self._idle.pop()
            if connection.reusable:
                return connection
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(_Connection, self._host, self._port, ssl=self._tls)
        return made

    def close(self) -> None:
        """Close all connections."""
        while self._idle:
            self._idle.pop().close()
