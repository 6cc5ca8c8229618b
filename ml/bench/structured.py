"""The deterministic scorer of analyses: what the paper's judge is told to look at, compared as values.

Command: the atoms (arm, direction), (arm, rotation), (arm, grasp), hold still and going back; magnitudes are
not compared. An opposite atom (left for right, open for close, the other way round) makes the command 0, else
its score is the F1 of the atoms. A wrong detection, or a keyframe more than 1 away, makes the whole 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ml.prompts import Analysis, read_analysis
from ml.symbols import Command, CommandError, parse_command

KEYFRAME_TOLERANCE: Final = 1
_OPPOSITE: Final = {
    "left": "right",
    "forward": "backward",
    "upward": "downward",
    "clockwise": "counter-clockwise",
    "open": "close",
}
OPPOSITES: Final = _OPPOSITE | {other: one for one, other in _OPPOSITE.items()}
Atom = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Structured:
    """How an analysis compares with the truth; None where the truth says nothing. `score` is in [0, 1]."""

    detection: bool | None
    keyframe: bool | None
    grippers: bool | None
    command: float | None
    score: float


def compare_analysis(found: Analysis, truth: Mapping[str, Any]) -> Structured:
    """Compare an analysis with the structured truth of its question."""
    detection = None if truth.get("failed") is None else found.failed == truth["failed"]
    keyframe = None
    if truth.get("keyframe") is not None:
        near = found.keyframe is not None and abs(found.keyframe - truth["keyframe"]) <= KEYFRAME_TOLERANCE
        keyframe = near
    reference = reference_command(truth)
    command = grippers = None
    if reference is not None:
        command = compare_commands(found.command, reference)
        grippers = found.command is not None and _arms(found.command) == _arms(reference)
    gate = detection is not False and keyframe is not False
    return Structured(detection, keyframe, grippers, command, (1.0 if command is None else command) * gate)


def reference_command(truth: Mapping[str, Any]) -> Command | None:
    """Return the command of a truth; None where it has none that can be read."""
    if not truth.get("command"):
        return None
    try:
        return Command.from_json(truth["command"])
    except CommandError:
        return None


def compare_commands(found: Command | None, reference: Command) -> float:
    """Return the F1 of the commands' atoms; 0 where they contradict or nothing is found."""
    ours, theirs = (atoms(found) if found else frozenset()), atoms(reference)
    if any((arm, OPPOSITES.get(what)) in theirs for arm, what in ours):
        return 0.0
    return 2 * len(ours & theirs) / (len(ours) + len(theirs))


def atoms(command: Command) -> frozenset[Atom]:
    """Return what a command asks, as (arm, word) pairs; `both` arms hold still."""
    if command.hold:
        return frozenset({("both", "hold")})
    found: set[Atom] = set()
    for part in command.arms:
        words: list[str] = [move.direction for move in part.move]
        words += [word for word in (part.rotate, part.grasp) if word]
        words += ["hold"] * part.hold + ["back"] * part.back
        found.update((part.arm, word) for word in words)
    return frozenset(found)


def _arms(command: Command) -> frozenset[str]:
    return frozenset(arm for arm, _ in atoms(command))


def score_text(candidate: str, truth: Mapping[str, Any]) -> float | None:
    """Compare the analysis, or the bare command, of a text; None where one of both has none to read."""
    reference = reference_command(truth)
    if reference is None:
        return None
    found = read_analysis(candidate)
    if found.command is not None or found.failed is not None:
        return compare_analysis(found, truth).score
    try:
        return compare_commands(parse_command(candidate), reference)
    except CommandError:
        return None
