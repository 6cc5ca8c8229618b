"""The supervisor's side of the environment wire: an `Environment` that is somewhere else."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import numpy as np
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidURI
from websockets.sync.client import connect

from robot.environment import Depth, EnvironmentInfo, EnvironmentLost, Observation, Outcome, Vector
from robot.wire import MOST_BYTES
from robot.wire.messages import (
    Message,
    WireError,
    read_depth,
    read_info,
    read_message,
    read_observation,
    read_outcome,
    write,
)

_OFFSETS: Final = 500
_REPLIES: Final = ("depth", "outcome", "reset", "error")


class RemoteEnvironment:
    """A robot at the other end of the wire.

    A thread of its own reads what comes, so that `observe` never waits. `lockstep` makes a simulator wait for
    every action; else the times of observations are put on this machine's monotonic clock, by the quickest
    of the last messages, so that a link that falls behind shows. Every wait ends after `patience` seconds
    with EnvironmentLost.
    """

    def __init__(self, url: str, *, lockstep: bool = False, token: str = "", patience: float = 10.0) -> None:
        """Connect; raises EnvironmentLost where nobody answers, or not in this protocol."""
        self._lockstep, self._patience = lockstep, patience
        self._news = threading.Condition()
        self._latest: Observation | None = None
        self._reply: Message | None = None
        self._lost = ""
        self._offsets: deque[float] = deque(maxlen=_OFFSETS)
        headers = {"Authorization": f"Bearer {token}"} if token else None
        try:
            self._socket = connect(
                url, additional_headers=headers, compression=None, max_size=MOST_BYTES,
                open_timeout=patience, close_timeout=1.0, proxy=None, legacy=True,
            )  # fmt: skip
            self._info = read_info(read_message(self._socket.recv(patience)))
        except (OSError, TimeoutError, InvalidHandshake, InvalidURI, ConnectionClosed, WireError) as error:
            raise EnvironmentLost(f"no robot at {url}: {error}") from error
        self._reader = threading.Thread(target=self._read, name="environment", daemon=True)
        self._reader.start()

    @property
    def info(self) -> EnvironmentInfo:
        """What the robot said it is."""
        return self._info

    def reset(self, options: Mapping[str, Any]) -> None:
        """Begin a rollout; returns when its first observation is there."""
        pace = "lockstep" if self._lockstep else "stream"
        self._ask("reset", options=dict(options), pace=pace)
        self._await(lambda: self._latest is not None)

    def observe(self) -> Observation:
        """Return the newest observation."""
        with self._news:
            self._check()
            if self._latest is None:
                raise EnvironmentLost("the robot has shown nothing yet; a rollout begins with reset")
            return self._latest

    def act(self, action: Vector) -> None:
        """Send joint targets (14,); in lockstep, wait for what came of them."""
        if not self._lockstep:
            self._send("act", action=np.asarray(action, np.float32))
            return
        before = self.observe().sequence
        with self._news:
            self._reply = None
        self._send("act", action=np.asarray(action, np.float32))
        self._await(lambda: self._reply is not None or self._sequence() != before)
        self._refuse(self._reply)

    def depth(self, camera: str) -> Depth | None:
        """Return that camera's depth now, or None where it has none."""
        return read_depth(self._ask("depth", camera=camera))

    def outcome(self) -> Outcome:
        """Tell how the rollout stands."""
        return read_outcome(self._ask("outcome"))

    def close(self) -> None:
        """Close the connection; the robot then holds still by itself."""
        self._socket.close()
        self._reader.join(self._patience)

    def _sequence(self) -> int | None:
        return self._latest.sequence if self._latest else None

    def _ask(self, kind: str, **fields: object) -> Message:
        with self._news:
            self._reply = None
        self._send(kind, **fields)
        self._await(lambda: self._reply is not None)
        reply = self._reply
        self._refuse(reply)
        if reply is None or reply["type"] != kind:
            raise EnvironmentLost(f"the robot answered {kind} with {reply and reply['type']}")
        return reply

    def _refuse(self, reply: Message | None) -> None:
        if reply is not None and reply["type"] == "error":
            raise EnvironmentLost(f"the robot refused: {reply.get('message')}")

    def _send(self, kind: str, **fields: object) -> None:
        try:
            self._socket.send(write(kind, **fields))
        except (ConnectionClosed, OSError) as error:
            raise EnvironmentLost(f"the robot's connection is gone: {error}") from error

    def _await(self, there: Any) -> None:
        with self._news:
            if not self._news.wait_for(lambda: self._lost or there(), self._patience):
                raise EnvironmentLost(f"the robot did not answer within {self._patience:g} s")
            self._check()

    def _check(self) -> None:
        if self._lost:
            raise EnvironmentLost(self._lost)

    def _read(self) -> None:
        try:
            while True:
                self._take(read_message(self._socket.recv()))
        except (ConnectionClosed, OSError, WireError) as error:
            with self._news:
                self._lost = f"the robot's connection is gone: {error}"
                self._news.notify_all()

    def _on_our_clock(self, observation: Observation) -> Observation:
        self._offsets.append(time.monotonic() - observation.time)
        offset = min(self._offsets)
        times = {name: then + offset for name, then in observation.image_times.items()}
        return replace(observation, time=observation.time + offset, image_times=times)

    def _take(self, message: Message) -> None:
        with self._news:
            if message["type"] == "observation":
                before = self._latest.images if self._latest else {}
                latest = read_observation(message, before)
                self._latest = latest if self._lockstep else self._on_our_clock(latest)
            elif message["type"] in _REPLIES:
                self._reply = message
                if message["type"] == "reset":
                    self._latest = None
                    self._offsets.clear()
            else:
                raise WireError(f"the robot sent {message['type']!r}")
            self._news.notify_all()
