"""The frame index: number, time and place of every frame, and what is chosen by time."""

import json
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, groupby, pairwise
from math import floor
from typing import Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Index:
    """All frames of a video in presentation order; a frame's number is its place, from 0.

    ticks: each frame's time after the first frame, in units of `time_base` seconds.
    start: the first frame's own timestamp in the file, in the same units.
    keys: numbers of the frames that decoding can begin at.
    checks: a 32-bit checksum of each frame's upright RGB picture.
    """

    time_base: Fraction
    start: int
    ticks: tuple[int, ...]
    keys: tuple[int, ...]
    checks: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.ticks)

    def timestamp(self, number: int) -> Fraction:
        """Seconds from the first frame to frame `number`; IndexError where there is no such frame."""
        if not 0 <= number < len(self):
            raise IndexError(f"the video has frames 0 to {len(self) - 1}, and no frame {number}")
        return self.ticks[number] * self.time_base

    @cached_property
    def timestamps(self) -> tuple[Fraction, ...]:
        """Seconds from the first frame, of every frame."""
        return tuple(tick * self.time_base for tick in self.ticks)

    def nearest(self, seconds: Fraction | float) -> int:
        """Number of the frame nearest to `seconds` after the first; of two as near, the earlier."""
        wanted = Fraction(seconds)
        after = bisect_left(self.timestamps, wanted)
        around = range(max(0, after - 1), min(len(self), after + 1))
        return min(around, key=lambda number: abs(self.timestamps[number] - wanted))

    def sample_numbers(self) -> list[int]:
        """The 1 fps samples: numbers of the frames nearest to 0, 1, 2 ... s, and of the last one."""
        return list(sampled(zip(self.timestamps, range(len(self)), strict=True)))

    def entries(self, number: int) -> list[int]:
        """Frames at or before `number` to begin decoding at, the best first: its keyframe, the one before.

        Before the first keyframe there is the first frame alone: its keyframe may be hidden by an edit list.
        """
        at = bisect_right(self.keys, number)
        return list(reversed(self.keys[max(0, at - 2) : at])) or [0]

    def to_json(self) -> str:
        """Text for storage: runs of equal steps are counted, a checksum is 8 hexadecimal digits."""
        steps = [b - a for a, b in pairwise(self.ticks)]
        return json.dumps(
            {
                "time_base": str(self.time_base),
                "start": self.start,
                "steps": [[step, len(list(run))] for step, run in groupby(steps)],
                "keys": self.keys,
                "checks": "".join(f"{check:08x}" for check in self.checks),
            }
        )

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The index that `to_json` wrote."""
        data = json.loads(text)
        checks = data["checks"]
        steps = (step for step, count in data["steps"] for _ in range(count))
        return cls(
            time_base=Fraction(data["time_base"]),
            start=data["start"],
            ticks=tuple(accumulate(steps, initial=0)),
            keys=tuple(data["keys"]),
            checks=tuple(int(checks[at : at + 8], 16) for at in range(0, len(checks), 8)),
        )


def sampled(timed: Iterable[tuple[Fraction, T]]) -> Iterator[T]:
    """Of things in order of their time in seconds, those nearest to 0, 1, 2 ... s, and the last; each once.

    Of two as near, the earlier. Holds one thing while it takes the next, so that pictures can go through.
    """
    wanted = 0  # the first whole second that has got nothing yet
    before: tuple[Fraction, T] | None = None
    spare = False  # the one before has not been given
    for seconds, thing in timed:
        middle = floor((before[0] + seconds) / 2) if before is not None else -1
        if before is not None and spare and middle >= wanted:
            yield before[1]
        nearest = floor(seconds) > max(middle, wanted - 1)
        if nearest:
            yield thing
        wanted, before, spare = floor(seconds) + 1, (seconds, thing), not nearest
    if before is not None and spare:
        yield before[1]


def match(head: Index, other: Index, head_number: int) -> int:
    """Number of the other camera's frame nearest in time; both recordings begin at their first frame."""
    return other.nearest(head.timestamp(head_number))
