"""A client of OpenAI-compatible chat servers, with retries."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any, Final

from ml.bench.connections import Connections
from ml.bench.errors import BenchError

_AGAIN: Final = frozenset({408, 409, 425, 429, 500, 502, 503, 504, 529})
_MOST_TEXT: Final = 300
_to_text: Final = json.JSONEncoder(ensure_ascii=False).encode
REFUSED: Final = "content_filter"  # what servers say of answers they held back


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model answered. Token counts are None where the server tells none.

    `finish` is why it ended, in the server's words; `content_filter` also where the message is a refusal.
    """

    text: str
    finish: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    attempts: int = 1


class RequestError(Exception):
    """A request that got no answer, and how often it was tried."""

    def __init__(self, message: str, attempts: int = 1) -> None:
        super().__init__(message)
        self.attempts = attempts


@dataclass(frozen=True, slots=True)
class Retry:
    """How often to try, and how long to wait: `first` seconds doubled each time, up to `most`, with jitter.

    A server's Retry-After counts instead, up to `longest`.
    """

    attempts: int = 6
    first: float = 0.5
    most: float = 30.0
    longest: float = 300.0

    def wait(self, attempt: int, told: float | None) -> float:
        """Return the seconds to wait after the `attempt`-th try (from 1)."""
        if told is not None:
            return min(max(told, 0.0), self.longest)
        return min(self.most, self.first * 2 ** (attempt - 1)) * random.uniform(0.5, 1)  # noqa: S311


class _Again(Exception):  # noqa: N818  # not a fault yet
    def __init__(self, message: str, after: float | None = None) -> None:
        super().__init__(message)
        self.after = after


class ChatClient:
    """Speaks to one server; to be closed. `limit` is the most connections, `timeout` seconds a try."""

    def __init__(self, base_url: str, key: str = "", limit: int = 16, timeout: float = 300.0) -> None:
        if not base_url.startswith(("http://", "https://")):
            raise BenchError(f"{base_url!r} is no base URL; it begins with http:// or https://")
        self._url = f"{base_url.rstrip('/')}/chat/completions"
        self._headers = {"Content-Type": "application/json"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._limit, self._timeout = limit, timeout
        self._connections: Connections | None = None

    async def ask(self, body: Mapping[str, Any], retry: Retry) -> Reply:
        """Send one request. Raises RequestError where it is refused for good or all tries are used up."""
        data = _to_text(body).encode(errors="replace")
        for attempt in range(1, retry.attempts + 1):
            try:
                return _reply(await self._once(data), attempt)
            except _Again as again:
                if attempt == retry.attempts:
                    raise RequestError(str(again), attempt) from again
                await asyncio.sleep(retry.wait(attempt, again.after))
            except RequestError as error:
                raise RequestError(str(error), attempt) from error
        raise RequestError("no try was allowed", 0)

    async def _once(self, data: bytes) -> bytes:
        try:
            response = await self._open().post(data)
        except TimeoutError as error:
            raise _Again(f"no answer within {self._timeout:g} s") from error
        except OSError as error:
            raise _Again(f"{type(error).__name__}: {str(error)[:_MOST_TEXT]}") from error
        if response.status == HTTPStatus.OK:
            return response.content
        message = f"HTTP {response.status}: {_short(response.content)}"
        if response.status in _AGAIN:
            raise _Again(message, _retry_after(response.headers.get("retry-after")))
        raise RequestError(message)

    def _open(self) -> Connections:
        if self._connections is None:
            self._connections = Connections(self._url, self._headers, self._limit, self._timeout)
        return self._connections

    async def close(self) -> None:
        """Close all connections."""
        if self._connections is not None:
            self._connections.close()


def _reply(content: bytes, attempts: int) -> Reply:
    """Read a completion; what is none is asked again, as proxies answer 200 with a page of their own."""
    try:
        body = json.loads(content)
        choice = body["choices"][0]
        message = choice["message"]
        refusal = message.get("refusal")
        text = message.get("content") or refusal or ""
        usage = body.get("usage") or {}
        if not isinstance(text, str) or not isinstance(usage, dict):
            raise TypeError("content or usage of a wrong type")
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise _Again(f"the answer is no chat completion: {_short(content)}") from error
    tokens = [_count(usage.get(key)) for key in ("prompt_tokens", "completion_tokens")]
    finish = REFUSED if refusal else choice.get("finish_reason")
    return Reply(text, finish, tokens[0], tokens[1], attempts)


def _count(value: object) -> int | None:
    """Believe a count only if it is one: costs are worked out from it."""
    return value if type(value) is int and value >= 0 else None


def _short(content: bytes) -> str:
    return " ".join(content[:_MOST_TEXT].decode(errors="replace").split())


def _retry_after(value: str | None) -> float | None:
    """Seconds to wait, of either form of the header; None where there is none to be read."""
    if not value:
        return None
    try:
        return float(value)
    except ValueError:
        pass
    try:
        return (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds()
    except (ValueError, TypeError):
        return None
