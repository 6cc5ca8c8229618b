"""A real HTTP server on loopback that speaks the OpenAI protocol, streaming, and misbehaves as it is told."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = Callable[[BaseHTTPRequestHandler], None]
TEXTS = {
    "failure_reason": "The gripper closes beside the eraser.",
    "high_level_avoidance": "Move over the eraser first.",
    "high_level_correction": "Open, go back and grasp again.",
}
ANSWER = json.dumps(TEXTS)
USAGE = {"prompt_tokens": 1000, "completion_tokens": 50, "total_tokens": 1050}


def event(
    text: str | None = None, finish: str | None = None, logprob: float | None = None, **delta: Any
) -> bytes:
    """One chunk of a streamed completion."""
    told = {"content": [{"token": "x", "logprob": logprob, "bytes": None, "top_logprobs": []}]}
    choice = {
        "index": 0,
        "delta": {"role": "assistant", "content": text, **delta},
        "finish_reason": finish,
        "logprobs": told if logprob is not None else None,
    }
    return _data({"choices": [choice]})


def _data(fields: dict[str, Any]) -> bytes:
    body = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m", **fields}
    return b"data: " + json.dumps(body).encode() + b"\n\n"


def send(
    *chunks: bytes, pause: float = 0.0, length: int | None = None, kind: str = "text/event-stream"
) -> Step:
    """Answer 200 with these chunks, `pause` seconds before each; `length` promises more than comes."""

    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", kind)
        if length is not None:
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        for chunk in chunks:
            time.sleep(pause)
            handler.wfile.write(chunk)
            handler.wfile.flush()

    return step


def say(
    text: str = ANSWER, *, finish: str = "stop", usage: Any = USAGE, pause: float = 0.0, **rest: Any
) -> Step:
    """Answer properly, a few characters at a time."""
    pieces = [event(text[at : at + 20], **rest) for at in range(0, len(text), 20)]
    counted = [_data({"choices": [], "usage": usage})] if usage else []
    return send(*pieces, event(finish=finish), *counted, b"data: [DONE]\n\n", pause=pause)


def fail(status: int, body: str = "no", **headers: str) -> Step:
    def step(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body.encode())

    return step


def silence(seconds: float) -> Step:
    def step(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(seconds)

    return step


def endless(handler: BaseHTTPRequestHandler) -> None:
    """Comments for ever, which the protocol allows."""
    send()(handler)
    while True:
        handler.wfile.write(b": still here\n\n" * 1000)


@dataclass(frozen=True)
class Asked:
    """One request that arrived."""

    body: dict[str, Any]
    headers: dict[str, str]
    at: float

    @property
    def text(self) -> str:
        content = self.body["messages"][-1]["content"]
        return "\n".join(part["text"] for part in content if part["type"] == "text")

    @property
    def pictures(self) -> list[str]:
        content = self.body["messages"][-1]["content"]
        return [part["image_url"]["url"] for part in content if part["type"] == "image_url"]


@dataclass
class ModelServer:
    """Takes one step for each request, the last again and again; or what `choose` says of a request."""

    steps: list[Step]
    choose: Callable[[Asked], Step] | None = None
    asked: list[Asked] = field(default_factory=list)
    url: str = ""
    in_flight: int = 0
    most_in_flight: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        asked = Asked(json.loads(body), {k.title(): v for k, v in handler.headers.items()}, time.monotonic())
        with self.lock:
            step = (
                self.choose(asked) if self.choose else self.steps[min(len(self.asked), len(self.steps) - 1)]
            )
            self.asked.append(asked)
            self.in_flight += 1
            self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            step(handler)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the client went away, as it should
        finally:
            with self.lock:
                self.in_flight -= 1


@contextmanager
def serving(*steps: Step, choose: Callable[[Asked], Step] | None = None) -> Iterator[ModelServer]:
    server = ModelServer(list(steps), choose)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            server.handle(self)

        def log_message(self, *args: Any) -> None:
            pass

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join(5)
