"""Work in a process of its own, so that nothing it does can hold the control loop up.

Jobs have numbers. A job that is dropped is cancelled; a process that does not even say so within a second, or
that dies, is replaced. What comes back is delivered in a thread of this side.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import queue
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Final, Protocol

_GRACE: Final = 1.0


class WorkFailed(Exception):  # noqa: N818  # an answer, not a fault
    """A job that came to nothing, and why."""


class Handler(Protocol):
    """What a worker's process runs; made in that process."""

    async def handle(self, job: Any, patience: float) -> Any:
        """Return the job's result; raises WorkFailed."""


Make = Callable[[], Handler]
Deliver = Callable[[int, Any, str], None]
"""Takes a job's number and its result or, where there is none, why."""


@dataclass(frozen=True, slots=True)
class _Job:
    number: int
    payload: Any
    patience: float


class Worker:
    """A process that handles jobs; `prepare` turns a payload into what is sent, in a thread of this side."""

    def __init__(self, make: Make, deliver: Deliver, prepare: Callable[[Any], Any] = lambda job: job) -> None:
        """Start the process; it is ready when `ready` is set."""
        self._make, self._deliver, self._prepare = make, deliver, prepare
        self._jobs: queue.SimpleQueue[_Job | int | None] = queue.SimpleQueue()
        self._open: set[int] = set()
        self._dropped: dict[int, float] = {}
        self.ready = threading.Event()
        self._closing = False
        self._start()
        self._sender = threading.Thread(target=self._send, name="worker-sender", daemon=True)
        self._sender.start()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_run, args=(self._make, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self._dropped.clear()
        threading.Thread(
            target=self._receive, args=(self._pipe,), name="worker-receiver", daemon=True
        ).start()

    def ask(self, number: int, payload: Any, patience: float) -> None:
        """Give a job in; never waits."""
        self._jobs.put(_Job(number, payload, patience))

    def drop(self, number: int) -> None:
        """Nobody waits for that job any more; never waits."""
        self._jobs.put(number)

    def close(self) -> None:
        """End the process."""
        self._closing = True
        self._jobs.put(None)
        self._sender.join(_GRACE)
        self._process.kill()
        self._process.join()

    def _send(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._replace_stuck()
            try:
                self._hand_over(job)
            except (OSError, ValueError) as error:
                if isinstance(job, _Job):
                    self._settle(job.number, None, f"its process is gone: {error}")

    def _hand_over(self, job: _Job | int) -> None:
        if isinstance(job, int):
            self._open.discard(job)
            self._dropped[job] = time.monotonic()
            self._pipe.send(("drop", job, None, 0.0))
            return
        self._open.add(job.number)
        try:
            payload = self._prepare(job.payload)
        except WorkFailed as error:
            self._settle(job.number, None, str(error))
            return
        self._pipe.send(("job", job.number, payload, job.patience))

    def _replace_stuck(self) -> None:
        now = time.monotonic()
        stuck = any(now - since > _GRACE for since in list(self._dropped.values()))
        if (stuck or not self._process.is_alive()) and not self._closing:
            self._process.kill()
            self._process.join()
            self.ready.clear()
            self._start()

    def _receive(self, pipe: Connection) -> None:
        try:
            while True:
                number, result, why = pipe.recv()
                if number == _READY:
                    self.ready.set()
                elif self._dropped.pop(number, None) is None:
                    self._settle(number, result, why)
        except (EOFError, OSError):
            for number in list(self._open):
                self._settle(number, None, "its process ended")

    def _settle(self, number: int, result: Any, why: str) -> None:
        if number in self._open and not self._closing:
            self._open.discard(number)
            self._deliver(number, result, why)


_READY: Final = -1


def _run(make: Make, pipe: Connection) -> None:
    """The process's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal's Ctrl-C is the parent's to act on
    asyncio.run(_serve(make(), pipe))


async def _serve(handler: Handler, pipe: Connection) -> None:
    loop, tasks = asyncio.get_running_loop(), dict[int, asyncio.Task[None]]()
    pipe.send((_READY, None, ""))
    while True:
        try:
            what, number, payload, patience = await loop.run_in_executor(None, pipe.recv)
        except (EOFError, OSError):
            return
        if what == "job":
            tasks = {number: task for number, task in tasks.items() if not task.done()}
            tasks[number] = asyncio.create_task(_answer(pipe, number, handler.handle(payload, patience)))
        else:
            if task := tasks.pop(number, None):
                task.cancel()
            pipe.send((number, None, "dropped"))


async def _answer(pipe: Connection, number: int, work: Awaitable[Any]) -> None:
    try:
        result, why = await work, ""
    except WorkFailed as error:
        result, why = None, str(error)
    except Exception as error:  # a fault of the handler is told, and ends only this job
        result, why = None, f"{type(error).__name__}: {error}"
    pipe.send((number, result, why))
