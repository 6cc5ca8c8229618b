"""The tolerant reader of command texts, for what people and models write.

A text is cut into phrases of the grammar, those into clauses (one verb each), and each clause adds to what
its arm does. A word that is neither the grammar's nor a mere filler is an error: leaving out a `not` or a
`5 cm` would turn one command into another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Literal, cast

from ml.symbols.commands import (
    ARMS,
    DIRECTIONS,
    ArmCommand,
    Command,
    CommandError,
    Direction,
    Grasp,
    Magnitude,
    Move,
)
from ml.symbols.types import ROTATIONS, Rotation

Kind = Literal[
    "arm", "all", "it", "back", "magnitude", "rotate", "grasp", "raise", "direction", "still", "keep", "move",
    "turn", "join", "stop", "filler",
]  # fmt: skip

_GRIPPER: Final = r"(gripper|arm|hand|claw|end effector|effector)"
_VERY: Final = r"(very )?"
_EARLIER: Final = r"(previous|earlier|initial|original|former|last|prior|first|starting|start)"
# In the order in which they are tried; words are parted by single blanks, hyphens are blanks.
_PHRASES: Final[tuple[tuple[Kind, str, str], ...]] = (
    ("all", "", rf"(both|all)( of)?( the)? {_GRIPPER}s"),
    ("back", "", rf"(back )?to ((its|the|an) )?{_EARLIER} (pose|position|state|place)"),
    ("back", "", r"rewind"),
    ("magnitude", "slightly", rf"{_VERY}(slightly|slight)|somewhat|a {_VERY}(bit|little bit|little|touch)"),
    (
        "magnitude",
        "significantly",
        rf"{_VERY}(significantly|significant|substantially|considerably|greatly|far)|a lot",
    ),
    ("rotate", "counter-clockwise", r"(counter|anti) ?clockwise|ccw"),
    ("rotate", "clockwise", r"clockwise|cw"),
    ("grasp", "open", r"open|opened|release|let go"),
    ("grasp", "close", r"close|closed|shut|clamp|grip|grasp"),
    ("raise", "upward", r"raise|lift"),
    ("raise", "downward", r"lower"),
    ("direction", "upward", r"upwards?|up"),
    ("direction", "downward", r"downwards?|down"),
    ("direction", "left", r"leftwards?|left"),
    ("direction", "right", r"rightwards?|right"),
    ("direction", "forward", r"forwards?|ahead|front"),
    ("direction", "backward", r"backwards?|back"),
    ("still", "", r"still|stationary|motionless|in place|freeze|stop|wait"),
    ("keep", "", r"hold|keep|stay|remain"),
    ("move", "", r"move|shift|translate|go|bring|push|pull|slide|return|reset"),
    ("turn", "", r"rotate|turn|twist|spin"),
    ("it", "", rf"it|{_GRIPPER}"),
    ("join", "", r"and|then|also|while|,|:"),
    ("stop", "", r"[;.!\n]"),
    ("filler", "", r"the|a|an|to|please|its|in|by|towards?|direction|should|must"),
)
_LONGEST: Final = 4000
_VERBS: Final[tuple[Kind, ...]] = ("move", "turn", "keep", "raise", "grasp")
_ACTIONS: Final[tuple[Kind, ...]] = ("direction", "raise", "rotate", "grasp", "still", "back")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    value: str
    text: str


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?= |$)")


_TABLE: Final = tuple((kind, value, _phrase(pattern)) for kind, value, pattern in _PHRASES)


def parse_command(text: str, arms: Sequence[str] = ARMS) -> Command:
    """Read a command from canonical text or from the variants that people and models write.

    Raises CommandError with one sentence on whatever is not a command of the grammar, so that no part of a
    text is ever left out silently.
    """
    if len(text) > _LONGEST:
        raise CommandError(f"a command must have at most {_LONGEST} characters, not {len(text)}")
    reader = _Reader(arms)
    for clause in _clauses(_tokens(text, arms)):
        reader.take(clause)
    return reader.command()


def _plain(text: str) -> str:
    """The words and marks of a text in lower case, parted by single blanks."""
    unquoted = re.sub(r"['\"`‘’“”_‐-―-]", " ", text.lower())
    return " ".join(re.findall(r"\w+|[^\w\s]|\n", unquoted)).strip(" \n")


def _arm_pattern(arm: str) -> str:
    """`right gripper`, `right arm s gripper` (the apostrophe is a blank) or `gripper of the right arm`."""
    return rf"({_GRIPPER} of (the )?)?{re.escape(_plain(arm))} {_GRIPPER}( s {_GRIPPER})?"


def _tokens(text: str, arms: Sequence[str]) -> Iterator[_Token]:
    plain = _plain(text)
    table = [("arm", arm, _phrase(_arm_pattern(arm))) for arm in arms] + list(_TABLE)
    offset = 0
    while offset < len(plain):
        for kind, value, pattern in table:
            match = pattern.match(plain, offset)
            if match:
                yield _Token(cast(Kind, kind), value, match[0])
                offset = match.end() + 1
                break
        else:
            raise _unknown_word(plain[offset : offset + 40].split(" ")[0])


def _unknown_word(word: str) -> CommandError:
    return CommandError(
        f"{word!r} is no word of a command; for each gripper it says to move ({', '.join(DIRECTIONS)}), to "
        f"rotate ({', '.join(ROTATIONS)}), to open or close, to hold still or to go back to its previous pose"
    )


def _clauses(tokens: Iterable[_Token]) -> Iterator[list[_Token]]:
    """Cut at stops, before each further verb, and before a further arm that follows a comma or `and`."""
    clause: list[_Token] = []
    for token in tokens:
        if token.kind == "stop" or _begins_clause(token, clause):
            if clause:
                yield clause
            clause = []
        if token.kind not in ("stop", "filler"):
            clause.append(token)
    if clause:
        yield clause


def _begins_clause(token: _Token, clause: list[_Token]) -> bool:
    kinds = [earlier.kind for earlier in clause]
    joined = bool(kinds) and kinds[-1] == "join"
    if token.kind in ("arm", "all"):
        return joined and any(kind in _ACTIONS for kind in kinds)
    if token.kind == "grasp" and "keep" in kinds and "join" not in kinds:
        return False  # "keep the right gripper closed"
    return token.kind in _VERBS and any(kind in _VERBS + _ACTIONS for kind in kinds)


@dataclass(slots=True)
class _Draft:
    """What one clause asks of its arm, or all clauses of one arm together."""

    move: list[Move] = field(default_factory=list)
    rotate: list[Rotation] = field(default_factory=list)
    grasp: list[Grasp] = field(default_factory=list)
    hold: bool = False
    back: bool = False

    def add(self, other: _Draft) -> None:
        self.move += other.move
        self.rotate += other.rotate
        self.grasp += other.grasp
        self.hold |= other.hold
        self.back |= other.back

    def arm_command(self, arm: str) -> ArmCommand:
        for what, values in (("rotate both ", self.rotate), ("both ", self.grasp)):
            if len(set(values)) > 1:
                raise CommandError(
                    f"the {arm} gripper cannot {what}{' and '.join(dict.fromkeys(values))}; choose one"
                )
        return ArmCommand(
            arm,
            tuple(self.move),
            self.rotate[0] if self.rotate else None,
            self.grasp[0] if self.grasp else None,
            self.hold,
            self.back,
        )


class _Reader:
    """Gathers clauses; a clause that names no arm is about the arm named last.

    Where none is named yet and the clause is joined to the next (`raise and open the left gripper`), it is
    about the first one that is.
    """

    def __init__(self, arms: Sequence[str]) -> None:
        self._arms = arms
        self._named: tuple[str, ...] = tuple(arms) if len(arms) == 1 else ()
        self._drafts: dict[str, _Draft] = {}
        self._waiting = _Draft()
        self._all_hold = False

    def take(self, clause: list[_Token]) -> None:
        named = tuple(token.value for token in clause if token.kind == "arm")
        if any(token.kind == "all" for token in clause):
            named = tuple(self._arms)
        self._named = named or self._named
        draft = _draft(clause)
        if draft == _Draft():
            return
        if draft == _Draft(hold=True) and not named and (not self._drafts or self._all_hold):
            self._all_hold = True
            return
        self._waiting.add(draft)
        if self._named:
            for arm in self._named:
                self._drafts.setdefault(arm, _Draft()).add(self._waiting)
            self._waiting = _Draft()
        elif clause[-1].kind != "join":
            raise self._no_gripper()

    def _no_gripper(self) -> CommandError:
        return CommandError(f"the command names no gripper; it must be one of {', '.join(self._arms)}")

    def command(self) -> Command:
        if self._waiting != _Draft():
            raise self._no_gripper()
        if not self._drafts and not self._all_hold:
            raise CommandError("the command is empty; it must hold still, or say what a gripper does")
        parts = [self._drafts[arm].arm_command(arm) for arm in self._arms if arm in self._drafts]
        return Command(tuple(parts), self._all_hold)


def _draft(clause: list[_Token]) -> _Draft:
    """What one clause asks; raises CommandError where its verb does not go with the rest."""
    kinds = {token.kind for token in clause}
    draft = _Draft(
        move=_moves(clause),
        rotate=[cast(Rotation, token.value) for token in clause if token.kind == "rotate"],
        grasp=[cast(Grasp, token.value) for token in clause if token.kind == "grasp"],
        back="back" in kinds,
    )
    draft.hold = "still" in kinds or ("keep" in kinds and not draft.grasp)
    if "turn" in kinds and (draft.move or not draft.rotate):
        raise CommandError(f"a rotation must be one of {', '.join(ROTATIONS)}")
    if draft.grasp and draft.move:
        raise CommandError("opening or closing has no direction; say move before the direction")
    if "move" in kinds and not (draft.move or draft.rotate or draft.back):
        raise CommandError(f"a move needs a direction of {', '.join(DIRECTIONS)}")
    return draft


def _moves(clause: list[_Token]) -> list[Move]:
    """The moves of a clause; a magnitude belongs to the direction just before it, else to the next one."""
    moves: list[Move] = []
    waiting: Magnitude | None = None
    before: Kind = "join"
    said = [token.value for token in clause if token.kind == "direction"]
    for token in clause:
        if token.kind == "direction" or (token.kind == "raise" and token.value not in said):
            moves.append(Move(cast(Direction, token.value), waiting))
            waiting = None
        elif token.kind == "magnitude":
            magnitude = cast(Magnitude, token.value)
            if before == "direction" and moves[-1].magnitude is None:
                moves[-1] = replace(moves[-1], magnitude=magnitude)
            elif waiting is None:
                waiting = magnitude
            else:
                raise CommandError(f"{waiting!r} and {magnitude!r} come together; a direction has one")
        before = token.kind
    if waiting is None:
        return moves
    if len(moves) != 1 or moves[0].magnitude:
        raise CommandError(f"{waiting!r} belongs to no direction; only a move has a magnitude")
    return [replace(moves[0], magnitude=waiting)]
