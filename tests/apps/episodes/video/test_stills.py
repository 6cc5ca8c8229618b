"""Stills by number where the easy way does not lead to the right frame."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from apps.episodes.video import VideoRejected, still
from tests import videos
from tests.apps.episodes.video.conftest import Case, picture


@pytest.mark.parametrize("number", [-1, 60])
def test_there_is_no_still_beyond_the_ends(number: int, h264: Case) -> None:
    with pytest.raises(IndexError, match="frames 0 to 59"):
        still(h264.truth.path, number, h264.ingested.index)


def test_a_picture_that_the_checksum_does_not_confirm_is_counted_to(h264: Case) -> None:
    doubted = replace(h264.ingested.index, checks=(0,) * 60)

    for number in range(60):
        assert still(h264.truth.path, number, doubted) == still(h264.truth.path, number, h264.ingested.index)


def test_entries_that_lead_past_the_frame_are_counted_to(h264: Case) -> None:
    misled = replace(h264.ingested.index, keys=tuple(range(60)))

    assert videos.read_counter(picture(still(h264.truth.path, 37, misled).jpeg)) == 37


def test_a_file_that_became_shorter_is_not_the_recording(h264: Case, case: Callable[[str], Case]) -> None:
    with pytest.raises(VideoRejected) as caught:
        still(case("fps_5").truth.path, 59, h264.ingested.index)
    assert caught.value.code == "changed"
