"""What the head camera and the joints were like in the last seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import numpy as np

from robot.environment import HEAD, Image, Observation, Vector

_DENSITY: Final = 10
"""Kept pictures for each that is shown: the nearest to a moment is then within a twentieth of the step."""
Kept = tuple[float, Image]
Trajectory = Vector
"""Joint targets, one a control period (n, 14)."""


class FrameHistory:
    """Pictures of the head camera of the last `window` seconds, to be shown at `fps`, the newest last."""

    def __init__(self, window: float, fps: float) -> None:
        self._step = 1 / fps
        self._count = max(1, round(window * fps))
        self._kept: deque[Kept] = deque(maxlen=self._count * _DENSITY + 1)
        self._newest: Kept | None = None

    def add(self, observation: Observation) -> None:
        """Take a picture in; most are let go again at once."""
        time = observation.image_time(HEAD)
        self._newest = time, observation.images[HEAD]
        if not self._kept or time - self._kept[-1][0] >= self._step / _DENSITY - 1e-6:
            self._kept.append(self._newest)

    def shown(self) -> Sequence[Kept]:
        """Return the newest picture and those nearest to whole steps before it, the oldest first."""
        if self._newest is None:
            return []
        newest = self._newest[0]
        shown = {newest: self._newest[1]}
        for back in range(1, self._count):
            moment = newest - back * self._step
            if moment < self._kept[0][0] - self._step / 2:
                break
            time, image = min(self._kept, key=lambda kept: abs(kept[0] - moment))
            shown.setdefault(time, image)
        return sorted(shown.items(), key=lambda kept: kept[0])


class JointHistory:
    """Joint states of the last seconds, one a control period, for going back."""

    def __init__(self, seconds: float, period: float) -> None:
        self._states: deque[Vector] = deque(maxlen=max(2, round(seconds / period)))

    def add(self, state: Vector) -> None:
        """Keep a state (14,)."""
        self._states.append(state)

    def back(self) -> Trajectory:
        """Return the way back through what is kept (n, 14), the newest first."""
        return np.array(self._states, np.float32)[::-1]
