"""Bookkeeping of what is asked and what is played: open requests with deadlines, and chunks of actions."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import numpy as np

from robot.environment import JOINTS, Vector


class Pending:
    """The one open request of a kind; an answer under any other number is too late."""

    def __init__(self, numbers: Iterator[int] | None = None) -> None:
        """Take the source of numbers, to be shared where numbers must differ between kinds."""
        self._numbers = numbers or count(1)
        self.number: int | None = None
        self.deadline = self.since = 0.0

    def open(self, now: float, patience: float) -> int:
        """Open a request and return its number."""
        self.number, self.since, self.deadline = next(self._numbers), now, now + patience
        return self.number

    def close(self, number: int, time: float) -> bool:
        """Close the request if it is that one and its deadline is not past; else its answer is too late."""
        if number != self.number or time > self.deadline:
            return False
        self.number = None
        return True

    def give_up(self) -> int | None:
        """Close whatever is open, and return its number."""
        number, self.number = self.number, None
        return number

    def due(self, time: float) -> bool:
        """Whether a request is open and its deadline is there."""
        return self.number is not None and time >= self.deadline


class Chunks:
    """Plays the first `execute` actions of each chunk; wants the next `lead` actions before the end.

    What was played after a chunk was asked for is skipped in it: it began at the moment it was asked for.
    """

    def __init__(self, execute: int, lead: int) -> None:
        self._execute, self._lead = execute, lead
        self._actions: Vector = np.zeros((0, JOINTS), np.float32)
        self._index = self._played = 0

    @property
    def wanting(self) -> bool:
        """Whether it is time to ask for the next chunk."""
        return len(self._actions) - self._index <= self._lead

    def asked(self) -> None:
        """A chunk has been asked for, on what is seen now."""
        self._played = 0

    def load(self, actions: Vector) -> None:
        """Play this chunk (n, 14) from now on."""
        self._actions = actions[self._played : self._played + self._execute]
        self._index = 0

    def next(self) -> Vector | None:
        """Return the next action (14,), or None where the chunk is at its end."""
        if self._index >= len(self._actions):
            return None
        self._index += 1
        self._played += 1
        action: Vector = self._actions[self._index - 1]
        return action

    def clear(self) -> None:
        """Forget the chunk: what it was decided on has passed."""
        self._actions, self._index = self._actions[:0], 0


def read_chunk(actions: object) -> Vector | str:
    """Return a policy's chunk (n, 14), or why it is none: wrong shape, not numbers, not finite."""
    array = actions if isinstance(actions, np.ndarray) else np.asarray(None)
    if array.ndim != 2 or array.shape[1] != JOINTS or not len(array) or array.dtype.kind not in "fiu":
        return f"a chunk must be (n, {JOINTS}) numbers, not {array.dtype} {array.shape}"
    if not np.isfinite(array).all():
        return "a chunk must be finite"
    return np.clip(array, -1e6, 1e6).astype(np.float32)
