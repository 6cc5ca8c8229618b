"""Comparison of two sets of symbols, as a benchmark scores predicted ones."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

import numpy as np
import numpy.typing as npt

from ml.symbols.types import NORMALIZED_MAX, RotatingArrow, Size, StateLabel, StraightArrow, Symbol, points

SAME_DIRECTION_DEGREES: Final = 45.0
Match = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Comparison:
    """How predicted symbols compare with reference ones; None where nothing matched that could tell.

    `matches` are pairs of indices (predicted, reference); `end_point_distance` is in units of 1/1000 of each
    image side, averaged over the points of all matched symbols.
    """

    precision: float
    recall: float
    f1: float
    color_accuracy: float | None
    direction_accuracy: float | None
    end_point_distance: float | None
    matches: tuple[Match, ...]


def compare(predicted: Sequence[Symbol], reference: Sequence[Symbol], size: Size | None = None) -> Comparison:
    """Compare two sets of symbols of one frame, normalized, or in pixels of a frame of `size`.

    Matching rule: only symbols of one kind match (ON and OFF are two kinds), each at most once; within a kind
    as many pairs as possible, and of all such assignments the one with the least sum of mean point distances.
    F1 counts the pairs. Color accuracy is the share of matched straight arrows that name the same set of
    axes; direction accuracy the share of matched arrows that turn the same way or point within 45 degrees of
    the reference. Two empty sets are equal: F1 is 1.
    """
    matches = _match(predicted, reference, size)
    pairs = [(predicted[i], reference[j]) for i, j in matches]
    hits = len(pairs)
    total = len(predicted) + len(reference)
    distances = [d for one, other in pairs for d in _distances(one, other, size)]
    return Comparison(
        precision=hits / len(predicted) if predicted else float(not reference),
        recall=hits / len(reference) if reference else float(not predicted),
        f1=2 * hits / total if total else 1.0,
        color_accuracy=_mean([same for pair in pairs for same in _same_colors(*pair)]),
        direction_accuracy=_mean([same for pair in pairs for same in _same_direction(*pair, size)]),
        end_point_distance=_mean(distances),
        matches=matches,
    )


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _kind(symbol: Symbol) -> tuple[type, str]:
    return type(symbol), symbol.text if isinstance(symbol, StateLabel) else ""


def _units(symbol: Symbol, size: Size | None) -> list[tuple[float, float]]:
    """The symbol's points in units of 1/1000 of the image's sides, not rounded."""
    width, height = (size.width, size.height) if size else (NORMALIZED_MAX, NORMALIZED_MAX)
    return [(NORMALIZED_MAX * x / width, NORMALIZED_MAX * y / height) for x, y in points(symbol)]


def _distances(one: Symbol, other: Symbol, size: Size | None) -> list[float]:
    return [math.dist(p, q) for p, q in zip(_units(one, size), _units(other, size), strict=True)]


def _same_colors(one: Symbol, other: Symbol) -> list[bool]:
    if isinstance(one, StraightArrow) and isinstance(other, StraightArrow):
        return [set(one.colors) == set(other.colors)]
    return []


def _same_direction(one: Symbol, other: Symbol, size: Size | None) -> list[bool]:
    if isinstance(one, RotatingArrow) and isinstance(other, RotatingArrow):
        return [one.direction == other.direction]
    if isinstance(one, StraightArrow) and isinstance(other, StraightArrow):
        turn = _heading(one, size) - _heading(other, size)
        return [abs((turn + 180) % 360 - 180) <= SAME_DIRECTION_DEGREES]
    return []


def _heading(arrow: StraightArrow, size: Size | None) -> float:
    """The arrow's angle in degrees; in pixels where the size is known, since units are not square."""
    (x1, y1), (x2, y2) = (arrow.start, arrow.end) if size else _units(arrow, None)
    return math.degrees(math.atan2(y2 - y1, x2 - x1))


def _match(predicted: Sequence[Symbol], reference: Sequence[Symbol], size: Size | None) -> tuple[Match, ...]:
    by_kind: dict[tuple[type, str], tuple[list[int], list[int]]] = defaultdict(lambda: ([], []))
    for side, symbols in enumerate((predicted, reference)):
        for index, symbol in enumerate(symbols):
            by_kind[_kind(symbol)][side].append(index)
    matches: list[Match] = []
    for ours, theirs in by_kind.values():
        cost = np.zeros((len(ours), len(theirs)))
        for (row, i), (column, j) in product(enumerate(ours), enumerate(theirs)):
            cost[row, column] = sum(_distances(predicted[i], reference[j], size))
        matches += [(ours[row], theirs[column]) for row, column in assign(cost)]
    return tuple(sorted(matches))


def assign(cost: npt.NDArray[np.float64]) -> list[tuple[int, int]]:
    """Pair rows with columns of a cost matrix (n, m), min(n, m) pairs of least total cost.

    The Hungarian method with shortest augmenting paths, O(n^2 m).
    """
    rows, columns = cost.shape
    if rows > columns:
        return [(row, column) for column, row in assign(cost.T)]
    row_of = np.full(columns, -1)
    row_price, column_price = np.zeros(rows), np.zeros(columns)
    for row in range(rows):
        _augment(cost, row, row_of, row_price, column_price)
    return [(int(row), column) for column, row in enumerate(row_of) if row >= 0]


def _augment(
    cost: npt.NDArray[np.float64],
    row: int,
    row_of: npt.NDArray[np.int_],
    row_price: npt.NDArray[np.float64],
    column_price: npt.NDArray[np.float64],
) -> None:
    """Give one more row a column, moving others along the cheapest alternating path; all arrays change."""
    columns = len(row_of)
    slack = np.full(columns, np.inf)
    reached_from = np.full(columns, -1)
    done = np.zeros(columns, dtype=bool)
    column, at = -1, row
    while at >= 0:
        reduced = cost[at] - row_price[at] - column_price
        nearer = ~done & (reduced < slack)
        slack[nearer], reached_from[nearer] = reduced[nearer], column
        column_next = int(np.argmin(np.where(done, np.inf, slack)))
        step = slack[column_next]
        row_price[[row, *row_of[done]]] += step
        column_price[done] -= step
        slack[~done] -= step
        done[column_next] = True
        column, at = column_next, int(row_of[column_next])
    while column >= 0:
        before = int(reached_from[column])
        row_of[column] = row_of[before] if before >= 0 else row
        column = before
