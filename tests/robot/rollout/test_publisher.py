"""The publisher against a real websocket server: it shows, takes orders, comes back; nothing waits for it."""

import json
import struct
import threading
import time
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from robot.events import Entry, Kind
from robot.rollout.live import LivePublisher, LiveSettings, packed
from tests.robot.conftest import cube
from tests.robot.rollout.play import INFO, steps


class Peer:
    """A site on loopback: keeps what comes, and gives orders."""

    def __init__(self, port: int = 0) -> None:
        self.texts: Queue[dict[str, Any]] = Queue()
        self.pictures: Queue[bytes] = Queue()
        self.headers: Queue[Any] = Queue()
        self.sockets: list[ServerConnection] = []
        self.server: Server = serve(self._handle, "127.0.0.1", port, compression=None, max_size=None)
        self.port: int = self.server.socket.getsockname()[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def _handle(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        self.headers.put((socket.request.path, socket.request.headers))
        self.sockets.append(socket)
        try:
            for message in socket:
                if isinstance(message, bytes):
                    self.pictures.put(message)
                else:
                    self.texts.put(json.loads(message))
        except ConnectionClosed:
            pass

    def stop(self) -> None:
        self.server.shutdown()
        for socket in self.sockets:
            socket.close()


@pytest.fixture
def peer() -> Iterator[Peer]:
    peer = Peer()
    yield peer
    peer.stop()


def publisher(port: int, orders: Queue[Any]) -> LivePublisher:
    settings = LiveSettings(f"http://127.0.0.1:{port}", "vif_secret", 7, "aloha-1", fps=1000)
    return LivePublisher(settings, orders.put)


def test_it_says_who_it_is_and_shows_the_head_view(peer: Peer) -> None:
    live = publisher(peer.port, Queue())
    path, headers = peer.headers.get(timeout=10)
    assert (path, headers["Authorization"]) == ("/ws/projects/7/live/aloha-1/publish/", "Bearer vif_secret")
    assert headers["Origin"] == f"http://127.0.0.1:{peer.port}"
    live.begin("r1", INFO)
    assert peer.texts.get(timeout=10)["rollout"] == "r1"
    (step,) = steps(1)
    live.on_step(step)
    data = peer.pictures.get(timeout=10)
    (length,) = struct.unpack(">I", data[:4])
    assert json.loads(data[4 : 4 + length])["control"] == step.control
    assert data[4 + length :].startswith(b"\xff\xd8")
    live.on_entry(Entry(1.0, Kind.QUERY, {"query": 1}))
    assert peer.texts.get(timeout=10)["kind"] == "query"
    live.end()
    assert peer.texts.get(timeout=10) == {"type": "end"}
    live.close()


def test_orders_come_back_and_one_that_cannot_be_read_is_told(peer: Peer) -> None:
    orders: Queue[Any] = Queue()

    def take(raw: Any) -> None:
        if raw.get("order") == "dance":
            raise ValueError("'dance' is no order")
        orders.put(raw)

    live = LivePublisher(LiveSettings(f"http://127.0.0.1:{peer.port}", "t", 7, "a"), take)
    peer.headers.get(timeout=10)
    peer.sockets[0].send(json.dumps({"type": "order", "order": {"order": "hold", "by": "otto"}}))
    assert orders.get(timeout=10) == {"order": "hold", "by": "otto"}
    peer.sockets[0].send("[1")
    peer.sockets[0].send(json.dumps({"type": "order", "order": {"order": "dance"}}))
    refusals = [peer.texts.get(timeout=10) for _ in range(2)]
    assert refusals[1] == {"type": "refused", "why": "'dance' is no order"}
    live.close()


def test_without_a_site_nothing_waits_and_it_shows_again_when_there_is_one(peer: Peer) -> None:
    live = publisher(peer.port, Queue())
    peer.headers.get(timeout=10)
    live.begin("r1", INFO)
    peer.texts.get(timeout=10)
    peer.stop()
    begun = time.monotonic()
    for step in steps(50):
        live.on_step(step)
        for _ in range(50):
            live.on_entry(Entry(step.time, Kind.TIMING, {}))
    assert time.monotonic() - begun < 1.0
    again = Peer(peer.port)
    try:
        again.headers.get(timeout=20)
        live.on_step(next(steps(1)))
        assert again.pictures.get(timeout=10)
    finally:
        live.close()
        again.stop()


def test_a_token_that_may_not_publish_is_told_and_not_tried_again(
    peer: Peer, caplog: pytest.LogCaptureFixture
) -> None:
    live = publisher(peer.port, Queue())
    peer.headers.get(timeout=10)
    peer.sockets[0].close(4404)
    live.close()
    live._thread.join(10)
    assert not live._thread.is_alive()
    assert "does not let this token publish" in caplog.text
    assert peer.headers.empty()


def test_a_picture_keeps_its_colors_on_the_line() -> None:
    import cv2
    import numpy as np

    data = packed({}, cube(3, 0))
    shown = cv2.imdecode(np.frombuffer(data[6:], np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert shown[16, 12, 0] > 150 > 90 > shown[16, 12, 2]
