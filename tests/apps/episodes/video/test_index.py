"""Laws of the frame index."""

import gc
import json
import weakref
from fractions import Fraction
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.episodes.video import Index, match
from apps.episodes.video.index import sampled

steps = st.lists(st.integers(1, 200_000), max_size=40)
bases = st.builds(Fraction, st.integers(1, 1001), st.integers(1, 90_000))


@st.composite
def indexes(draw: st.DrawFn) -> Index:
    ticks = tuple(accumulate(draw(steps), initial=0))
    keys = draw(st.sets(st.integers(0, len(ticks) - 1)))
    checks = draw(st.lists(st.integers(0, 2**32 - 1), min_size=len(ticks), max_size=len(ticks)))
    return Index(draw(bases), draw(st.integers(-(2**40), 2**40)), ticks, tuple(sorted(keys)), tuple(checks))


def constant(rate: int, frames: int) -> Index:
    return Index(Fraction(1, rate), 0, tuple(range(frames)), (0,), (0,) * frames)


@given(indexes())
def test_text_and_back_is_the_identity(index: Index) -> None:
    assert Index.from_json(index.to_json()) == index


def test_a_constant_rate_takes_few_words() -> None:
    assert json.loads(constant(25, 20_000).to_json())["steps"] == [[1, 19_999]]


@given(indexes(), st.fractions(-5, 10_000))
def test_nearest_is_nearest_and_the_earlier_of_two(index: Index, seconds: Fraction) -> None:
    expected = min(range(len(index)), key=lambda number: (abs(index.timestamp(number) - seconds), number))

    assert index.nearest(seconds) == expected


@given(indexes())
def test_each_frame_is_nearest_to_its_own_time(index: Index) -> None:
    assert [index.nearest(index.timestamp(number)) for number in range(len(index))] == list(range(len(index)))


def test_the_papers_sampling_of_a_25_fps_recording() -> None:
    assert constant(25, 289).sample_numbers() == [*range(0, 289, 25), 288]
    assert constant(25, 276).sample_numbers() == [*range(0, 276, 25)]


@given(indexes())
def test_samples_grow_and_end_with_the_last_frame(index: Index) -> None:
    numbers = index.sample_numbers()

    assert numbers == sorted(set(numbers))
    assert (numbers[0], numbers[-1]) == (0, len(index) - 1)


def test_sampling_holds_two_pictures_at_most() -> None:
    class Picture:
        """Something that can be watched as it goes."""

    alive: weakref.WeakSet[Picture] = weakref.WeakSet()
    most = 0

    def pictures() -> list[tuple[Fraction, Picture]]:
        nonlocal most
        for number in range(200):
            new = Picture()
            alive.add(new)
            gc.collect(0)
            most = max(most, len(alive))
            yield Fraction(number, 25), new
            del new

    assert sum(1 for _ in sampled(pictures())) == 9
    assert most <= 3  # the one before, the one just made, and a sample in use


@pytest.mark.parametrize("number", [-1, 50])
def test_there_is_no_frame_beyond_the_ends(number: int) -> None:
    with pytest.raises(IndexError, match="frames 0 to 49"):
        constant(25, 50).timestamp(number)


@pytest.mark.parametrize(("number", "entries"), [(0, [0]), (4, [0]), (5, [5]), (11, [10, 5]), (99, [10, 5])])
def test_decoding_begins_at_the_keyframes_before(number: int, entries: list[int]) -> None:
    index = Index(Fraction(1, 25), 0, tuple(range(100)), (5, 10), (0,) * 100)

    assert index.entries(number) == entries


def test_cameras_match_by_time() -> None:
    head, wrist = constant(25, 50), constant(30, 60)

    assert [match(head, wrist, number) for number in (0, 1, 2, 25, 49)] == [0, 1, 2, 30, 59]


@given(indexes())
def test_a_camera_matches_itself(index: Index) -> None:
    assert all(match(index, index, number) == number for number in range(len(index)))
