"""The supervisor without sockets, clocks, threads: what happens goes in with its time, what to do comes out.

Whoever hosts it calls `tick` once a control period, sends the step's action to the robot, carries out what
else comes out, and brings back what is answered under its number. Nothing here waits: whatever is not there
when its deadline passes is given up, and the robot holds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from typing import Any

import numpy as np

from ml.prompts import Analysis
from ml.symbols import NORMALIZED, Space, pixels, to_raw
from robot.environment import HEAD, Observation, Outcome, Vector
from robot.events import Kind, Step
from robot.supervisor.assessing import Correction, assess, check
from robot.supervisor.autonomy import Permission
from robot.supervisor.correcting import Corrector, Phase
from robot.supervisor.driving import Driver
from robot.supervisor.gate import Passed, Refused, check_action, check_observation
from robot.supervisor.history import FrameHistory, Trajectory
from robot.supervisor.messages import Operate, Output, Ticked
from robot.supervisor.out import Out, Preview, Wanted
from robot.supervisor.settings import Mode, Settings
from robot.supervisor.watching import Watch, Watcher, size_of

__all__ = ["Core", "NotPermitted"]


class NotPermitted(Exception):  # noqa: N818  # a decision, not a fault
    """Autonomous mode without the evidence for it; says what is missing."""


def no_preview(trajectory: Trajectory) -> Mapping[str, Any]:
    """Show nothing of a motion but its joints' end."""
    return {"end": [round(float(value), 4) for value in trajectory[-1]]}


class Core:
    """One rollout. Raises NotPermitted where it is to begin autonomous and may not.

    `interventions` counts the corrections that the model asked for and that could be made; `shadowed` tells
    that it never had a say: nobody changed the mode, and no operator moved or corrected the robot. `numbers`
    are shared by cores that share services, so that an answer to one is never taken for another's.
    """

    def __init__(
        self,
        settings: Settings,
        period: float,
        permission: Permission,
        task: str = "",
        preview: Preview = no_preview,
        numbers: Iterator[int] | None = None,
    ) -> None:
        self._settings, self._period, self._permission = settings, period, permission
        self._task = settings.supervisor.task or task
        self.mode: Mode = settings.supervisor.mode
        if self.mode == "autonomous" and not permission.allowed:
            raise NotPermitted(f"autonomous mode is refused: {permission.why}")
        self._limits = settings.limits.limits()
        self._out, numbers = Out(), numbers or count(1)
        self._driver = Driver(settings.policy, self._out, numbers)
        self._watcher = Watcher(self._watch(), self._history(), self._out, numbers)
        self._corrector = Corrector(settings.correction, period, self._out, self._driver, numbers, preview)
        self._seen: Observation | None = None
        self._last: Vector | None = None
        self._latched = self._operator = self._problem = ""
        self._motion: tuple[float, Vector] | None = None
        self._control: tuple[str, str] = ("", "")
        self._clamped: tuple[str, ...] = ()
        self._index = self._refusals = 0
        self.interventions = 0
        self.shadowed = self.mode == "shadow"
        self.finished: Outcome | None = None

    def _watch(self) -> Watch:
        settings = self._settings
        ticks = settings.supervisor.every_chunks * settings.policy.execute
        vlm = settings.vlm
        return Watch(ticks, vlm.deadline, self._task, vlm.on_loss, self.space)

    def _history(self) -> FrameHistory:
        return FrameHistory(self._settings.supervisor.window, self._settings.supervisor.fps)

    @property
    def space(self) -> Space:
        """The space that the model writes points in."""
        return NORMALIZED if self._settings.vlm.coordinates == "normalized" else pixels()

    # --- the tick -------------------------------------------------------------------------------------------
    def tick(self, time: float, observation: Observation, late: float = 0.0, lost: str = "") -> Ticked:
        """Decide one control period on the newest observation; `lost` says why there is no newer one."""
        self._out.time = time
        self._look(observation, lost)
        soon = time + self._period / 2  # nearer to its deadline than the next tick would be
        if self._driver.expire(soon):
            self._lose_plan()
        self._watcher.expire(soon)
        self._corrector.expire(soon)
        asked, control, why = self._want(observation)
        passed = self._pass(asked, observation)
        if isinstance(passed, Refused):
            control, why, passed = "hold", passed.why, self._held()
        self._last = passed.action if passed else None
        self._tell_control(control, why)
        step = Step(
            self._index, time, observation, self._last, asked, control, why,
            passed.clamped if passed else (), late,
        )  # fmt: skip
        self._index += 1
        return Ticked(step, self._out.take())

    def _look(self, observation: Observation, lost: str) -> None:
        problem = lost or check_observation(observation, self._out.time, self._limits)
        if problem and not self._problem:
            self._out.tell(Kind.REFUSED, why=problem)
            self._driver.stop()
        self._problem = problem
        if problem:
            return
        if self._last is None:
            self._last = np.clip(observation.state, self._limits.low, self._limits.high)
        self._seen = observation
        self._watcher.see(observation)
        self._corrector.see(observation)

    def _want(self, observation: Observation) -> Wanted:
        if self._problem:
            return None, "hold", self._problem
        if self._latched:
            return None, "hold", self._latched
        if self._operator:
            return self._operated()
        wanted = self._corrector.want(observation, self._task)
        if wanted is not None:
            if self._corrector.still:
                self._watcher.count()
            return wanted
        if self._watcher.holds:
            self._watcher.count()
            return None, "hold", f"the model is lost: {self._watcher.lost}"
        wanted = self._driver.want(observation, self._task)
        if wanted[0] is not None:
            self._watcher.count()
        return wanted

    def _operated(self) -> Wanted:
        fresh = (
            self._motion is not None and self._out.time - self._motion[0] <= self._settings.operator.silence
        )
        if self._motion is None or not fresh:
            return None, "operator", f"{self._operator} does not move it"
        return self._motion[1], "operator", self._operator

    def _pass(self, asked: Vector | None, observation: Observation) -> Passed | Refused | None:
        if asked is None or self._last is None:
            return self._held()
        passed = check_action(asked, observation.state, self._last, self._period, self._limits)
        if isinstance(passed, Refused):
            self._refuse(passed.why)
            return passed
        self._refusals = 0
        if passed.clamped and passed.clamped != self._clamped:
            self._out.tell(Kind.CLAMPED, what=list(passed.clamped))
        self._clamped = passed.clamped
        return passed

    def _held(self) -> Passed | None:
        return None if self._last is None else Passed(self._last)

    def _refuse(self, why: str) -> None:
        self._out.tell(Kind.REFUSED, why=why)
        self._driver.stop()
        self._refusals += 1
        if self._refusals >= self._settings.limits.refusals:
            self._latch(f"{self._refusals} actions in a row were refused: {why}")

    def _tell_control(self, control: str, why: str) -> None:
        if (control, why) != self._control:
            before, self._control = self._control[0], (control, why)
            self._out.tell(Kind.CONTROL, control=control, before=before or None, why=why or None)

    # --- answers --------------------------------------------------------------------------------------------
    def policy_answered(self, number: int, time: float, actions: object) -> Sequence[Output]:
        """Take a policy's chunk."""
        self._out.time = time
        waited = self._driver.lost
        chunk = self._driver.answered(number, actions)
        if chunk is not None and self._planning:
            self._corrector.planned(chunk[: self._settings.policy.execute], self._task)
        elif chunk is not None:
            self._driver.load(chunk)
        elif self._driver.lost != waited:
            self._lose_plan()
        return self._out.take()

    def policy_failed(self, number: int, time: float, why: str) -> Sequence[Output]:
        """Take note that a chunk will not come."""
        self._out.time = time
        if self._driver.failed(number, why):
            self._lose_plan()
        return self._out.take()

    @property
    def _planning(self) -> bool:
        current = self._corrector.current
        return current is not None and current.method == "vsf" and current.phase is Phase.PLANNING

    def _lose_plan(self) -> None:
        if self._planning:
            self._corrector.fail(f"the policy is lost: {self._driver.lost}")

    def motion_planned(self, number: int, time: float, trajectory: object) -> Sequence[Output]:
        """Take a planned motion (n, 14)."""
        self._out.time = time
        self._corrector.motion_planned(number, trajectory, self._task)
        return self._out.take()

    def motion_failed(self, number: int, time: float, why: str) -> Sequence[Output]:
        """Take note that no motion can be made, and why."""
        self._out.time = time
        self._corrector.motion_failed(number, why)
        return self._out.take()

    def vlm_failed(self, number: int, time: float, why: str) -> Sequence[Output]:
        """Take note that no answer will come."""
        self._out.time = time
        self._watcher.failed(number, why)
        return self._out.take()

    def vlm_answered(self, number: int, time: float, analysis: Analysis, text: str) -> Sequence[Output]:
        """Take the model's answer; its symbols are in `space`."""
        self._out.time = time
        if self._seen is not None and self._watcher.answered(number, analysis, text, size_of(self._seen)):
            self._judge(number, analysis, self._seen)
        return self._out.take()

    def _judge(self, number: int, analysis: Analysis, seen: Observation) -> None:
        if not analysis.failed:
            if self._corrector.still:
                self._corrector.end("the model sees no failure any more")
            return
        correction = assess(analysis, size_of(seen), self.space)
        if isinstance(correction, str):
            self._out.tell(Kind.REFUSED, query=number, why=correction)
            return
        self._show(correction, number)
        self.interventions += 1
        held = self._corrector.still and correction.still
        if self.mode != "shadow" and not (self._latched or self._operator or held):
            self._begin(correction, seen)

    def _show(self, correction: Correction, query: int | None) -> None:
        if self._seen is not None:
            size, raw = size_of(self._seen), [to_raw(symbol) for symbol in correction.symbols]
            self._out.tell(
                Kind.OVERLAY, query=query, camera=HEAD, size=[size.width, size.height], symbols=raw
            )

    def _begin(self, correction: Correction, seen: Observation) -> None:
        self._watcher.restart()
        self._corrector.begin(correction, seen, self._task, asks=self.mode != "autonomous")

    def stop(self, time: float) -> Sequence[Output]:
        """End the rollout: nothing is awaited any more."""
        self._out.time = time
        self._stop("the rollout is over")
        return self._out.take()

    # --- operators ------------------------------------------------------------------------------------------
    def operate(self, order: Operate, time: float) -> Sequence[Output]:
        """Carry an operator's order out; what cannot be done is told in the entry as `refused`."""
        self._out.time = time
        if order.order == "act" and order.by == self._operator and order.action is not None:
            self._motion = (time, order.action)
            return self._out.take()
        refused = self._obey(order)
        self._out.tell(Kind.OPERATOR, order=order.order, by=order.by, refused=refused or None)
        return self._out.take()

    def _obey(self, order: Operate) -> str:
        match order.order:
            case "hold":
                self._latch(f"{order.by} holds it")
            case "take_over":
                self.shadowed = False
                self._stop(f"{order.by} takes over")
                self._latched, self._operator, self._motion = "", order.by, None
            case "release":
                self._stop(f"{order.by} lets it go on")
                self._latched = self._operator = ""
                self._refusals = 0
            case "confirm" | "reject":
                yes = order.order == "confirm"
                return self._corrector.confirm(order.correction, yes, order.by, self._task)
            case "correct":
                return self._draw(order)
            case "mode":
                return self._change(order.mode)
            case "finish":
                self.finished = Outcome(order.success)
            case "act":
                return "only who has taken over moves the robot"
        return ""

    def _draw(self, order: Operate) -> str:
        if self._seen is None:
            return "nothing has been seen yet"
        correction = check(order.symbols, order.command, size_of(self._seen), by=order.by)
        if isinstance(correction, str):
            return correction
        if not order.symbols and order.command is None:
            return "a correction needs a symbol or a command"
        self._latched = self._operator = ""
        self.shadowed = False
        self._show(correction, None)
        self._begin(correction, self._seen)
        return ""

    def _change(self, mode: str) -> str:
        modes: dict[str, Mode] = {"shadow": "shadow", "confirm": "confirm", "autonomous": "autonomous"}
        if mode not in modes:
            return f"{mode!r} is no mode; it must be one of {', '.join(modes)}"
        if mode == "autonomous" and not self._permission.allowed:
            return f"autonomous mode is refused: {self._permission.why}"
        self.mode = modes[mode]
        self.shadowed = False
        if mode == "shadow":
            self._stop("shadow mode begins")
        self._out.tell(Kind.MODE, mode=mode)
        return ""

    def _latch(self, why: str) -> None:
        self._stop(why)
        self._latched, self._operator = why, ""

    def _stop(self, why: str) -> None:
        """End whatever is under way."""
        self._corrector.end(why)
        self._driver.stop()
        self._watcher.restart()
