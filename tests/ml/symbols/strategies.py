"""Hypothesis strategies for valid symbols and commands."""

from __future__ import annotations

from hypothesis import strategies as st

from ml.symbols import (
    ArmCommand,
    Command,
    Crosshair,
    DualCrosshair,
    Lock,
    Move,
    Rewind,
    RotatingArrow,
    Size,
    StateLabel,
    StraightArrow,
    Symbol,
)
from ml.symbols.commands import ARMS, AXIS_DIRECTIONS, GRASPS, MAGNITUDES
from ml.symbols.types import COLORS, NORMALIZED_MAX, ROTATIONS, STATES

sizes = st.builds(Size, st.integers(1, 2000), st.integers(1, 2000))
frame_sizes = st.builds(Size, st.integers(1, 200), st.integers(1, 200))


def points(right: int, bottom: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, right), st.integers(0, bottom))


def symbols(right: int = NORMALIZED_MAX, bottom: int = NORMALIZED_MAX) -> st.SearchStrategy[Symbol]:
    """Valid symbols with points up to `right` and `bottom`; no arrow where there is only one point."""
    at = points(right, bottom)
    colors = st.lists(st.sampled_from(COLORS), min_size=1, max_size=3, unique=True).map(tuple)
    kinds = [
        st.builds(RotatingArrow, at, st.sampled_from(ROTATIONS)),
        st.builds(DualCrosshair, at, at),
        st.builds(Crosshair, at),
        st.builds(StateLabel, at, st.sampled_from(STATES)),
        st.builds(Lock, at),
        st.builds(Rewind, at),
    ]
    if right or bottom:
        two = st.tuples(at, at).filter(lambda pair: pair[0] != pair[1])
        kinds.append(st.builds(lambda pair, named: StraightArrow(*pair, named), two, colors))
    return st.one_of(kinds)


def symbols_in(size: Size) -> st.SearchStrategy[list[Symbol]]:
    return st.lists(symbols(size.width - 1, size.height - 1), max_size=4)


def _arm_commands(arm: str) -> st.SearchStrategy[ArmCommand]:
    magnitudes = st.none() | st.sampled_from(MAGNITUDES)
    axes = [
        st.none() | st.builds(Move, st.sampled_from(pair), magnitudes) for pair in AXIS_DIRECTIONS.values()
    ]
    moves = st.tuples(*axes).map(lambda found: tuple(move for move in found if move))
    acting = st.tuples(
        moves, st.none() | st.sampled_from(ROTATIONS), st.none() | st.sampled_from(GRASPS)
    ).filter(any)
    return st.one_of(
        acting.map(lambda parts: ArmCommand(arm, *parts)),
        st.just(ArmCommand(arm, hold=True)),
        st.just(ArmCommand(arm, back=True)),
    )


def commands(arms: tuple[str, ...] = ARMS) -> st.SearchStrategy[Command]:
    """Every valid command: the whole robot holding, or any arms with any of their parts."""
    parts = st.tuples(*(st.none() | _arm_commands(arm) for arm in arms))
    named = parts.map(lambda found: tuple(part for part in found if part)).filter(bool)
    return st.just(Command(hold=True)) | named.map(Command)
