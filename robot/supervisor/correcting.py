"""A correction under way: planned, perhaps proposed to an operator, played; or the robot held still."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from robot.environment import ARMS, GRIPPERS, JOINTS, Observation, Vector
from robot.events import Kind
from robot.supervisor.asking import Pending
from robot.supervisor.assessing import Correction
from robot.supervisor.driving import Driver
from robot.supervisor.history import JointHistory, Trajectory
from robot.supervisor.messages import Drop, Guide, PlanMotion
from robot.supervisor.out import Out, Preview, Wanted
from robot.supervisor.settings import CorrectionSettings


class Phase(StrEnum):
    """Where a correction is."""

    PLANNING = "planning the correction"
    ASKING = "waiting for an operator's yes"
    PLAYING = "playing the correction"
    STILL = "holding still"


def _nothing() -> Trajectory:
    return np.zeros((0, JOINTS), np.float32)


@dataclass(slots=True)
class Correcting:
    """One correction and how far it is; `chunks` of VSF are left to be planned after this one."""

    number: int
    correction: Correction
    method: str
    asks: bool
    chunks: int = 0
    phase: Phase = Phase.PLANNING
    why: str = ""
    deadline: float = 0.0
    trajectory: Trajectory = field(default_factory=_nothing)
    index: int = 0


def way_back(states: Trajectory, now: Vector, arms: tuple[str, ...]) -> Trajectory:
    """Return the way of some arms back through earlier states (n, 14); the other arm stays as it is."""
    way = np.repeat(now[None], len(states), axis=0)
    for arm in arms:
        joints = [*range(*ARMS[arm].indices(JOINTS)), GRIPPERS[arm]]
        way[:, joints] = states[:, joints]
    return way


class Corrector:
    """Carries one correction at a time out; `current` is None where there is none."""

    def __init__(
        self,
        settings: CorrectionSettings,
        period: float,
        out: Out,
        driver: Driver,
        numbers: Iterator[int],
        preview: Preview,
    ) -> None:
        self._settings, self._out, self._driver, self._preview = settings, out, driver, preview
        self._numbers, self._motion = numbers, Pending(numbers)
        self._joints = JointHistory(settings.rewind, period)
        self.current: Correcting | None = None

    @property
    def still(self) -> bool:
        """Whether the robot is held still until the model sees no failure any more."""
        return self.current is not None and self.current.phase is Phase.STILL

    def see(self, observation: Observation) -> None:
        """Take a state in, for going back."""
        self._joints.add(observation.state)

    def begin(self, correction: Correction, observation: Observation, prompt: str, asks: bool) -> None:
        """Begin a correction; `asks` wants an operator's yes before anything moves."""
        self.end("another correction begins")
        self._driver.stop()
        method = "still" if correction.still else "back" if correction.back else self._settings.method
        current = Correcting(next(self._numbers), correction, method, asks)
        self.current = current
        if method == "still":
            current.phase, current.why = Phase.STILL, "the correction says so"
            self._tell_start(current, prompt)
        elif method == "back":
            self.planned(way_back(self._joints.back(), observation.state, correction.back), prompt)
        else:
            current.chunks = self._settings.chunks if method == "vsf" else 1
            self._plan(current, observation, prompt)

    def _plan(self, current: Correcting, observation: Observation, prompt: str) -> None:
        current.phase, current.chunks = Phase.PLANNING, current.chunks - 1
        correction = current.correction
        if current.method == "vsf":
            guide = Guide(correction.symbols, correction.idle)
            self._driver.ask(observation, correction.text or prompt, guide)
            return
        number = self._motion.open(self._out.time, self._settings.plan)
        self._out.put(
            PlanMotion(number, observation, correction.symbols, correction.command, self._motion.deadline)
        )

    def planned(self, trajectory: Trajectory, prompt: str) -> None:
        """Take what was planned (n, 14): propose it, or play it."""
        current = self.current
        if current is None:
            return
        current.trajectory, current.index = trajectory, 0
        if not current.asks:
            current.phase = Phase.PLAYING
            self._tell_start(current, prompt)
            return
        current.phase, current.deadline = Phase.ASKING, self._out.time + self._settings.confirm
        self._out.tell(
            Kind.CORRECTION_PROPOSED, correction=current.number, method=current.method,
            steps=len(trajectory), preview=dict(self._preview(trajectory)), **current.correction.to_json(),
        )  # fmt: skip

    def motion_planned(self, number: int, trajectory: object, prompt: str) -> None:
        """Take a planned motion, if it is in time."""
        if not self._motion.close(number, self._out.time):
            self._out.tell(Kind.LATE_ANSWER, what="motion", number=number)
        elif not isinstance(trajectory, np.ndarray) or trajectory.ndim != 2 or not len(trajectory):
            self.fail("the planner gave no motion")
        else:
            self.planned(trajectory, prompt)

    def motion_failed(self, number: int, why: str) -> None:
        """Take note that no motion can be made, if anybody still waits for it."""
        if self._motion.close(number, self._out.time):
            self.fail(why)

    def fail(self, why: str) -> None:
        """Hold and say why, until the model sees no failure any more or an operator decides."""
        if self.current is not None:
            self.current.phase, self.current.why = Phase.STILL, why
            self._out.tell(Kind.CORRECTION_ENDED, correction=self.current.number, why=why, then="hold")

    def want(self, observation: Observation, prompt: str) -> Wanted | None:
        """Return what the correction does in this tick; None where it is over."""
        current = self.current
        if current is None:
            return None
        if current.phase is not Phase.PLAYING:
            return None, "hold", f"{current.phase}: {current.why}" if current.why else str(current.phase)
        if current.index < len(current.trajectory):
            current.index += 1
            return current.trajectory[current.index - 1], "correction", current.method
        if current.chunks:
            self._plan(current, observation, prompt)
            return None, "hold", str(current.phase)
        self.end("it was carried out")
        return None

    def confirm(self, number: int | None, yes: bool, by: str, prompt: str) -> str:
        """Take an operator's answer to a proposal; return why it cannot be taken, or an empty text."""
        current = self.current
        if current is None or current.phase is not Phase.ASKING or number != current.number:
            return "there is no such proposal to answer now"
        if not yes:
            self.end(f"{by} said no")
            return ""
        current.phase = Phase.PLAYING
        self._tell_start(current, prompt, by)
        return ""

    def expire(self, time: float) -> None:
        """Give up on what is not there at its deadline."""
        if self._motion.due(time):
            self._out.put(Drop("motion", self._motion.give_up() or 0))
            self.fail(f"no motion was found within {self._settings.plan:g} s")
        current = self.current
        if current is not None and current.phase is Phase.ASKING and time >= current.deadline:
            self.end("nobody said yes in time")

    def end(self, why: str) -> None:
        """End the correction, wherever it is."""
        if (number := self._motion.give_up()) is not None:
            self._out.put(Drop("motion", number))
        if self.current is not None:
            self._out.tell(Kind.CORRECTION_ENDED, correction=self.current.number, why=why)
            self._driver.stop()
        self.current = None

    def _tell_start(self, current: Correcting, prompt: str, by: str | None = None) -> None:
        self._out.tell(
            Kind.CORRECTION_STARTED, correction=current.number, method=current.method, confirmed_by=by,
            prompt=current.correction.text or prompt, **current.correction.to_json(),
        )  # fmt: skip
