"""A robot that shows a recording again and goes nowhere: for shadow runs, measurements and tests."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from robot.environment import (
    Camera,
    Depth,
    EnvironmentInfo,
    EnvironmentLost,
    Image,
    Observation,
    Outcome,
    Vector,
)


class ReplayEnvironment:
    """Shows recorded pictures and states by the clock, from the first on again after the last.

    `frames` has the pictures of each moment by camera, `states` (moments, 14) what was felt. It is real-time:
    what `observe` shows follows the clock, whether or not anybody acts. `actions` keeps what was sent.
    """

    def __init__(
        self,
        frames: Sequence[Mapping[str, Image]],
        states: Sequence[Vector],
        *,
        hertz: float = 50.0,
        task: str = "",
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if not frames or len(frames) != len(states):
            raise EnvironmentLost("a recording needs as many states as frames, and at least one")
        cameras = {name: Camera(image.shape[1], image.shape[0]) for name, image in frames[0].items()}
        self.info = EnvironmentInfo("replay", cameras, hertz, task)
        self.actions: list[Vector] = []
        self._frames, self._states, self._clock = frames, states, clock
        self._start = clock()

    def reset(self, options: Mapping[str, Any]) -> None:
        """Begin at the first frame."""
        self._start = self._clock()
        self.actions = []

    def observe(self) -> Observation:
        """Return the moment that the clock is at."""
        now = self._clock()
        sequence = max(0, int((now - self._start) * self.info.hertz))
        moment = sequence % len(self._frames)
        return Observation(sequence, now, self._states[moment], self._frames[moment])

    def act(self, action: Vector) -> None:
        """Keep the action; a recording does not change."""
        self.actions.append(action)

    def depth(self, camera: str) -> Depth | None:
        """A recording has no depth."""
        return None

    def outcome(self) -> Outcome:
        """Nobody can tell."""
        return Outcome()

    def close(self) -> None:
        """There is nothing to let go of."""
