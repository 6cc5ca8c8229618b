"""What comes out of the core besides actions, and what an operator can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from ml.symbols import Command, Symbol
from robot.environment import Observation, Vector
from robot.events import Entry, Step
from robot.supervisor.history import Kept


@dataclass(frozen=True, slots=True)
class Guide:
    """What a corrected policy is shown: symbols in pixels of the head picture, and which arms are idle."""

    symbols: tuple[Symbol, ...]
    idle: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AskPolicy:
    """Ask the policy for a chunk; its answer counts only under this number and until `deadline` (time)."""

    number: int
    observation: Observation
    prompt: str
    guide: Guide | None
    deadline: float


@dataclass(frozen=True, slots=True)
class AskVlm:
    """Ask the model about the head camera's last pictures, oldest first."""

    number: int
    frames: Sequence[Kept]
    task: str
    deadline: float


@dataclass(frozen=True, slots=True)
class PlanMotion:
    """Plan a motion to where the symbols point, from the observation's state on."""

    number: int
    observation: Observation
    symbols: tuple[Symbol, ...]
    command: Command | None
    deadline: float


@dataclass(frozen=True, slots=True)
class Drop:
    """Nobody waits for that answer any more: close its connection, so that no later one is taken for it."""

    what: Literal["policy", "vlm", "motion"]
    number: int


Output = AskPolicy | AskVlm | PlanMotion | Drop | Entry


@dataclass(frozen=True, slots=True)
class Ticked:
    """What one tick decided: the step, whose action is to be sent, and everything else."""

    step: Step
    outputs: Sequence[Output]


Order = Literal["hold", "release", "take_over", "act", "confirm", "reject", "correct", "mode", "finish"]
ORDERS: tuple[Order, ...] = get_args(Order)


@dataclass(frozen=True, slots=True)
class Operate:
    """What an operator orders.

    `hold` latches a software hold, `take_over` gives the operator the robot; `release` ends both. `act` moves
    it (`action` (14,)) while taken over. `confirm` and `reject` answer a proposal (`correction`, its number).
    `correct` is a correction drawn by hand: `symbols` in pixels of the head picture and a `command`. `mode`
    changes the mode. `finish` ends the rollout (`success`).
    """

    order: Order
    by: str
    action: Vector | None = None
    correction: int | None = None
    symbols: tuple[Symbol, ...] = ()
    command: Command | None = None
    mode: str = ""
    success: bool | None = None
