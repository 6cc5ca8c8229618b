"""Wrong options (supplement 4.1.1): other items of the annotation pools; commands for the same gripper.

A distractor never means what the answer means, nor what another distractor means; commands are compared in
structured form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import zip_longest
from typing import Final, TypeVar

from ml.prompts import LETTERS
from ml.symbols import ArmCommand, Command, Move, command_text
from ml.vqa.annotation import task_key
from ml.vqa.draw import Draw
from ml.vqa.survey import Arms, Survey, arms_of

T = TypeVar("T")
OPTIONS: Final = 4
_CLOSE: Final = 2  # pictures nearer than this to the keyframe show almost the same


def _static(arm: str) -> tuple[ArmCommand, ...]:
    """The common actions that are offered beside what others annotated."""
    return (
        ArmCommand(arm, hold=True),
        ArmCommand(arm, grasp="open"),
        ArmCommand(arm, grasp="close"),
        ArmCommand(arm, back=True),
        ArmCommand(arm, move=(Move("upward"),)),
        ArmCommand(arm, move=(Move("downward"),)),
        ArmCommand(arm, rotate="clockwise"),
        ArmCommand(arm, rotate="counter-clockwise"),
    )


def same_command(one: Command, other: Command) -> bool:
    """Tell whether two commands can mean the same: a move without a magnitude agrees with any magnitude."""
    mine, theirs = _by_arm(one), _by_arm(other)
    if not mine or not theirs:  # holding everything still is holding each of the named arms still
        return all(part.hold for part in (*mine.values(), *theirs.values()))
    return mine.keys() == theirs.keys() and all(_same_part(mine[arm], theirs[arm]) for arm in mine)


def _by_arm(command: Command) -> dict[str, ArmCommand]:
    return {part.arm: part for part in command.arms}


def _same_part(one: ArmCommand, other: ArmCommand) -> bool:
    state = (one.rotate, one.grasp, one.hold, one.back) == (other.rotate, other.grasp, other.hold, other.back)
    return state and len(one.move) == len(other.move) and all(map(_same_move, one.move, other.move))


def _same_move(one: Move, other: Move) -> bool:
    magnitudes = {one.magnitude, other.magnitude} - {None}
    return one.direction == other.direction and len(magnitudes) < 2


def same_text(one: str, other: str) -> bool:
    """Tell whether two texts are the same but for case, blanks and the full stop."""
    return task_key(one) == task_key(other)


class Pools:
    """Everything that distractors are drawn from, in an order that depends on the texts alone."""

    def __init__(self, survey: Survey) -> None:
        self._commands = {
            arms: [pool[text] for text in sorted(pool)] for arms, pool in survey.commands.items()
        }
        self.all_arms = sorted({arm for arms in survey.commands for arm in arms}) or ["left", "right"]
        self.subtasks = sorted(survey.subtasks)
        self.types = survey.types

    def commands(self, answer: Command, draw: Draw) -> list[str]:
        """Return up to three other commands for the grippers of the answer, as texts."""
        arms = arms_of(answer) or (draw.choose(self.all_arms),)
        static, pool = self._static(arms, draw), self._commands.get(arms, [])
        # One of the common actions, then two that were annotated, then whatever is left.
        candidates = _alternate(static, _sample(pool, draw))
        return [command_text(command) for command in _different(candidates, answer, same_command)]

    def _static(self, arms: Arms, draw: Draw) -> list[Command]:
        columns = [draw.shuffled(_static(arm)) for arm in arms]
        return [Command(parts) for parts in zip(*columns, strict=True)]

    def subtask_options(self, subtasks: Sequence[str], answer: str, draw: Draw) -> list[str]:
        """Return up to three other subtasks: of the same task, and where it has too few, of other tasks."""
        own = draw.shuffled(subtasks)
        others = (text for text in _sample(self.subtasks, draw) if not _among(text, subtasks))
        return _different(_chain(own, others), answer, same_text)

    def failure_types(self, answer: str, draw: Draw) -> list[str]:
        """Return the other failure types, as many as letters allow."""
        others = [name for name in self.types if name != answer]
        return draw.shuffled(others)[: len(LETTERS) - 1]


def positions(count: int, answer: int, draw: Draw) -> list[int]:
    """Return up to three other positions among `count` pictures, away from the answer where there is room."""
    order = draw.shuffled([number for number in range(1, count + 1) if number != answer])
    return sorted(order, key=lambda number: abs(number - answer) < _CLOSE)[: OPTIONS - 1]


def _different(candidates: Iterable[T], answer: T, same: Callable[[T, T], bool]) -> list[T]:
    """The first candidates that mean neither the answer nor one another."""
    found: list[T] = []
    for candidate in candidates:
        if len(found) == OPTIONS - 1:
            break
        if not any(same(candidate, other) for other in (answer, *found)):
            found.append(candidate)
    return found


def _sample(pool: Sequence[T], draw: Draw) -> Iterable[T]:
    """Items of a pool at random: a few quick throws, then all in their order, so that none is missed."""
    if pool:
        yield from (draw.choose(pool) for _ in range(2 * OPTIONS))
        yield from pool


def _alternate(static: Iterable[Command], pool: Iterable[Command]) -> Iterable[Command]:
    """One of `static`, two of `pool`, then the rest in turn."""
    ours, theirs = iter(static), iter(pool)
    yield from (next(ours), *_take(theirs, OPTIONS - 2))
    for pair in zip_longest(theirs, ours):
        yield from (each for each in pair if each is not None)


def _take(items: Iterable[T], count: int) -> list[T]:
    return [item for _, item in zip(range(count), items, strict=False)]


def _chain(*sequences: Iterable[T]) -> Iterable[T]:
    for sequence in sequences:
        yield from sequence


def _among(text: str, texts: Iterable[str]) -> bool:
    return any(same_text(text, other) for other in texts)
