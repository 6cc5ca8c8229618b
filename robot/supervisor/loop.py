"""The control loop: one tick a period, at its time, whatever else goes on.

Between two ticks it takes in what has come back, and sleeps. At lockstep the robot's time stands still until
everything that was asked has been answered: for simulators that need not run in real time.
"""

from __future__ import annotations

import gc
import os
import queue
import sys
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final, Protocol

import numpy as np

from robot.environment import Environment, EnvironmentLost, Observation
from robot.events import Entry, Kind, Step
from robot.supervisor.core import Core
from robot.supervisor.fanout import Fanout
from robot.supervisor.messages import Output
from robot.supervisor.services import Answered

_SWITCHING: Final = 0.0005
_PRIORITY: Final = 20
_ROBOT_LOST: Final = 5.0
_PATIENT: Final = 120.0
"""Seconds of the wall clock that an answer may take at lockstep."""


class Inbox:
    """What comes back from other threads, until the loop takes it in."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[tuple[int, Answered]] = queue.SimpleQueue()

    def put(self, number: int, answered: Answered) -> None:
        """Bring an answer; orders of operators have number 0."""
        self._items.put((number, answered))

    def clear(self) -> None:
        """Forget what came for a rollout that is over."""
        while self.get(0.0) is not None:
            pass

    def get(self, patience: float) -> tuple[int, Answered] | None:
        """Return the next one within so many seconds."""
        try:
            return self._items.get(timeout=patience) if patience > 0 else self._items.get_nowait()
        except queue.Empty:
            return None


class Asked(Protocol):
    """Carries out what the core puts out; see Services."""

    def carry_out(self, output: Output, time: float) -> bool:
        """Tell whether an answer is to come."""


class Loop:
    """Runs one rollout of a core on an environment that has just been reset."""

    def __init__(
        self,
        environment: Environment,
        core: Core,
        services: Asked,
        inbox: Inbox,
        fanout: Fanout,
        lockstep: bool = False,
    ) -> None:
        self._lockstep = lockstep
        self._environment, self._core, self._services = environment, core, services
        self._inbox, self._fanout = inbox, fanout
        self._period = 1 / environment.info.hertz
        self._observation: Observation = environment.observe()
        self._lost, self._lost_since = "", 0.0
        self._late: deque[float] = deque(maxlen=round(environment.info.hertz))
        self._open: set[int] = set()
        self.steps = 0

    def now(self) -> float:
        """The time that the core lives by."""
        return self._observation.time if self._lockstep else time.monotonic()

    # --- in real time ---------------------------------------------------------------------------------------
    def run(self, most_seconds: float = float("inf")) -> None:
        """Tick at the robot's rate until the rollout is finished, the robot is lost, or time is up."""
        start = due = time.monotonic()
        while not self._over(due - start >= most_seconds):
            self._take_in_until(due)
            self.tick(time.monotonic(), max(0.0, time.monotonic() - due))
            due += self._period
            behind = time.monotonic() - due
            if behind > self._period:
                due += behind  # a tick that is over is not made up for

    def _over(self, out_of_time: bool) -> bool:
        patience = 0.0 if self._lockstep else _ROBOT_LOST
        lost = bool(self._lost) and time.monotonic() - self._lost_since >= patience
        return out_of_time or lost or self._core.finished is not None

    def _take_in_until(self, due: float) -> None:
        while True:
            left = due - time.monotonic()
            item = self._inbox.get(left)
            if item is None and left <= 0:
                return
            if item is not None:
                self._take_in(item, time.monotonic())

    def _take_in(self, item: tuple[int, Answered], now: float) -> None:
        number, answered = item
        self._open.discard(number)
        self._carry_out(answered(self._core, now), now)

    # --- at lockstep ----------------------------------------------------------------------------------------
    def run_lockstep(self, most_seconds: float = float("inf")) -> None:
        """Tick as fast as everybody answers; the robot's time is the only one."""
        while not self._over(self.steps * self._period >= most_seconds):
            now = self._observation.time
            self.tick(now, 0.0)
            self._settle(now)

    def _settle(self, now: float) -> None:
        """Wait until all that was asked is answered; what was asked meanwhile too."""
        end = time.monotonic() + _PATIENT
        while True:
            item = self._inbox.get(max(0.0, end - time.monotonic()) if self._open else 0.0)
            if item is None:
                return
            self._take_in(item, now)

    # --- one tick -------------------------------------------------------------------------------------------
    def tick(self, now: float, late: float) -> None:
        """Observe, decide, act, and hand everything on."""
        self._observe()
        ticked = self._core.tick(now, self._observation, late, self._lost)
        self._act(ticked.step)
        self._fanout.put(ticked.step)
        self.steps += 1
        self._time(now, late)
        self._carry_out(ticked.outputs, now)

    def stop(self, now: float) -> None:
        """Ask nobody for anything any more."""
        self._carry_out(self._core.stop(now), now)

    def _observe(self) -> None:
        try:
            self._observation, lost = self._environment.observe(), ""
        except EnvironmentLost as error:
            lost = str(error)
        self._lose(lost)

    def _act(self, step: Step) -> None:
        if step.action is None or self._lost:
            return
        try:
            self._environment.act(step.action)
        except EnvironmentLost as error:
            self._lose(str(error))

    def _lose(self, why: str) -> None:
        if why and not self._lost:
            self._lost_since = time.monotonic()
        self._lost = why

    def _carry_out(self, outputs: Sequence[Output], now: float) -> None:
        for output in outputs:
            if isinstance(output, Entry):
                self._fanout.put(output)
            elif self._services.carry_out(output, now):
                self._open.add(output.number)
            else:
                self._open.discard(output.number)

    def _time(self, now: float, late: float) -> None:
        self._late.append(late)
        if self.steps % (self._late.maxlen or 1) == 0:
            self._fanout.put(Entry(now, Kind.TIMING, lateness(self._late)))


def lateness(late: Iterable[float]) -> dict[str, float]:
    """Return p50, p99 and the most of what ticks were late by, in seconds."""
    values = np.asarray(list(late))
    p50, p99 = np.percentile(values, [50, 99])
    return {"p50": round(float(p50), 6), "p99": round(float(p99), 6), "max": round(float(values.max()), 6)}


def be_punctual() -> str:
    """Ask the system for what makes this thread punctual; return what it gave.

    Real-time scheduling where it is allowed, a short switch between Python's threads, and no pauses for what
    was made before the rollout: its garbage is looked for no more.
    """
    sys.setswitchinterval(_SWITCHING)
    gc.collect()
    gc.freeze()
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(_PRIORITY))
    except (OSError, AttributeError):
        return "ordinary scheduling"
    return "real-time scheduling"
