"""Where the parts of the core put what is to be done and told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from robot.environment import Vector
from robot.events import Control, Entry, Kind
from robot.supervisor.history import Trajectory
from robot.supervisor.messages import Output

Wanted = tuple[Vector | None, Control, str]
"""What to do in a tick: an action (14,) or None to hold, who is in control, and why."""
Preview = Callable[[Trajectory], Mapping[str, Any]]
"""What an operator is shown of a motion before it is made, as plain JSON."""


class Out:
    """Gathers outputs at the time that the host has told last."""

    def __init__(self) -> None:
        self.time = 0.0
        self._outputs: list[Output] = []

    def put(self, output: Output) -> None:
        """Add an output."""
        self._outputs.append(output)

    def tell(self, kind: Kind, **data: object) -> None:
        """Add an entry; what is None is left out."""
        self.put(Entry(self.time, kind, {key: value for key, value in data.items() if value is not None}))

    def take(self) -> Sequence[Output]:
        """Return what has gathered, and begin anew."""
        outputs, self._outputs = self._outputs, []
        return outputs
