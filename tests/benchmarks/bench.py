"""What a run costs beside its requests: `python -m tests.benchmarks.bench`.

A server in a process of its own answers each request after 50 ms. It is asked the same text-only questions by
`ml.bench.runner` (hashing, asking, reading, scoring, log) and by a bare asyncio client that only writes bytes
to 64 sockets and reads what comes. Both are timed from their first request until all is done, and take
turns, who is first too; each has the median of its rounds.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter

from ml.bench.chat import ChatClient
from ml.bench.items import Item, load_items
from ml.bench.models import OpenAIModel
from ml.bench.prices import Estimate
from ml.bench.runner import RunPlan, run
from tests.benchmarks.report import Figure, report
from tests.ml.bench.records import detection, write

IN_FLIGHT = 64
LATENCY = 0.05
QUESTIONS = 4_800
ROUNDS = 8
GOAL = 0.95
_COMPLETION = json.dumps(
    {
        "object": "chat.completion",
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "A"}}],
        "usage": {"prompt_tokens": 200, "completion_tokens": 1},
    }
).encode()
_RESPONSE = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: "
    + str(len(_COMPLETION)).encode()
    + b"\r\n\r\n"
    + _COMPLETION
)


class _Answering(asyncio.Protocol):
    """One connection of the server: each whole request is answered LATENCY later."""

    def __init__(self) -> None:
        self._held = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._answer = partial(transport.write, _RESPONSE)

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, found, body = self._held.partition(b"\r\n\r\n")
        if found and len(body) >= _length(head):
            self._held = b""
            asyncio.get_running_loop().call_later(LATENCY, self._answer)


def _length(head: bytes) -> int:
    return int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0])


async def serve() -> None:
    """Serve until killed; the port is the first line of the output."""
    server = await asyncio.get_running_loop().create_server(_Answering, "127.0.0.1", 0, backlog=2 * IN_FLIGHT)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


@contextmanager
def server() -> Iterator[int]:
    """Run the server in a process of its own; yields its port."""
    command = [sys.executable, "-m", "tests.benchmarks.bench", "serve"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.kill()


def bare(port: int, bodies: list[bytes]) -> float:
    """Return the requests a second of a client that does nothing but ask."""

    async def work(waiting: Iterator[bytes]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for body in waiting:
            writer.write(b"POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n")
            writer.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
            await reader.readexactly(_length(await reader.readuntil(b"\r\n\r\n")))
        writer.close()

    async def all_of_them() -> None:
        waiting = iter(bodies)
        await asyncio.gather(*(work(waiting) for _ in range(IN_FLIGHT)))

    start = perf_counter()
    asyncio.run(all_of_them())
    return len(bodies) / (perf_counter() - start)


def ours(port: int, items: list[Item], folder: Path) -> float:
    """Return the requests a second of a run, from the leave to ask until its log is closed."""
    model = OpenAIModel("m", ChatClient(f"http://127.0.0.1:{port}/v1", limit=IN_FLIGHT))
    start = 0.0

    def begin(left: Estimate) -> bool:
        nonlocal start
        start = perf_counter()
        return True

    outcome = run(RunPlan(items, folder, folder / "run", concurrency=IN_FLIGHT, allow=begin), model)
    seconds = perf_counter() - start
    assert outcome.answered == len(items), outcome
    return len(items) / seconds


def figures() -> list[Figure]:
    """Return the runner's requests a second beside the bare client's."""
    with tempfile.TemporaryDirectory() as name, server() as port:
        folder = Path(name)
        items = load_items([write(folder / "vqa.json", [detection(n) for n in range(QUESTIONS)])])
        bodies = [_body(item) for item in items]
        mine_of = partial(_fresh, port, items, folder)
        bare_of = partial(bare, port, bodies)
        rounds = [_round(mine_of, bare_of, number % 2 == 0) for number in range(ROUNDS)]
    mine, reference = (round(median(side), 1) for side in zip(*rounds, strict=True))
    what = f"requests a second, {IN_FLIGHT} in flight"
    return [Figure(what, mine, "1/s", round(GOAL * reference, 1), reference, "more")]


def _fresh(port: int, items: list[Item], folder: Path) -> float:
    return ours(port, items, Path(tempfile.mkdtemp(dir=folder)))


def _round(
    mine_of: Callable[[], float], bare_of: Callable[[], float], mine_first: bool
) -> tuple[float, float]:
    """Both, one after the other; returned ours first."""
    if mine_first:
        return mine_of(), bare_of()
    reference = bare_of()
    return mine_of(), reference


def _body(item: Item) -> bytes:
    messages = [{"role": "user", "content": item.prompt}]
    return json.dumps({"model": "m", "temperature": 0, "max_tokens": 2048, "messages": messages}).encode()


if __name__ == "__main__":
    if sys.argv[1:] == ["serve"]:
        asyncio.run(serve())
    else:
        report("bench", figures())
