"""Intervals and tests, against published values and laws."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.bench.statistics import clustered, krippendorff, mcnemar, permutation, wilson

shares = st.integers(1, 3000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(shares)
def test_wilson_lies_in_the_unit_interval_around_the_share(share):
    right, total = share
    interval = wilson(right, total)
    assert 0 <= interval.low <= right / total <= interval.high <= 1


@given(shares)
def test_wilson_is_symmetric_in_right_and_wrong(share):
    right, total = share
    one, other = wilson(right, total), wilson(total - right, total)
    assert one.low == pytest.approx(1 - other.high)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_as_published(right, total, low, high):
    interval = wilson(right, total)
    assert (round(interval.low, 4), round(interval.high, 4)) == (low, high)


def test_wilson_of_nothing_says_nothing():
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


outcomes = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=60)


@given(outcomes)
def test_mcnemar_is_symmetric(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    assert mcnemar(first, second) == mcnemar(second, first)
    assert 0 < mcnemar(first, second) <= 1


def test_mcnemar_known_values():
    # 1 against 9 discordant pairs: 2 * (1 + 10) / 2^10.
    first, second = [True] * 1 + [False] * 9, [False] * 1 + [True] * 9
    assert mcnemar(first, second) == pytest.approx(22 / 1024)
    assert mcnemar([True] * 5, [True] * 5) == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_permutation_is_symmetric_and_a_probability(rows):
    first, second, clusters = zip(*rows, strict=True)
    p = permutation(first, second, clusters)
    assert 0 < p <= 1
    assert p == permutation(second, first, clusters)


def test_permutation_of_single_clusters_is_the_exact_sign_test():
    first, second = [1] * 9 + [0], [0] * 9 + [1]
    assert permutation(first, second, range(10)) == pytest.approx(22 / 1024)


def test_one_cluster_can_never_show_a_difference():
    assert permutation([1] * 50, [0] * 50, ["one"] * 50) == 1


def test_clusters_that_agree_within_widen_the_interval():
    scores = [float(i // 10 % 2) for i in range(200)]
    apart = clustered(scores, range(200))
    together = clustered(scores, [i // 10 for i in range(200)])
    assert together.high - together.low > 2 * (apart.high - apart.low)
    assert clustered(scores, range(200)) == apart


def test_clustered_interval_covers_about_as_often_as_it_says():
    rng, hits, trials = random.Random(4), 0, 150
    for _ in range(trials):
        chances = [rng.betavariate(2, 2) for _ in range(40)]
        scores = [float(rng.random() < p) for p in chances for _ in range(6)]
        interval = clustered(scores, [c for c in range(40) for _ in range(6)])
        hits += interval.low <= 0.5 <= interval.high
    assert 0.88 <= hits / trials <= 0.99


def test_clustered_macro_is_balanced_accuracy():
    """Always Failed has 90 % right and 50 % balanced, whatever is drawn."""
    classes = [True] * 90 + [False] * 10
    interval = clustered([float(c) for c in classes], range(100), classes)
    assert (interval.low, interval.high) == pytest.approx((0.5, 0.5))


@settings(max_examples=40)
@given(st.lists(st.lists(st.floats(0, 1), min_size=2, max_size=4), min_size=2, max_size=20))
def test_krippendorff_is_at_most_one(units):
    alpha = krippendorff(units)
    assert alpha is None or alpha <= 1 + 1e-9


def test_krippendorff_known_values():
    # Krippendorff, Computing Krippendorff's Alpha-Reliability (2011), example D: interval alpha 0.849.
    a = [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None]
    b = [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3]
    c = [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None]
    d = [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None]
    units = [[v for v in unit if v is not None] for unit in zip(a, b, c, d, strict=True)]
    assert krippendorff(units) == pytest.approx(0.849, abs=0.001)
    assert krippendorff([[0.5, 0.5]]) is None
    assert krippendorff([[0.0, 0.0], [0.0, 5e-324]]) is None
