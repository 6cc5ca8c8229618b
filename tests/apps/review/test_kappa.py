"""Cohen's kappa: its laws, and a worked example."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.review.kappa import cohen_kappa

labels = st.sampled_from("abc")
many = st.lists(st.tuples(labels, labels), min_size=1, max_size=40)


def test_the_textbook_example() -> None:
    """Fifty proposals, read by two: twenty times both yes, fifteen times both no, five and ten otherwise."""
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15

    found = cohen_kappa(pairs)

    assert (found.n, found.observed) == (50, 0.7)
    assert found.kappa == pytest.approx(0.4)


def test_of_nothing_and_of_one_label_only_it_is_not_defined() -> None:
    assert cohen_kappa([]).kappa is None
    assert cohen_kappa([("a", "a")] * 5).kappa is None


@given(many)
def test_it_is_symmetric_and_knows_no_names(pairs: list[tuple[str, str]]) -> None:
    found = cohen_kappa(pairs)

    assert cohen_kappa([(b, a) for a, b in pairs]).kappa == pytest.approx(found.kappa)
    renamed = {"a": "c", "b": "a", "c": "b"}
    assert cohen_kappa([(renamed[a], renamed[b]) for a, b in pairs]).kappa == pytest.approx(found.kappa)


@given(many)
def test_it_is_at_most_the_observed_share_and_one_only_where_all_agree(pairs: list[tuple[str, str]]) -> None:
    found = cohen_kappa(pairs)

    if found.kappa is not None:
        assert -1 - 1e-9 <= found.kappa <= found.observed + 1e-9
        assert (abs(found.kappa - 1) < 1e-9) == (found.observed == 1)


@given(st.lists(labels, min_size=1, max_size=6), st.lists(labels, min_size=1, max_size=6))
def test_independent_annotators_have_zero(first: list[str], second: list[str]) -> None:
    """Every label of one beside every label of the other: what chance gives."""
    found = cohen_kappa([(a, b) for a in first for b in second])

    assert found.kappa is None or found.kappa == pytest.approx(0, abs=1e-9)
