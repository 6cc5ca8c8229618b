"""Scripted experts: they know where everything is, do a task's steps in order, and fail where told to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from robot.sim.carrying import Carrying
from robot.sim.failures import Failure
from robot.sim.motion import Hands, Motion
from robot.sim.person import Person
from robot.sim.pulling import Pulling
from robot.sim.tasks import TASK_TEXTS, Carry, Step
from robot.sim.telling import Teller
from robot.sim.truth import Witness
from robot.sim.world import World

_MOMENT: Final = 0.6  # seconds of rest at the beginning and the end
_STAYS: Final = 7.0  # seconds a person's hand is in the way


class Expert:
    """One trial's script; `person` is the one who is at the table now, if anybody is."""

    def __init__(self, world: World, witness: Witness, failures: Sequence[Failure] = ()) -> None:
        self.world = world
        self.witness = witness
        self.hands = Hands(world)
        self.failures = {failure.step: failure for failure in failures}
        self.person: Person | None = None
        self.text = TASK_TEXTS[world.layout.task]

    def script(self) -> Motion:
        """Yield actions (14,) until the task is done, or the arms have come to a person's hand."""
        yield from self.hands.wait(_MOMENT)
        left_out: list[Teller] = []
        for number, step in enumerate(self.text.steps):
            failure = self.failures.get(number)
            if failure is not None and failure.form == "skips":
                left_out.append(self._leave_out(step, failure, number))
                continue
            yield from self._run(number, step, failure)
            if self.world.touched:
                return
        for tell in left_out:
            tell.after("skips")
        yield from self.hands.wait(_MOMENT)

    def _leave_out(self, step: Step, failure: Failure, number: int) -> Teller:
        tell = Teller(self.witness, step, failure, self.text.first_subtask(number))
        tell.before("skips")
        return tell

    def _run(self, number: int, step: Step, failure: Failure | None) -> Motion:
        first = self.text.first_subtask(number)
        self.person = self._visitor(step, failure)
        if isinstance(step, Carry):
            return Carrying(self.hands, self.witness, step, failure, first, self.person).script()
        return Pulling(self.hands, self.witness, step, failure, first, self.person).script()

    def _visitor(self, step: Step, failure: Failure | None) -> Person | None:
        if failure is None or failure.type != "human_intervention":
            return None
        at = self.world.position(step.object if isinstance(step, Carry) else f"{step.object}_handle")
        if failure.form == "in_the_way":
            return Person(at, stays=_STAYS)
        return Person(at, moves=(step.object, at + [*failure.offset, 0.0]))
