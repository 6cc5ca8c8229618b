"""Hosts the core between a robot, a policy and a model: rollouts, one after another."""

from __future__ import annotations

import asyncio
import os
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import count
from pathlib import Path
from typing import Any, Final

from robot.environment import Environment, EnvironmentLost, Outcome
from robot.events import Entry, Kind, Subscriber
from robot.supervisor.autonomy import Permission, ShadowRun, append_record, permission, read_records
from robot.supervisor.console import Console
from robot.supervisor.core import Core
from robot.supervisor.fanout import Fanout
from robot.supervisor.loop import Inbox, Loop, be_punctual
from robot.supervisor.messages import Operate
from robot.supervisor.preview import previewer
from robot.supervisor.services import Services
from robot.supervisor.settings import Settings, secret

_STARTING: Final = 10.0


class Runner:
    """A supervisor with its processes started; to be closed. One thread runs its rollouts."""

    def __init__(
        self, settings: Settings, environment: Environment, subscribers: Sequence[Subscriber] = ()
    ) -> None:
        """Start everything; raises SettingsError where something cannot be started."""
        self.settings, self.environment = settings, environment
        token = secret(settings.operator.token_env)
        self._inbox, self._numbers = Inbox(), count(1)
        self.services = Services(settings, environment, self._inbox.put)
        self.console = Console(self.services.loop, self.operate, token)
        self._fanout = Fanout([*subscribers, self.console])
        try:
            self.console_port = self._listen()
            self.services.wait()
        except BaseException:
            self.services.close()
            raise

    def _listen(self) -> int | None:
        """Open the operators' console, where the settings want one; return its port."""
        if not self.settings.operator.host:
            return None
        where = self.settings.operator.host, self.settings.operator.port
        future = asyncio.run_coroutine_threadsafe(self.console.start(*where), self.services.loop)
        return future.result(_STARTING)

    @property
    def task(self) -> str:
        """The task's text, which is the prompt."""
        return self.settings.supervisor.task or self.environment.info.task

    def permission(self) -> Permission:
        """Tell whether the records let the model act by itself on this task."""
        records = read_records(Path(self.settings.supervisor.records))
        return permission(records, self.task, self.settings.vlm.model)

    def operate(self, order: Operate) -> None:
        """Give an operator's order in, from any thread; it is carried out before the next tick."""
        self._inbox.put(0, lambda core, time: core.operate(order, time))

    def rollout(
        self, options: Mapping[str, Any] | None = None, most_seconds: float = float("inf")
    ) -> Outcome:
        """Run one rollout to its end and return how it ended; raises NotPermitted, EnvironmentLost."""
        info = self.environment.info
        self._inbox.clear()
        core = Core(
            self.settings, 1 / info.hertz, self.permission(), self.task, previewer(info), self._numbers
        )
        self.environment.reset({**self.settings.robot.options, **(options or {})})
        name = f"{time.strftime('%Y%m%d-%H%M%S', time.gmtime())}-{secrets.token_hex(3)}"
        lockstep = self.settings.robot.lockstep
        loop = Loop(self.environment, core, self.services, self._inbox, self._fanout, lockstep)
        self._fanout.begin(name, info)
        self._fanout.put(Entry(loop.now(), Kind.ROLLOUT_STARTED, self._described(name, core)))
        self._run(loop, most_seconds)
        loop.stop(loop.now())
        outcome = core.finished or self._outcome()
        self._end(name, core, loop, outcome)
        return outcome

    def _outcome(self) -> Outcome:
        try:
            return self.environment.outcome()
        except EnvironmentLost as error:
            return Outcome(None, {"lost": str(error)})

    def _run(self, loop: Loop, most_seconds: float) -> None:
        if self.settings.robot.lockstep:
            loop.run_lockstep(most_seconds)
            return
        before = os.sched_getscheduler(0), os.sched_getparam(0)
        be_punctual()
        try:
            loop.run(most_seconds)
        finally:
            os.sched_setscheduler(0, *before)

    def _described(self, name: str, core: Core) -> dict[str, Any]:
        settings = self.settings
        return {
            "rollout": name, "task": self.task, "mode": core.mode, "model": settings.vlm.model,
            "method": settings.correction.method, "settings": asdict(settings),
        }  # fmt: skip

    def _end(self, name: str, core: Core, loop: Loop, outcome: Outcome) -> None:
        told = {
            "outcome": {"success": outcome.success, "truth": dict(outcome.truth)},
            "interventions": core.interventions, "steps": loop.steps,
        }  # fmt: skip
        self._fanout.put(Entry(loop.now(), Kind.ROLLOUT_ENDED, told))
        if core.shadowed:
            run = ShadowRun(self.task, self.settings.vlm.model, name, outcome.success, core.interventions)
            append_record(Path(self.settings.supervisor.records), run)
        self._fanout.end()

    def close(self) -> None:
        """End all processes and threads."""
        self.services.close()
