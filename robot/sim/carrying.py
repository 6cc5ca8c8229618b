"""The step of taking an object and letting it go elsewhere, and how it fails."""

from __future__ import annotations

from typing import Final

import numpy as np

from robot.sim.failures import Failure
from robot.sim.kinematics import Rotation, pointing
from robot.sim.motion import CAREFUL, Hands, Motion, downward
from robot.sim.person import Person
from robot.sim.tasks import Carry
from robot.sim.telling import Teller
from robot.sim.truth import Witness
from robot.sim.world import Array

_LOWEST: Final = 0.012  # metres of the tip above the table
_OPEN_BY: Final = 0.10  # metres a drawer is open when a pull has worked
_MOMENT: Final = 0.5  # seconds


class Carrying:
    """Runs one `Carry`; `first` is the number of its first subtask, `person` is who comes meanwhile."""

    def __init__(
        self,
        hands: Hands,
        witness: Witness,
        step: Carry,
        failure: Failure | None,
        first: int,
        person: Person | None,
    ) -> None:
        self.hands, self.world, self.step = hands, hands.world, step
        self.arm, self.object, self.failure = step.arm, step.object, failure
        self.form = failure.form if failure else None
        self.person = person
        if self.form == "wrong_object":
            self.object = next(name for name in self.world.layout.objects if name != step.object)
        self.tell = Teller(witness, step, failure, first, other=self.object)

    def script(self) -> Motion:
        """Yield actions until the object is where it was let go and the arm is home."""
        yield from self._approach()
        yield from self._take()
        if self.world.touched:
            yield from stopped(self.hands, self.tell, self.person)
            return
        yield from (self._into_drawer() if self.step.target == "top_drawer" else self._onto_target())
        yield from self.hands.home(self.arm)

    def _approach(self) -> Motion:
        """Above the object, or above where the arm takes it to be."""
        turn = self.failure.turn if self.failure and self.form == "turned" else 0.0
        self.seen = self.world.position(self.object)
        if self.failure and self.form == "beside":
            self.seen = self.seen + [*self.failure.offset, 0.0]
        self.rotation: Rotation = downward(self.arm, self.world.yaw(self.object) + turn)
        self.hover = 0.19 if self.step.target == "top_drawer" else 0.14
        if self.person is not None:
            self.person.begin(self.world)
        yield from self.hands.grip(self.arm, 1.0, 0.1)
        yield from self.hands.reach(self.arm, self.seen + [0, 0, self.hover], self.rotation)
        yield from await_person(self.hands, self.person, self.form)
        self.tell.before("beside", "turned", "moves", "in_the_way", "wrong_object")

    def _take(self) -> Motion:
        low = [self.seen[0], self.seen[1], max(self.seen[2] - 0.002, _LOWEST)]
        yield from self.hands.reach(self.arm, low, speed=CAREFUL)
        if self.world.touched:
            return
        self.tell.before("stays_open")
        yield from self.hands.grip(self.arm, 1.0 if self.form == "stays_open" else 0.0, 0.6)
        yield from self.hands.reach(self.arm, self.seen + [0, 0, self.hover + 0.06])
        self.tell.after("beside", "turned", "moves", "stays_open", "wrong_object")

    def _onto_target(self) -> Motion:
        bowl = self.step.target.endswith("bowl")
        low, hover = self._release_point(), [0, 0, 0.12 if bowl else 0.08]
        yield from self._perhaps_drop(low + hover)
        yield from self.hands.reach(self.arm, low + hover, self.rotation)
        yield from self.hands.reach(self.arm, low, speed=CAREFUL)
        yield from self._release()
        yield from self.hands.reach(self.arm, low + hover)
        self.tell.after("stays_closed", place=low)

    def _release_point(self) -> Array:
        """Above the target; a drawer is taken to be open, whether it is or not."""
        if self.step.target.endswith("bowl"):
            return self.world.position(self.step.target) + [0, 0, 0.07]
        missing = max(0.0, _OPEN_BY - self.world.opening(self.step.target))
        return self.world.position(f"{self.step.target}_inside") + [0, -0.035 - missing, 0.09]

    def _into_drawer(self) -> Motion:
        """The upper drawer is near the arm's limit: the fingers come in tilted."""
        across = np.arctan2(0.2, 0.5)
        tilted = pointing([0.5, 0.2, -0.8], [-np.sin(across), np.cos(across), 0])
        low = self.world.position("top_drawer_inside") + [-0.01, -0.005, 0.065]
        yield from self._perhaps_drop(low + [-0.10, -0.09, 0.10])
        yield from self.hands.reach(self.arm, [low[0] - 0.10, low[1] - 0.09, 0.27], tilted)
        yield from self.hands.reach(self.arm, low + [0, 0, 0.05], speed=0.2)
        yield from self.hands.reach(self.arm, low, speed=0.12)
        yield from self._release()
        yield from self.hands.reach(self.arm, low + [-0.03, -0.03, 0.06], speed=0.2)
        self.tell.after("stays_closed", place=low)

    def _release(self) -> Motion:
        self.tell.before("stays_closed")
        yield from self.hands.grip(self.arm, 0.0 if self.form == "stays_closed" else 1.0)

    def _perhaps_drop(self, high: Array) -> Motion:
        """Where the failure is an early opening: on the way to `high`."""
        if self.form != "opens_early":
            return
        at = self.hands.kinematics.targets[self.arm].translation()
        yield from self.hands.reach(self.arm, at + (high - at) * 0.35)
        self.tell.before("opens_early")
        yield from self.hands.grip(self.arm, 1.0, 0.9)
        self.tell.after("opens_early")


def await_person(hands: Hands, person: Person | None, form: str | None) -> Motion:
    """A person who moves an object is gone before the arm comes down; one in the way stays there."""
    if person is None:
        return
    while not (person.gone if form == "moves" else person.there(hands.world.tick)):
        yield hands.kinematics.follow()


def stopped(hands: Hands, tell: Teller, person: Person | None) -> Motion:
    """The arm has come to the hand and stands still; the hand leaves a while later."""
    yield from hands.wait(_MOMENT)
    tell.after("in_the_way")
    while person is not None and not person.gone:
        yield hands.kinematics.follow()
    yield from hands.wait(2 * _MOMENT)
