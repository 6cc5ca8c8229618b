"""What is told of a failing step at its moments: reason, command, symbols and sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from robot.sim.failures import Failure, Form
from robot.sim.guidance import Advice, Adviser
from robot.sim.tasks import OBJECT_WORDS, Carry, Step
from robot.sim.truth import Witness
from robot.sim.world import Array

_SUBTASK: Final[dict[Form, int]] = {
    "beside": 0, "turned": 0, "moves": 0, "skips": 0, "wrong_object": 0, "in_the_way": 0,
    "stays_open": 1, "opens_early": 2, "stays_closed": 3,
}  # fmt: skip
_REASON: Final[dict[Form, str]] = {
    "beside": "The {arm} gripper comes down beside the {thing} and closes on nothing.",
    "turned": "The {arm} gripper is turned wrongly above the {thing}, and its fingers come down on it.",
    "moves": "A person moves the {thing}, and the {arm} gripper goes on to where it was.",
    "in_the_way": "A person's hand is at the {thing}, and the {arm} gripper goes on until it is touched.",
    "skips": "The plan leaves out the {arm} gripper's part: the {thing} is not touched.",
    "wrong_object": "The {arm} gripper takes the {other} instead of the {thing}.",
    "stays_open": "The {arm} gripper stays open at the {thing} and leaves without it.",
    "opens_early": "The {arm} gripper opens on the way, and the {thing} falls onto the table.",
    "stays_closed": "The {arm} gripper stays closed above the {place} and keeps the {thing}.",
}
_AVOID: Final[dict[Form, str]] = {
    "beside": "Move the {arm} gripper until it is right at the {thing} before it closes.",
    "turned": "Turn the {arm} gripper until its fingers lie on both sides of the {thing}.",
    "moves": "Follow the {thing} to where it is now before coming down.",
    "in_the_way": "Wait until the hand is gone before going on to the {thing}.",
    "skips": "Begin with the {thing}: the {arm} gripper goes there first.",
    "wrong_object": "Go to the {thing}, not to the {other}.",
    "stays_open": "Close the {arm} gripper around the {thing} before leaving.",
    "opens_early": "Keep the {arm} gripper closed until the {thing} is at its place.",
    "stays_closed": "Open the {arm} gripper here, so that the {thing} falls into the {place}.",
}
_CORRECT: Final[dict[Form, str]] = {
    "beside": "Open the {arm} gripper, go back to the {thing} and grasp it again.",
    "turned": "Open the {arm} gripper, turn it along the {thing} and grasp it again.",
    "moves": "Open the {arm} gripper and grasp the {thing} where it lies now.",
    "in_the_way": "Stay still until the hand has left, then go on.",
    "skips": "Stop, and bring the {arm} gripper to the {thing} that was left out.",
    "wrong_object": "Take the {other} back to where it was, then fetch the {thing}.",
    "stays_open": "Go down to the {thing} again and close the {arm} gripper.",
    "opens_early": "Go to where the {thing} fell and grasp it again.",
    "stays_closed": "Go back above the {place} and open the {arm} gripper.",
}


@dataclass
class Teller:
    """Tells the truth of one step; `first` is the number of its first subtask."""

    witness: Witness
    step: Step
    failure: Failure | None
    first: int
    other: str = ""

    @property
    def form(self) -> Form | None:
        """How the step fails, if it does."""
        return self.failure.form if self.failure else None

    @property
    def where(self) -> Array:
        """Where the gripper should be for the step's object, now."""
        name = self.step.object if isinstance(self.step, Carry) else f"{self.step.object}_handle"
        return self.witness.world.position(name)

    def _say(self, sentence: str) -> str:
        place = self.step.target if isinstance(self.step, Carry) else self.step.object
        thing = OBJECT_WORDS[self.step.object]
        if not isinstance(self.step, Carry):
            thing += "'s handle"
        other = OBJECT_WORDS.get(self.other, "")
        return sentence.format(arm=self.step.arm, thing=thing, place=OBJECT_WORDS[place], other=other)

    def _adviser(self) -> Adviser:
        return self.witness.adviser(self.step.arm)

    def before(self, *forms: Form) -> None:
        """The last moment at which one of these forms can still be avoided; for others nothing happens."""
        if self.failure is None or self.form not in forms:
            return
        subtask = self.first + _SUBTASK[self.failure.form]
        self.witness.begin(self.failure, subtask, self._say(_REASON[self.failure.form]))
        advice = self._avoiding(self._adviser(), self.failure)
        self.witness.note("avoidance", advice, self._say(_AVOID[self.failure.form]))

    def after(self, *forms: Form, place: Array | None = None) -> None:
        """The moment after one of these forms has happened."""
        if self.failure is None or self.form not in forms:
            return
        advice = self._correcting(self._adviser(), self.failure, place)
        self.witness.note("correction", advice, self._say(_CORRECT[self.failure.form]))

    def _avoiding(self, adviser: Adviser, failure: Failure) -> Advice:
        match failure.form:
            case "in_the_way":
                return adviser.hold()
            case "turned":
                return adviser.turn(-failure.turn)
            case "stays_open" | "opens_early":
                return adviser.grip("close")
            case "stays_closed":
                return adviser.grip("open")
            case _:
                return adviser.go(self.where, mark=failure.form in ("skips", "wrong_object"))

    def _correcting(self, adviser: Adviser, failure: Failure, place: Array | None) -> Advice:
        match failure.form:
            case "in_the_way":
                return adviser.hold()
            case "wrong_object":
                return adviser.back()
            case "stays_closed":
                assert place is not None
                return adviser.go(place, grasp="open")
            case "stays_open":
                return adviser.go(self.where, grasp="close")
            case "skips" | "opens_early":
                return adviser.go(self.where, mark=failure.form == "skips")
            case _:
                return adviser.go(self.where, grasp="open")
