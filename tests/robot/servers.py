"""Real servers on loopback for tests, each with an event loop in a thread of its own."""

import asyncio
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def running(serve):
    """Run `serve(ready)`, a coroutine that serves until cancelled; gives its port."""
    started, port = threading.Event(), []
    state = {}

    async def main():
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        state.update(loop=loop, task=asyncio.ensure_future(serve(ready)))
        done, _ = await asyncio.wait({ready, state["task"]}, return_when=asyncio.FIRST_COMPLETED)
        if ready in done:
            port.append(ready.result())
        started.set()
        await asyncio.gather(state["task"], return_exceptions=True)

    thread = threading.Thread(target=asyncio.run, args=(main(),), daemon=True)
    thread.start()
    assert started.wait(10)
    assert port, "the server did not start"
    try:
        yield port[0]
    finally:
        state["loop"].call_soon_threadsafe(state["task"].cancel)
        thread.join(10)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Peer:
    """A script of ours in a process of its own, listening on a free port."""

    def __init__(self, script, port=None):
        self.script, self.port = script, port or free_port()
        self.start()

    def start(self):
        command = [sys.executable, str(Path(__file__).with_name(self.script)), str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self.process.stdout.readline().strip() == "ready"

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()
