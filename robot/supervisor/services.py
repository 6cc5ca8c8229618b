"""Whoever the core asks: the policy over its wire, the model and the planner in processes of their own."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from ml.prompts import Analysis
from robot.correction.grasping import GeometricGrasps, GraspNetGrasps
from robot.correction.pmc import MotionRequest, Steps, plan
from robot.correction.targets import NoMotion
from robot.environment import HEAD, Environment, EnvironmentLost
from robot.policy.client import PolicyClient, PolicyLost
from robot.policy.requests import write_request
from robot.supervisor.core import Core
from robot.supervisor.messages import AskPolicy, AskVlm, Drop, Output, PlanMotion
from robot.supervisor.settings import CorrectionSettings, Settings, SettingsError, secret
from robot.supervisor.worker import Worker, WorkFailed
from robot.vlm.asking import Answer, Asker, Endpoint, Question, VlmLost, jpeg, space_of

Answered = Callable[[Core, float], Sequence[Output]]
"""What came back: to be told to the core, with the time at which it is told."""
Inbox = Callable[[int, Answered], None]
"""Takes a number and what came back under it; called from any thread."""
_STARTING: Final = 60.0


class VlmHandler:
    """Asks the model, in the model's process."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._asker = Asker(endpoint)

    async def handle(self, job: Question, patience: float) -> Answer:
        """Return the model's answer, read."""
        try:
            return await self._asker.ask(job, patience)
        except VlmLost as error:
            raise WorkFailed(str(error)) from error


class MotionHandler:
    """Plans motions, in the planner's process."""

    def __init__(self, settings: CorrectionSettings, hertz: float) -> None:
        self._steps = make_steps(settings, hertz)

    async def handle(self, job: MotionRequest, patience: float) -> Any:
        """Return the trajectory (n, 14)."""
        try:
            return await asyncio.to_thread(plan, job, self._steps, patience)
        except NoMotion as error:
            raise WorkFailed(str(error)) from error


def make_steps(settings: CorrectionSettings, hertz: float) -> Steps:
    """Return the planner's steps: of `correction.planner` (`module:function`), else the built-in ones."""
    if settings.planner:
        name, _, function = settings.planner.partition(":")
        try:
            steps: Steps = getattr(importlib.import_module(name), function)(settings, hertz)
        except (ImportError, AttributeError, ValueError) as error:
            raise SettingsError(
                f"correction.planner {settings.planner!r} cannot be loaded: {error}"
            ) from error
        return steps
    url = settings.grasp_url
    return Steps(grasps=GraspNetGrasps(url, settings.plan) if url else GeometricGrasps(), hertz=hertz)


@dataclass(frozen=True, slots=True)
class _Frames:
    """What the model is to be shown, before it is made into JPEG."""

    ask: AskVlm


def _question(job: _Frames) -> Question:
    try:
        return Question(tuple(jpeg(image) for _, image in job.ask.frames), job.ask.task)
    except VlmLost as error:
        raise WorkFailed(str(error)) from error


class Services:
    """Carries the core's asks out; every answer goes to the inbox, under its number, once or never."""

    def __init__(self, settings: Settings, environment: Environment, inbox: Inbox) -> None:
        """Start the processes and the event loop; to be closed."""
        self._settings, self._environment, self._inbox = settings, environment, inbox
        self._policy = PolicyClient(settings.policy.url, secret(settings.policy.key_env))
        self._asking: dict[int, asyncio.Task[None]] = {}
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="services", daemon=True)
        self._thread.start()
        vlm = settings.vlm
        endpoint = Endpoint(
            vlm.base_url, vlm.model, secret(vlm.key_env), vlm.max_tokens, vlm.temperature,
            space_of(vlm.coordinates), vlm.prompts,
        )  # fmt: skip
        self._vlm = Worker(partial(VlmHandler, endpoint), self._model_said, _question)
        self._planner: Worker | None = None
        if settings.correction.method == "pmc":
            make = partial(MotionHandler, settings.correction, environment.info.hertz)
            self._planner = Worker(make, self._planner_said, self._with_depth)

    def wait(self) -> None:
        """Return when the processes are ready."""
        for worker in (self._vlm, self._planner):
            if worker is not None and not worker.ready.wait(_STARTING):
                raise SettingsError(f"a worker did not start within {_STARTING:g} s")

    def carry_out(self, output: Output, time: float) -> bool:
        """Carry an ask or a drop out, without waiting; tell whether an answer is to come."""
        match output:
            case AskPolicy():
                self.spawn(self._ask_policy(output, output.deadline - time))
            case AskVlm():
                self._vlm.ask(output.number, _Frames(output), output.deadline - time)
            case PlanMotion():
                self._plan(output, output.deadline - time)
            case Drop():
                self._drop(output)
                return False
            case _:
                return False
        return True

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        """Run a coroutine in the services' event loop."""
        asyncio.run_coroutine_threadsafe(work, self.loop)

    async def _ask_policy(self, ask: AskPolicy, patience: float) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._asking[ask.number] = task
        guide = ask.guide
        try:
            symbols, idle = (guide.symbols, guide.idle) if guide else ((), ())
            request = await asyncio.to_thread(write_request, ask.observation, ask.prompt, symbols, idle)
            actions = await self._policy.infer(request, patience)
        except PolicyLost as error:
            why = str(error)
            self._inbox(ask.number, lambda core, time: core.policy_failed(ask.number, time, why))
        else:
            self._inbox(ask.number, lambda core, time: core.policy_answered(ask.number, time, actions))
        finally:
            self._asking.pop(ask.number, None)

    def _plan(self, ask: PlanMotion, patience: float) -> None:
        if self._planner is not None:
            self._planner.ask(ask.number, ask, patience)

    def _with_depth(self, ask: PlanMotion) -> MotionRequest:
        """The planner's job; the depth is asked of the robot in the worker's sending thread."""
        try:
            depth = self._environment.depth(HEAD)
        except EnvironmentLost as error:
            raise WorkFailed(str(error)) from error
        camera = self._environment.info.cameras[HEAD]
        return MotionRequest(ask.observation, camera, depth, ask.symbols, ask.command)

    def _drop(self, drop: Drop) -> None:
        if drop.what == "policy":
            self.loop.call_soon_threadsafe(self._cancel, drop.number)
        elif drop.what == "vlm":
            self._vlm.drop(drop.number)
        elif self._planner is not None:
            self._planner.drop(drop.number)

    def _cancel(self, number: int) -> None:
        if task := self._asking.pop(number, None):
            task.cancel()

    def _model_said(self, number: int, answer: Answer | None, why: str) -> None:
        if answer is None:
            self._inbox(number, lambda core, time: core.vlm_failed(number, time, why))
            return
        text, analysis = answer.text, answer.analysis
        self._inbox(number, partial(_tell_answer, number, analysis, text))

    def _planner_said(self, number: int, trajectory: Any, why: str) -> None:
        if trajectory is None:
            self._inbox(number, lambda core, time: core.motion_failed(number, time, why))
            return
        self._inbox(number, lambda core, time: core.motion_planned(number, time, trajectory))

    def close(self) -> None:
        """End everything."""
        self._vlm.close()
        if self._planner is not None:
            self._planner.close()
        self.loop.call_soon_threadsafe(self._policy.abandon)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(2)


def _tell_answer(number: int, analysis: Analysis, text: str, core: Core, time: float) -> Sequence[Output]:
    return core.vlm_answered(number, time, analysis, text)
