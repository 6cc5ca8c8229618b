"""Where errors likely are: the laws of the likelihood ratio, and a project with seeded errors."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.review.queue import review_queue
from apps.review.risk import likelihood_ratio
from tests.mistakes import a_world
from tests.people import Cast

accuracies = st.floats(0.05, 0.95)


@given(accuracies, st.integers(1, 9))
def test_another_word_speaks_for_an_error_and_the_same_word_against_it(accuracy: float, facts: int) -> None:
    """Of anybody who is right more often than an error makes them agree by chance: in one of ten cases."""
    assume(accuracy > 0.11)
    assert likelihood_ratio(same=False, accuracy=accuracy, facts=facts) > 1
    assert likelihood_ratio(same=True, accuracy=accuracy, facts=facts) < 1


@given(accuracies, accuracies, st.integers(1, 9))
def test_who_is_right_more_often_is_believed_more(one: float, other: float, facts: int) -> None:
    worse, better = sorted((one, other))

    def ratio(accuracy: float, same: bool) -> float:
        return likelihood_ratio(same=same, accuracy=accuracy, facts=facts)

    assert ratio(better, False) >= ratio(worse, False)
    assert ratio(better, True) <= ratio(worse, True) + 1e-12


@given(accuracies, st.integers(1, 9))
def test_a_word_is_on_average_no_news(accuracy: float, facts: int) -> None:
    """Over what a right annotation gets to hear the ratios have the mean 1, as ratios of chances have."""
    same = likelihood_ratio(same=True, accuracy=accuracy, facts=facts)
    other = likelihood_ratio(same=False, accuracy=accuracy, facts=facts)
    assert accuracy * same + (1 - accuracy) * other == pytest.approx(1.0)


def found_first(cast: Cast, rows: list[dict[str, Any]], wrong: set[int]) -> float:
    first = {row["id"] for row in rows[: len(rows) // 4]}
    return len(first & wrong) / len(wrong)


def test_the_first_quarter_of_the_queue_holds_most_errors(
    cast: Cast, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    """5 % of the annotations of 500 episodes hold an error. `make bench-queue` takes several projects."""
    world = a_world(cast.project, cast.rita, seed=7)

    with django_assert_max_num_queries(12):
        rows = review_queue(cast.rita, cast.project.pk, order="risk")

    assert len(rows) > 500
    assert len(world.wrong) == round(0.05 * len(rows))
    assert found_first(cast, rows, world.wrong) >= 0.6
    risks = [row["risk"] for row in rows]
    assert risks == sorted(risks, reverse=True)
    assert all(row["signs"] for row in rows[:20])
