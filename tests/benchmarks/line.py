"""A slow line to the site: a TCP relay with a round trip's delay and a rate that all connections share."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

CHUNK = 8 * 1024


@dataclass
class Line:
    """One direction of a line, which all connections share: `rate` in bytes a second, `delay` in seconds.

    What waits before it is bounded, as in a router: a page that was left does not hold up the next.
    """

    rate: float
    delay: float
    free: float = 0.0

    def wait(self, now: float) -> float:
        """How long a sender has to wait until no more than the delay's worth of bytes is before it."""
        return max(0.0, self.free - now - self.delay)

    def arrival(self, size: int, now: float) -> float:
        """When the last of `size` bytes sent at `now` has arrived."""
        self.free = max(self.free, now) + size / self.rate
        return self.free + self.delay


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, line: Line) -> None:
    """Read on while what was read is under way, so that the delay costs no rate."""
    loop = asyncio.get_running_loop()
    under_way: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()

    async def deliver() -> None:
        while True:
            arrival, data = await under_way.get()
            await asyncio.sleep(arrival - loop.time())
            if not data or writer.is_closing():  # the end, or the page went away with stills under way
                return writer.close()
            writer.write(data)

    delivering = asyncio.create_task(deliver())
    data = b"begin"
    while data:
        while wait := line.wait(loop.time()):
            await asyncio.sleep(wait)
        try:
            data = await reader.read(CHUNK)
        except ConnectionError:
            data = b""
        under_way.put_nowait((line.arrival(len(data), loop.time()), data))
    await delivering


@contextmanager
def slow_line(port: int, *, megabits: float, round_trip: float) -> Iterator[int]:
    """The local port that leads to `port` over a line of `megabits` a second and `round_trip` seconds."""
    rate = megabits * 1e6 / 8
    up, down = Line(rate, round_trip / 2), Line(rate, round_trip / 2)

    async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", port)
        with suppress(asyncio.CancelledError):  # the line's end, which `asyncio` would report as a fault
            await asyncio.gather(_carry(reader, back, up), _carry(there, writer, down))

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    # In a thread of its own: the caller's may run a loop already.
    starting = asyncio.start_server(relay, "127.0.0.1", 0)
    server = asyncio.run_coroutine_threadsafe(starting, loop).result()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _end(server: asyncio.Server) -> None:
    """Cut all connections: a browser keeps idle ones open."""
    server.close()
    open_ones = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in open_ones:
        task.cancel()
    await asyncio.gather(*open_ones, return_exceptions=True)
