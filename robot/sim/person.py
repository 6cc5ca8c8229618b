"""A person at the table: a hand that comes in, moves an object or stays in the way, and leaves again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from robot.sim.world import HERTZ, Array, World

_GRASP: Final = np.array([0.0, -0.075, 0.012])  # the palm, from what its fingers hold (they point along +y)
_OUTSIDE: Final = np.array([0.10, -0.20, 0.16])
_QUICK: Final = 0.55  # metres per second


@dataclass
class Person:
    """Waits until `begin`, then follows its visit; `moves` (object, where to) or stays at a place.

    `came` and `left` are the ticks at which the hand was where it wanted to be, and out of the table again.
    """

    place: Array
    moves: tuple[str, Array] | None = None
    stays: float = 0.0
    came: int | None = None
    left: int | None = None
    _path: list[tuple[int, Array]] = field(default_factory=list)
    _carry: tuple[int, int] = (0, 0)

    @property
    def gone(self) -> bool:
        """Whether the hand has been here and left."""
        return self.left is not None

    def there(self, tick: int) -> bool:
        """Whether the hand has come to where it wanted to be."""
        return self.came is not None and tick >= self.came

    def begin(self, world: World) -> None:
        """Come to the table now."""
        inside = np.asarray(self.place) + _GRASP
        outside = _OUTSIDE + [inside[0] - _OUTSIDE[0] * 0.5, 0, 0]
        self._path = [(world.tick, outside)]
        self._go(inside)
        self.came = self._path[-1][0]
        if self.moves is not None:
            self._go(np.asarray(self.moves[1]) + _GRASP, slower=2.0)
            self._carry = (self.came, self._path[-1][0])
        self._path.append((self._path[-1][0] + round(self.stays * HERTZ), self._path[-1][1]))
        self._go(outside)

    def _go(self, to: Array, slower: float = 1.0) -> None:
        tick, at = self._path[-1]
        self._path.append((tick + max(1, round(slower * np.linalg.norm(to - at) / _QUICK * HERTZ)), to))

    def act(self, world: World) -> None:
        """Be where the visit says at the world's tick."""
        if not self._path or self.gone:
            return
        at = self._at(world.tick)
        world.put_hand(at)
        first, last = self._carry
        if self.moves is not None and first <= world.tick < last:
            world.put_object(self.moves[0], at - _GRASP)
        if world.tick >= self._path[-1][0]:
            self.left = world.tick
            world.put_hand((0.0, -1.2, 0.25))

    def _at(self, tick: int) -> Array:
        ticks = [when for when, _ in self._path]
        after = min(int(np.searchsorted(ticks, tick, side="right")), len(ticks) - 1)
        (t0, p0), (t1, p1) = self._path[after - 1], self._path[after]
        share = np.clip((tick - t0) / max(t1 - t0, 1), 0, 1)
        return np.asarray(p0 + (p1 - p0) * share * share * (3 - 2 * share))
