"""Random choices that are the same on every machine and every version of Python, and depend only on a key.

Each question draws from a stream of its own, so that leaving one question out changes no other.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")
_MASK: Final = (1 << 64) - 1


def rank(*key: object) -> int:
    """Return a number from 0 to 2^64 - 1 that depends on the key alone, evenly spread."""
    text = "\x1f".join(map(str, key)).encode()
    return int.from_bytes(hashlib.sha256(text).digest()[:8], "big")


class Draw:
    """A stream of choices from a key (SplitMix64)."""

    def __init__(self, *key: object) -> None:
        self._state = rank(*key)

    def below(self, limit: int) -> int:
        """Return a number from 0 to `limit` - 1."""
        self._state = (self._state + 0x9E3779B97F4A7C15) & _MASK
        mixed = self._state
        mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
        mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
        return (mixed ^ (mixed >> 31)) % limit

    def chance(self, percent: int) -> bool:
        """Return True in that many of 100 cases."""
        return self.below(100) < percent

    def choose(self, items: Sequence[T]) -> T:
        """Return one of the items."""
        return items[self.below(len(items))]

    def shuffled(self, items: Sequence[T]) -> list[T]:
        """Return all items in a random order."""
        order = list(items)
        for last in range(len(order) - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
