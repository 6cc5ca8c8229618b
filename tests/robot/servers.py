"""Real servers on loopback for tests, each with an event loop in a thread of its own."""

import asyncio
import threading
from contextlib import contextmanager


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
