"""A real OpenAI-compatible server on loopback that answers as it is told, misbehaviour included."""

import asyncio
import io
import json
import threading
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from aiohttp import web

Json = dict[str, Any]
Step = Callable[[web.Request], Awaitable[web.StreamResponse]]


def say(text: str | None, *, usage: object = None, finish: str = "stop", **message: object) -> Step:
    """Answer properly."""

    async def step(request: web.Request) -> web.Response:
        choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        choice["message"] |= message
        told = {"prompt_tokens": 100, "completion_tokens": 10} if usage is None else usage
        return web.json_response({"object": "chat.completion", "choices": [choice], "usage": told})

    return step


def fail(status: int, text: str = "no", **headers: str) -> Step:
    """Answer with an error status."""

    async def step(request: web.Request) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(status=status, text=text, headers=named)

    return step


def page(text: str = "<html>Please log in</html>") -> Step:
    """Answer 200 with something else than a completion, as proxies do."""
    return fail(200, text)


def cut(after: bytes = b"") -> Step:
    """Promise a long answer, send `after`, and close the connection; without it close at once."""

    async def step(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Length": "1000"})
        if after:
            await response.prepare(request)
            await response.write(after)
        assert request.transport is not None
        request.transport.close()
        return response

    return step


def slow(seconds: float, then: Step) -> Step:
    """Take time."""

    async def step(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(seconds)
        return await then(request)

    return step


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that arrived."""

    text: str
    body: Json
    authorization: str | None
    at: float


@dataclass
class ChatServer:
    """Answers by `steps`: a step, or a function of a request's text and how often it came before."""

    steps: Step | Callable[[str, int], Step]
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    in_flight: int = 0
    most_in_flight: int = 0

    def times(self) -> Counter[str]:
        """How often each text was asked."""
        return Counter(each.text for each in self.asked)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        body = json.loads(await request.text())
        text = text_of(body)
        step = self._step(text)
        self.asked.append(Asked(text, body, request.headers.get("Authorization"), monotonic()))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await step(request)
        finally:
            self.in_flight -= 1

    def _step(self, text: str) -> Step:
        if asyncio.iscoroutinefunction(self.steps):
            return self.steps
        return self.steps(text, self.times()[text])


class Terminal(io.StringIO):
    """A person at a terminal who types this."""

    def isatty(self) -> bool:
        return True


def text_of(body: Json) -> str:
    """The text of the last message, without pictures."""
    content = body["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    return "".join(part["text"] for part in content if part["type"] == "text")


@contextmanager
def serving(steps: Step | Callable[[str, int], Step]) -> Iterator[ChatServer]:
    """Serve in a thread with a loop of its own until the block ends."""
    server, loop = ChatServer(steps), asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    runner = asyncio.run_coroutine_threadsafe(_start(server), loop).result(10)
    try:
        yield server
    finally:
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _start(server: ChatServer) -> web.AppRunner:
    app = web.Application(client_max_size=64 * 2**20)
    app.router.add_post("/v1/chat/completions", server.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    return runner
