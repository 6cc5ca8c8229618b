"""The checks of the sequential pass that no encoder at hand makes a file for."""

from itertools import islice

import av
import pytest

from apps.episodes.video import Limits, VideoRejected
from apps.episodes.video.reading import Watch
from apps.episodes.video.source import opened
from tests.apps.episodes.video.conftest import Case


def accepted(case: Case, *times: int | None) -> list[int]:
    """The ticks that frames with these timestamps are given."""
    with opened(case.truth.path) as source:
        watch = Watch(source, Limits())
        frames: list[av.VideoFrame] = list(islice(source.frames(), len(times)))
        for frame, time in zip(frames, times, strict=True):
            frame.pts = frame.dts = time
        return [watch.accept(number, frame) for number, frame in enumerate(frames)]


def test_a_repeated_time_counts_as_one_tick_later(h264: Case) -> None:
    assert accepted(h264, 7, 519, 519, 1031) == [7, 519, 520, 1031]
    assert accepted(h264, 7, 519, 519, 519, 520, 1031) == [7, 519, 520, 521, 522, 1031]


def test_time_that_runs_backwards_is_refused(h264: Case) -> None:
    with pytest.raises(VideoRejected, match="backwards at frame 2"):
        accepted(h264, 0, 512, 511)


def test_a_frame_without_a_time_is_refused(h264: Case) -> None:
    with pytest.raises(VideoRejected, match="Frame 1 of the video has no time"):
        accepted(h264, 0, None)


def test_an_end_well_before_the_stated_one_is_a_cut(h264: Case) -> None:
    with opened(h264.truth.path) as source:
        watch = Watch(source, Limits())
        for number, frame in enumerate(islice(source.frames(), 20)):
            watch.accept(number, frame)
        with pytest.raises(VideoRejected, match=r"it should last 2\.4 s, and ends at 0\.8 s"):
            watch.finish()
