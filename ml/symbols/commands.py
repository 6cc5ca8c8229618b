"""Low-level commands: what each arm is to do, as one structured value (paper figures 4 to 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final, Literal, get_args

from ml.symbols.types import ROTATIONS, Color, Rotation

Axis = Literal["x", "y", "z"]
Direction = Literal["left", "right", "forward", "backward", "upward", "downward"]
Magnitude = Literal["slightly", "significantly"]
Grasp = Literal["open", "close"]

DIRECTIONS: Final[tuple[Direction, ...]] = get_args(Direction)
MAGNITUDES: Final[tuple[Magnitude, ...]] = get_args(Magnitude)
GRASPS: Final[tuple[Grasp, ...]] = get_args(Grasp)
ARMS: Final = ("left", "right")

# The order of the axes in canonical text: y, x, z.
AXIS_DIRECTIONS: Final[dict[Axis, tuple[Direction, Direction]]] = {
    "y": ("left", "right"),
    "x": ("forward", "backward"),
    "z": ("upward", "downward"),
}
AXIS_COLORS: Final[dict[Axis, Color]] = {"y": "green", "x": "red", "z": "blue"}
AXIS_OF: Final[dict[Direction, Axis]] = {
    direction: axis for axis, pair in AXIS_DIRECTIONS.items() for direction in pair
}


class CommandError(ValueError):
    """A command that cannot be; its one sentence names the valid choices."""


def _require_choice(what: str, value: object, choices: Sequence[str]) -> None:
    if value not in choices:
        shown = repr(value[:40]) if isinstance(value, str) else f"a {type(value).__name__}"
        raise CommandError(f"{shown} is no {what}; it must be one of {', '.join(choices)}")


@dataclass(frozen=True, slots=True)
class Move:
    """A translation along one axis; the magnitude is a word or nothing."""

    direction: Direction
    magnitude: Magnitude | None = None

    def __post_init__(self) -> None:
        _require_choice("direction", self.direction, DIRECTIONS)
        if self.magnitude is not None:
            _require_choice("magnitude", self.magnitude, MAGNITUDES)


@dataclass(frozen=True, slots=True)
class ArmCommand:
    """What one arm is to do: move, rotate and grasp in any combination, or hold still, or go back.

    Moves are kept in the canonical order of their axes (y, x, z). Raises CommandError where an axis comes
    twice, where nothing is asked, or where holding or going back comes with anything else.
    """

    arm: str
    move: tuple[Move, ...] = ()
    rotate: Rotation | None = None
    grasp: Grasp | None = None
    hold: bool = False
    back: bool = False

    def __post_init__(self) -> None:
        order = list(AXIS_DIRECTIONS)
        moves = sorted(self.move, key=lambda move: order.index(AXIS_OF[move.direction]))
        object.__setattr__(self, "move", tuple(moves))
        self._check_axes()
        if self.rotate is not None:
            _require_choice("rotation", self.rotate, ROTATIONS)
        if self.grasp is not None:
            _require_choice("grasp", self.grasp, GRASPS)
        acts = bool(self.move or self.rotate or self.grasp)
        if acts + self.hold + self.back != 1:
            raise CommandError(
                f"the {self.arm} gripper must either move, rotate, open or close, or hold still, "
                "or go back to its previous pose"
            )

    def _check_axes(self) -> None:
        for one, other in pairwise(self.move):
            if one.direction == other.direction:
                raise CommandError(f"the {self.arm} gripper is moved {one.direction} twice; say it once")
            if AXIS_OF[one.direction] == AXIS_OF[other.direction]:
                raise CommandError(
                    f"the {self.arm} gripper cannot move {one.direction} and {other.direction} at once; "
                    "choose one of them"
                )

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form of this arm's part."""
        return {
            "arm": self.arm,
            "move": [{"direction": move.direction, "magnitude": move.magnitude} for move in self.move],
            "rotate": self.rotate,
            "grasp": self.grasp,
            "hold": self.hold,
            "back": self.back,
        }


@dataclass(frozen=True, slots=True)
class Command:
    """One low-level command: the whole robot holds still, or each of the named arms does its part.

    Raises CommandError where there is neither, where there are both, or where an arm comes twice.
    """

    arms: tuple[ArmCommand, ...] = ()
    hold: bool = False

    def __post_init__(self) -> None:
        if self.hold == bool(self.arms):
            raise CommandError("a command must either hold still, or say what at least one gripper does")
        names = [part.arm for part in self.arms]
        if len(set(names)) != len(names):
            raise CommandError("a command must have one part for each gripper it names")

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form that is stored and sent."""
        return {"hold": self.hold, "arms": [part.to_json() for part in self.arms]}

    @classmethod
    def from_json(cls, value: object, arms: Sequence[str] = ARMS) -> Command:
        """Read the JSON form, its arms in the order of `arms`; raises CommandError on anything malformed."""
        raw = _mapping(value, "a command", ("hold", "arms"))
        parts = [_arm_from_json(part, arms) for part in _list(raw.get("arms", []), "arms")]
        parts.sort(key=lambda part: arms.index(part.arm))
        return cls(tuple(parts), _flag(raw, "hold"))


def _mapping(value: object, what: str, keys: Sequence[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise CommandError(f"{what} must be an object with {', '.join(keys)}")
    for key in value:
        _require_choice(f"key of {what}", key, keys)
    return value


def _list(value: object, what: str) -> Sequence[object]:
    if not isinstance(value, list | tuple):
        raise CommandError(f"{what} must be a list")
    return value


def _flag(raw: Mapping[str, Any], key: str) -> bool:
    value = raw.get(key, False)
    if not isinstance(value, bool):
        raise CommandError(f"{key} must be true or false")
    return value


def _arm_from_json(value: object, arms: Sequence[str]) -> ArmCommand:
    raw = _mapping(value, "an arm's part", ("arm", "move", "rotate", "grasp", "hold", "back"))
    _require_choice("arm", raw.get("arm"), arms)
    return ArmCommand(
        arm=raw["arm"],
        move=tuple(_move_from_json(move) for move in _list(raw.get("move", []), "move")),
        rotate=raw.get("rotate"),
        grasp=raw.get("grasp"),
        hold=_flag(raw, "hold"),
        back=_flag(raw, "back"),
    )


def _move_from_json(value: object) -> Move:
    raw = _mapping(value, "a move", ("direction", "magnitude"))
    return Move(raw.get("direction"), raw.get("magnitude"))  # type: ignore[arg-type]  # Move checks both
