"""The step of pulling a drawer open by its handle, and how it fails."""

from __future__ import annotations

from typing import Final

from robot.sim.carrying import await_person, stopped
from robot.sim.failures import Failure
from robot.sim.kinematics import pointing
from robot.sim.motion import Hands, Motion
from robot.sim.person import Person
from robot.sim.tasks import Pull
from robot.sim.telling import Teller
from robot.sim.truth import Witness

_LEVEL: Final = ([-0.30, 0.95, -0.1], [0, 0.1, 1])  # the fingers point at the cabinet, one above the other
_HALF_OPEN: Final = 0.53  # of the gripper: enough for a handle


class Pulling:
    """Runs one `Pull`; `first` is the number of its first subtask, `person` is who comes meanwhile."""

    def __init__(
        self,
        hands: Hands,
        witness: Witness,
        step: Pull,
        failure: Failure | None,
        first: int,
        person: Person | None,
    ) -> None:
        self.hands, self.world, self.step, self.failure = hands, hands.world, step, failure
        self.arm, self.person = step.arm, person
        self.form = failure.form if failure else None
        self.tell = Teller(witness, step, failure, first)

    def script(self) -> Motion:
        """Yield actions until the drawer was pulled and the arm is home."""
        handle = self.world.position(f"{self.step.object}_handle")
        if self.failure and self.form == "beside":
            handle = handle + [self.failure.offset[0], 0.0, 0.045]
        if self.person is not None:
            self.person.begin(self.world)
        yield from self.hands.grip(self.arm, _HALF_OPEN, 0.2)
        yield from self.hands.reach(self.arm, handle + [0.04, -0.10, 0.01], pointing(*_LEVEL))
        yield from await_person(self.hands, self.person, self.form)
        self.tell.before("beside", "in_the_way")
        yield from self.hands.reach(self.arm, handle + [0, 0.004, 0], speed=0.12)
        if self.world.touched:
            yield from stopped(self.hands, self.tell, self.person)
            return
        self.tell.before("stays_open")
        yield from self.hands.grip(self.arm, _HALF_OPEN if self.form == "stays_open" else 0.0, 0.6)
        yield from self.hands.reach(self.arm, handle + [0, -0.10, 0], speed=0.08)
        yield from self.hands.grip(self.arm, 0.67, 0.4)
        self.tell.after("beside", "stays_open")
        yield from self.hands.reach(self.arm, handle + [0.06, -0.20, 0.03])
        yield from self.hands.home(self.arm)
