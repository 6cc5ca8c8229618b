"""A scripted policy: looks, plans a whole step, carries it out blindly, and looks again for the next one.

It sees only what the protocol carries: pictures, joints, prompt. Like a policy that has learnt from
successes, it does not notice that a step failed; at the beginning, and after a correction (a request with a
masked picture), it looks which step is undone and what is in its grippers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Final

import numpy as np

from robot.camera import Array
from robot.environment import GRIPPERS, HEAD, Vector
from robot.kinematics import downward, pointing
from robot.policy import EXECUTED, HORIZON
from robot.policy.calibration import BOTTOM_DRAWER, BOTTOM_HANDLE, TOP_DRAWER
from robot.policy.eyes import Seen, drawer_is_open, find
from robot.policy.following import follow, is_guided
from robot.policy.moves import CAREFUL, Motion, Way
from robot.policy.requests import Request
from robot.policy.tasks import TASKS, Carry, Pull, Step

_UP: Final = np.array([0.0, 0.0, 1.0])
_LEVEL: Final = pointing([-0.30, 0.95, -0.1], [0, 0.1, 1])
_OFF_TRACK: Final = 0.4  # radians from where the plan would have the arms: somebody else has moved them
_HELD: Final = (0.05, 0.85)  # how far fingers are open that have closed on something
_IN: Final = 0.055  # metres from a bowl's middle within which a thing lies in it


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes wrong in one step of a policy, once: before any correction.

    `offset` (x, y) in metres and `turn` in radians are errors of where it takes the thing to be; or it leaves
    its gripper as it is (`stays_open`), or leaves the step out (`skips`).
    """

    step: int = 0
    offset: tuple[float, float] = (0.0, 0.0)
    turn: float = 0.0
    stays_open: bool = False
    skips: bool = False


class ScriptedPolicy:
    """Does one task on one connection. Of each chunk the client is taken to play `execute` actions."""

    def __init__(self, task: str, slip: Slip | None = None, execute: int = EXECUTED) -> None:
        self._steps, self._slip, self._execute = TASKS[task].steps, slip, execute
        self._step = 0
        self._plan: list[Vector] = []
        self._ahead: Motion = iter(())
        self._index = 0
        self._looks_back = True

    def infer(self, request: Request) -> Vector:
        """Return the next 50 actions (50, 14)."""
        if is_guided(request):
            self._looks_back, self._slip = True, None
            self._plan, self._ahead = [], iter(())
            return _chunk(list(islice(follow(request), HORIZON)), request.state)
        self._fill()
        if self._index >= len(self._plan) or self._is_off_track(request.state):
            self._look(request)
            self._fill()
        chunk = _chunk(self._plan[self._index :], request.state)
        self._index += self._execute
        return chunk

    def _fill(self) -> None:
        """Plan as far ahead as a chunk reaches."""
        self._plan += islice(self._ahead, max(0, self._index + HORIZON - len(self._plan)))

    def _is_off_track(self, state: Vector) -> bool:
        planned = self._plan[max(0, self._index - 1)]
        arms = [joint for joint in range(len(state)) if joint not in GRIPPERS.values()]
        return bool(np.abs(planned - state)[arms].max() > _OFF_TRACK)

    def _look(self, request: Request) -> None:
        """Plan the next step that is to be done; after the last one, stay."""
        if self._plan and self._index >= len(self._plan):
            self._step += 1
        if self._looks_back:
            self._step, self._looks_back = self._first_undone(request), False
        if self._slip is not None and self._slip.skips and self._step == self._slip.step:
            self._step += 1
        self._plan, self._index, self._ahead = [], 0, iter(())
        if self._step < len(self._steps):
            self._ahead = self._script(Way(request.state), self._steps[self._step], request)

    def _first_undone(self, request: Request) -> int:
        done = [_is_done(step, request) for step in self._steps]
        return done.index(False) if False in done else len(done)

    def _script(self, way: Way, step: Step, request: Request) -> Motion:
        slip = self._slip if self._slip is not None and self._slip.step == self._step else Slip()
        if isinstance(step, Pull):
            yield from _pull(way, step, slip)
            return
        place = _place(step, request)
        if not _holds(request.state, step.arm):
            seen = find(request.images[HEAD], step.thing)
            if seen is None:
                yield from way.wait(0.5)
                return
            yield from _take(way, step, seen, slip)
        yield from _carry(way, step, place)


def _by(x: float, y: float, z: float) -> Array:
    return np.array([x, y, z])


def _chunk(targets: list[Vector], state: Vector) -> Vector:
    """The next 50 targets; at the end of a plan the last one goes on."""
    chosen = list(targets[:HORIZON]) or [state]
    return np.asarray(chosen + [chosen[-1]] * (HORIZON - len(chosen)), np.float32)


def _holds(state: Vector, arm: str) -> bool:
    return bool(_HELD[0] < state[GRIPPERS[arm]] < _HELD[1])


def _is_done(step: Step, request: Request) -> bool:
    """Whether a step's result is to be seen; a thing that cannot be seen has been put away."""
    if isinstance(step, Pull):
        return drawer_is_open(request.images[HEAD])
    thing, head = find(request.images[HEAD], step.thing), request.images[HEAD]
    if thing is None:
        return not _holds(request.state, step.arm)
    bowl = find(head, step.place) if step.place.endswith("bowl") else None
    if bowl is None:
        return bool(thing.point[1] > 0.64)
    return bool(np.linalg.norm(thing.point[:2] - bowl.point[:2]) < _IN) and not _holds(
        request.state, step.arm
    )


def _place(step: Carry, request: Request) -> Array:
    """Where to let the thing go (3,)."""
    if step.place == "top drawer":
        return TOP_DRAWER + _by(-0.01, -0.005, 0.065)
    if step.place == "bottom drawer":
        return BOTTOM_DRAWER + _by(0, -0.035, 0.09)
    bowl = find(request.images[HEAD], step.place)
    point = bowl.point if bowl is not None else np.array([-0.12 if "pink" in step.place else 0.12, 0.66, 0])
    return np.asarray(point + 0.07 * _UP)


def _take(way: Way, step: Carry, seen: Seen, slip: Slip) -> Motion:
    arm, facing = step.arm, downward(step.arm, seen.yaw + slip.turn)
    at = np.array([*(seen.point[:2] + slip.offset), 0.0])
    hover = 0.19 if step.place == "top drawer" else 0.14
    yield from way.grip(arm, 1.0, 0.1)
    yield from way.go(arm, at + (seen.point[2] + hover) * _UP, facing)
    yield from way.go(arm, at + max(seen.point[2] - 0.002, 0.012) * _UP, facing, CAREFUL)
    yield from way.grip(arm, 1.0 if slip.stays_open else 0.0, 0.6)
    yield from way.go(arm, at + (seen.point[2] + hover + 0.06) * _UP, facing)


def _carry(way: Way, step: Carry, place: Array) -> Motion:
    arm = step.arm
    if step.place == "top drawer":
        across = np.arctan2(0.2, 0.5)
        tilted = pointing([0.5, 0.2, -0.8], [-np.sin(across), np.cos(across), 0])
        yield from way.go(arm, [place[0] - 0.10, place[1] - 0.09, 0.27], tilted)
        yield from way.go(arm, place + 0.05 * _UP, tilted, 0.2)
        yield from way.go(arm, place, tilted, CAREFUL)
        yield from way.grip(arm, 1.0)
        yield from way.go(arm, place + _by(-0.03, -0.03, 0.06), tilted, 0.2)
    else:
        above = place + (0.12 if step.place.endswith("bowl") else 0.08) * _UP
        yield from way.go(arm, above, downward(arm, 0.0))
        yield from way.go(arm, place, downward(arm, 0.0), CAREFUL)
        yield from way.grip(arm, 1.0)
        yield from way.go(arm, above, downward(arm, 0.0))
    yield from way.home(arm)


def _pull(way: Way, step: Pull, slip: Slip) -> Motion:
    arm, handle = step.arm, BOTTOM_HANDLE + _by(*slip.offset, 0.045 if any(slip.offset) else 0.0)
    yield from way.grip(arm, 0.53, 0.2)
    yield from way.go(arm, handle + _by(0.04, -0.10, 0.01), _LEVEL)
    yield from way.go(arm, handle + _by(0, 0.004, 0), _LEVEL, 0.12)
    yield from way.grip(arm, 0.53 if slip.stays_open else 0.0, 0.6)
    yield from way.go(arm, handle + _by(0, -0.10, 0), _LEVEL, 0.08)
    yield from way.grip(arm, 0.67, 0.4)
    yield from way.go(arm, handle + _by(0.06, -0.20, 0.03), _LEVEL)
    yield from way.home(arm)
