"""Intervals and tests for benchmark scores. Everything random has a fixed seed: same scores, same figures.

Clustered intervals are percentile intervals of a cluster bootstrap: whole episodes (or tasks) are drawn with
replacement, because questions of one episode share its pictures and its difficulty. With fewer than some ten
clusters such intervals are too narrow; reports print the number of clusters beside them.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import comb, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

LEVEL: Final = 0.95
RESAMPLES: Final = 2000
PERMUTATIONS: Final = 10_000
_EXACT_CLUSTERS: Final = 13
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A confidence interval of a share or a mean score, both ends in [0, 1]."""

    low: float
    high: float


def wilson(right: float, total: int, level: float = LEVEL) -> Interval:
    """Return Wilson's score interval of a share (Wilson 1927); of nothing it is [0, 1].

    A sum of scores in [0, 1] may stand for `right`: the interval is then conservative.
    """
    if not total:
        return Interval(0.0, 1.0)
    z = NormalDist().inv_cdf((1 + level) / 2)
    share = right / total
    middle = (share + z * z / (2 * total)) / (1 + z * z / total)
    half = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total)) / (1 + z * z / total)
    return Interval(max(0.0, min(share, middle - half)), min(1.0, max(share, middle + half)))


def clustered(
    scores: Sequence[float],
    clusters: Sequence[Hashable],
    categories: Sequence[Hashable] | None = None,
    level: float = LEVEL,
) -> Interval:
    """Return the cluster bootstrap's interval of the mean score, or of the mean of the categories' means.

    With the true classes as `categories` that is balanced accuracy, with the question types the macro
    average; resamples that miss a category are left out where any has them all. Of nothing it is [0, 1].
    """
    if not scores:
        return Interval(0.0, 1.0)
    sums, counts = _tables(scores, clusters, categories or [None] * len(scores))
    draws = _resamples(len(sums))
    totals = draws @ counts
    with np.errstate(invalid="ignore", divide="ignore"):
        means = np.nanmean(np.where(totals > 0, (draws @ sums) / totals, np.nan), axis=1)
    whole = (totals > 0).all(axis=1)
    means = means[whole] if whole.any() else means
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2])
    return Interval(max(0.0, float(low)), min(1.0, float(high)))


@lru_cache(maxsize=8)
def _resamples(clusters: int) -> Floats:
    """How often each cluster is drawn in each resample (RESAMPLES, clusters), always the same draws."""
    shares = np.full(clusters, 1 / clusters)
    draws = np.random.default_rng(0).multinomial(clusters, shares, RESAMPLES).astype(np.float64)
    draws.flags.writeable = False
    return draws


def _tables(
    scores: Sequence[float], clusters: Sequence[Hashable], categories: Sequence[Hashable]
) -> tuple[Floats, Floats]:
    """Sums of scores and counts, each (clusters, categories)."""
    rows = {name: row for row, name in enumerate(dict.fromkeys(clusters))}
    columns = {name: column for column, name in enumerate(dict.fromkeys(categories))}
    sums, counts = np.zeros((len(rows), len(columns))), np.zeros((len(rows), len(columns)))
    at = [rows[name] for name in clusters], [columns[name] for name in categories]
    np.add.at(sums, at, np.asarray(scores, float))
    np.add.at(counts, at, 1.0)
    return sums, counts


def mcnemar(first: Sequence[bool], second: Sequence[bool]) -> float:
    """Return the exact two-sided p-value of McNemar's test on paired right/wrong outcomes."""
    only_first = sum(a and not b for a, b in zip(first, second, strict=True))
    only_second = sum(b and not a for a, b in zip(first, second, strict=True))
    total, least = only_first + only_second, min(only_first, only_second)
    tail = sum(comb(total, k) for k in range(least + 1))
    return min(1.0, 2 * tail / 2**total)


def permutation(first: Sequence[float], second: Sequence[float], clusters: Sequence[Hashable]) -> float:
    """Return the two-sided p-value of a paired permutation test that swaps the runs in whole clusters.

    Exact up to 13 clusters; above, 10,000 random swaps with the add-one estimate, which is never 0.
    """
    difference = [a - b for a, b in zip(first, second, strict=True)]
    if not difference:
        return 1.0
    sums = _tables(difference, clusters, [None] * len(difference))[0][:, 0]
    signs = _signs(len(sums))
    extreme = np.abs(signs @ sums) >= abs(sums.sum()) - 1e-9
    if len(sums) <= _EXACT_CLUSTERS:
        return float(extreme.mean())
    return float((extreme.sum() + 1) / (len(extreme) + 1))


def _signs(clusters: int) -> Floats:
    if clusters <= _EXACT_CLUSTERS:
        numbers = np.arange(2**clusters)[:, None]
        return np.asarray(1.0 - 2.0 * ((numbers >> np.arange(clusters)) & 1), np.float64)
    return np.asarray(np.random.default_rng(0).choice([-1.0, 1.0], (PERMUTATIONS, clusters)), np.float64)


def krippendorff(units: Sequence[Sequence[float]]) -> float | None:
    """Return Krippendorff's alpha for interval data: 1 is full agreement, 0 what chance would give.

    `units` has the scores that each text got, from any number of judges; texts with fewer than two do not
    count. None where nothing can be compared or all scores are equal.
    """
    paired = [np.asarray(unit, float) for unit in units if len(unit) > 1]
    values = np.concatenate(paired) if paired else np.zeros(0)
    if not values.size or np.ptp(values) == 0:
        return None
    observed = sum(2 * len(u) * float(((u - u.mean()) ** 2).sum()) / (len(u) - 1) for u in paired)
    spread = 2 * float(((values - values.mean()) ** 2).sum()) * len(values) / (len(values) - 1)
    return 1 - observed / spread if spread else None  # scores apart by less than a float can square
