"""Shows a rollout on the site while it happens, and brings the operators' orders back.

One websocket to `/ws/projects/<id>/live/<robot>/publish/` with the token in its `Authorization` header. To
the site: pictures as binary frames (four bytes of length, a JSON head, a JPEG) and everything else as JSON
text (`begin`, `entry`, `end`, `refused`, `alive`). From the site: `{"type": "order", "order": {...}}`, as
`robot.supervisor.orders` reads them. Without the site the robot goes on as before; nothing here waits for it.
"""

from __future__ import annotations

import json
import logging
import queue
import struct
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

import cv2
import numpy as np
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin

from robot.environment import HEAD, EnvironmentInfo, Image
from robot.events import Entry, Step

_QUALITY: Final = 80
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 10.0
_PATIENCE: Final = 5.0
_MOST_WAITING: Final = 1000
_ALIVE: Final = 3.0
_log = logging.getLogger(__name__)

TakeOrder = Callable[[Mapping[str, Any]], None]
"""Gets an order as JSON; raises ValueError with a sentence for one that it cannot read."""


@dataclass(frozen=True)
class LiveSettings:
    """`url` is the site's address, `token` one that may publish, `robot` a short name: letters, digits, -."""

    url: str
    token: str
    project: int
    robot: str
    fps: float = 15.0

    @property
    def address(self) -> str:
        """The websocket's."""
        parts = urlsplit(self.url.rstrip("/"))
        scheme = "wss" if parts.scheme == "https" else "ws"
        path = f"{parts.path}/ws/projects/{self.project}/live/{self.robot}/publish/"
        return urlunsplit((scheme, parts.netloc, path, "", ""))


class LivePublisher:
    """A `robot.events.Subscriber`; to be closed. Pictures that the line is too slow for are left out."""

    def __init__(self, settings: LiveSettings, take_order: TakeOrder) -> None:
        self.settings, self._take_order = settings, take_order
        self._texts: queue.Queue[str] = queue.Queue(_MOST_WAITING)
        self._picture: tuple[dict[str, Any], Image] | None = None
        self._begun: str | None = None
        self._due = 0.0
        self._wake, self._closed = threading.Event(), threading.Event()
        self.connected = threading.Event()
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    # --- the runtime's side ---

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """Say which rollout begins."""
        size = info.cameras.get(HEAD)
        self._begun = json.dumps(
            {
                "type": "begin",
                "rollout": rollout,
                "robot": info.name,
                "task": info.task,
                "size": [size.width, size.height] if size else None,
            }
        )
        self._say(self._begun)

    def on_step(self, step: Step) -> None:
        """Show the head camera's picture, as often as is wanted."""
        now = time.monotonic()
        if now < self._due or HEAD not in step.observation.images:
            return
        self._due = max(self._due + 1 / self.settings.fps, now)
        head = {
            "index": step.index,
            "time": step.time,
            "control": step.control,
            "why": step.why,
            "at": time.time(),
        }
        self._picture = (head, step.observation.images[HEAD])
        self._wake.set()

    def on_entry(self, entry: Entry) -> None:
        """Tell what happened."""
        told = {"type": "entry", "kind": entry.kind, "time": entry.time, "data": dict(entry.data)}
        self._say(json.dumps(told, default=str))

    def end(self) -> None:
        """Say that the rollout is over."""
        self._begun = None
        self._say(json.dumps({"type": "end"}))

    def close(self) -> None:
        """Let go of the site."""
        self._closed.set()
        self._wake.set()
        self._thread.join(_PATIENCE)

    def _say(self, text: str) -> None:
        with suppress(queue.Full):  # nobody listens; the recorder has it
            self._texts.put_nowait(text)
        self._wake.set()

    # --- the site's side, in a thread of its own ---

    def _run(self) -> None:
        pause = _FIRST_PAUSE
        while not self._closed.is_set():
            try:
                with self._connect() as socket:
                    pause = _FIRST_PAUSE
                    self._serve(socket)
            except (OSError, InvalidHandshake, ConnectionClosed, TimeoutError) as error:
                _log.log(
                    logging.ERROR if isinstance(error, InvalidStatus) else logging.INFO, "live: %s", error
                )
            self.connected.clear()
            self._closed.wait(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    def _connect(self) -> ClientConnection:
        headers = {"Authorization": f"Bearer {self.settings.token}"}
        return connect(
            self.settings.address,
            origin=Origin(self.settings.url.rstrip("/")),
            additional_headers=headers,
            open_timeout=_PATIENCE,
            compression=None,
            max_size=2**20,
        )

    def _serve(self, socket: ClientConnection) -> None:
        listener = threading.Thread(target=self._listen, args=(socket,), daemon=True)
        if self._begun is not None and self._texts.empty():
            socket.send(self._begun)  # the site was away when it began
        listener.start()
        self.connected.set()
        while not self._closed.is_set() and listener.is_alive():
            if not self._wake.wait(_ALIVE):
                socket.send(json.dumps({"type": "alive"}))
            self._wake.clear()
            self._send_all(socket)

    def _send_all(self, socket: ClientConnection) -> None:
        while not self._texts.empty():
            socket.send(self._texts.get())
        picture, self._picture = self._picture, None
        if picture is not None:
            socket.send(packed(*picture))

    def _listen(self, socket: ClientConnection) -> None:
        """Orders, until the connection ends."""
        try:
            for text in socket:
                self._hear(text)
        except ConnectionClosed:
            pass
        finally:
            self._wake.set()

    def _hear(self, text: str | bytes) -> None:
        try:
            message = json.loads(text)
            if isinstance(message, dict) and message.get("type") == "order":
                self._take_order(message["order"])
        except (ValueError, KeyError, RecursionError) as problem:
            self._say(json.dumps({"type": "refused", "why": str(problem)}))


def packed(head: Mapping[str, Any], picture: Image) -> bytes:
    """A picture as it goes over the line: the head's length, the head, the JPEG."""
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    bgr = cv2.cvtColor(np.ascontiguousarray(picture), cv2.COLOR_RGB2BGR)
    jpeg = cv2.imencode(".jpg", bgr, options)[1].tobytes()
    told = json.dumps(dict(head)).encode()
    return struct.pack(">I", len(told)) + told + jpeg
