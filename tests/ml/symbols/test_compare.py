import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as np_st

from ml.symbols import Crosshair, DualCrosshair, Lock, RotatingArrow, Size, StateLabel, StraightArrow, compare
from ml.symbols.compare import assign

from .strategies import symbols


def test_equal_sets_are_equal():
    drawn = [
        StraightArrow((0, 0), (100, 0), ("red", "green")),
        RotatingArrow((5, 5), "clockwise"),
        Lock((1, 2)),
    ]
    found = compare(drawn, drawn[::-1])
    assert (found.precision, found.recall, found.f1) == (1, 1, 1)
    assert (found.color_accuracy, found.direction_accuracy, found.end_point_distance) == (1, 1, 0)
    assert found.matches == ((0, 2), (1, 1), (2, 0))


def test_two_empty_sets_are_equal_and_one_is_not():
    assert compare([], []).f1 == 1
    found = compare([], [Lock((1, 1))])
    assert (found.f1, found.precision, found.recall) == (0, 0, 0)
    assert found.end_point_distance is None


def test_on_and_off_are_two_kinds():
    assert compare([StateLabel((5, 5), "ON")], [StateLabel((5, 5), "OFF")]).f1 == 0


def test_f1_counts_what_is_missing_and_what_is_too_much():
    found = compare(
        [Lock((0, 0)), Crosshair((0, 0))], [Lock((3, 4)), Lock((9, 9)), RotatingArrow((0, 0), "clockwise")]
    )
    assert found.matches == ((0, 0),)
    assert found.f1 == pytest.approx(2 / 5)
    assert found.end_point_distance == 5


def test_matching_takes_the_least_total_distance_not_the_nearest_first():
    predicted = [Crosshair((100, 0)), Crosshair((210, 0))]
    reference = [Crosshair((200, 0)), Crosshair((320, 0))]
    assert compare(predicted, reference).matches == ((0, 0), (1, 1))


@pytest.mark.parametrize(("end", "same"), [((100, 0), 1), ((100, 99), 1), ((100, 101), 0), ((-100, 0), 0)])
def test_direction_of_straight_arrows_is_within_45_degrees(end, same):
    reference = [StraightArrow((500, 500), (600, 500), ("red",))]
    predicted = [StraightArrow((500, 500), (500 + end[0], 500 + end[1]), ("red", "blue"))]
    found = compare(predicted, reference)
    assert (found.direction_accuracy, found.color_accuracy) == (same, 0)


def test_rotation_and_colors_are_scored_apart_from_place():
    found = compare(
        [RotatingArrow((9, 9), "clockwise"), StraightArrow((0, 0), (9, 0), ("red", "green"))],
        [RotatingArrow((0, 0), "counter-clockwise"), StraightArrow((500, 0), (509, 0), ("green", "red"))],
    )
    assert (found.direction_accuracy, found.color_accuracy) == (0.5, 1)


def test_pixels_count_in_thousandths_of_the_sides():
    found = compare([DualCrosshair((0, 0), (64, 0))], [DualCrosshair((0, 48), (0, 0))], Size(640, 480))
    assert found.end_point_distance == pytest.approx(100)


@given(np_st.arrays(np.float64, st.tuples(st.integers(1, 4), st.integers(1, 5)), elements=st.floats(0, 100)))
def test_assignment_is_the_cheapest_of_all(cost):
    rows, columns = cost.shape
    pairs = assign(cost)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == min(rows, columns)
    wide = cost if rows <= columns else cost.T
    cheapest = min(
        sum(wide[row, column] for row, column in enumerate(chosen))
        for chosen in itertools.permutations(range(wide.shape[1]), wide.shape[0])
    )
    assert sum(cost[pair] for pair in pairs) == pytest.approx(cheapest)


@given(st.lists(symbols(), max_size=5), st.lists(symbols(), max_size=5))
def test_f1_and_distance_do_not_depend_on_which_set_is_first(one, other):
    there, back = compare(one, other), compare(other, one)
    assert there.f1 == back.f1
    assert there.end_point_distance == pytest.approx(back.end_point_distance)
