"""The policy's part: chunks asked for, awaited no longer than their deadline, and played."""

from __future__ import annotations

from collections.abc import Iterator

from robot.environment import Observation, Vector
from robot.events import Kind
from robot.supervisor.asking import Chunks, Pending, read_chunk
from robot.supervisor.messages import AskPolicy, Drop, Guide
from robot.supervisor.out import Out, Wanted
from robot.supervisor.settings import PolicySettings


class Driver:
    """Drives the robot by the policy; while it is lost (`lost` says why) it is asked again every so often."""

    def __init__(self, settings: PolicySettings, out: Out, numbers: Iterator[int]) -> None:
        self._settings, self._out = settings, out
        self._chunks = Chunks(settings.execute, settings.lead)
        self._pending = Pending(numbers)
        self._retry = float("-inf")
        self.lost = ""

    def want(self, observation: Observation, prompt: str) -> Wanted:
        """Return the next action of the task, and ask for the next chunk in time."""
        if self._chunks.wanting and self._pending.number is None and self._out.time >= self._retry:
            self.ask(observation, prompt, None)
            self._chunks.asked()
        action = self._chunks.next()
        if action is None and self.lost:
            return None, "hold", f"the policy is lost: {self.lost}"
        return action, "policy", "" if action is not None else "waiting for the policy"

    def ask(self, observation: Observation, prompt: str, guide: Guide | None) -> None:
        """Ask for one chunk, of the task or, with a guide, of a correction."""
        number = self._pending.open(self._out.time, self._settings.deadline)
        self._out.tell(Kind.POLICY_ASKED, chunk=number, prompt=prompt)
        self._out.put(AskPolicy(number, observation, prompt, guide, self._pending.deadline))

    def answered(self, number: int, actions: object) -> Vector | None:
        """Return the chunk (n, 14) of an answer in time; None where it is late or no chunk."""
        if not self._pending.close(number, self._out.time):
            self._out.tell(Kind.LATE_ANSWER, what="policy", number=number)
            return None
        chunk = read_chunk(actions)
        if isinstance(chunk, str):
            self._lose(number, chunk)
            return None
        seconds = round(self._out.time - self._pending.since, 4)
        self._out.tell(Kind.POLICY_ANSWERED, chunk=number, seconds=seconds)
        self.lost = ""
        return chunk

    def load(self, chunk: Vector) -> None:
        """Play a chunk of the task."""
        self._chunks.load(chunk)

    def failed(self, number: int, why: str) -> bool:
        """Take note that a request failed; tell whether anybody still waited for it."""
        if not self._pending.close(number, self._out.time):
            return False
        self._lose(number, why)
        return True

    def expire(self, time: float) -> bool:
        """Give up on an answer whose deadline is there; tell whether there was one."""
        if not self._pending.due(time):
            return False
        number = self._give_up()
        self._lose(number or 0, f"no answer within {self._settings.deadline:g} s")
        return True

    def stop(self) -> None:
        """Forget the chunk and whatever is asked: somebody else moves the robot now."""
        self._chunks.clear()
        self._give_up()

    def _give_up(self) -> int | None:
        number = self._pending.give_up()
        if number is not None:
            self._out.put(Drop("policy", number))
        return number

    def _lose(self, number: int, why: str) -> None:
        self.lost, self._retry = why, self._out.time + self._settings.retry
        self._out.tell(Kind.POLICY_LOST, chunk=number, why=why)
