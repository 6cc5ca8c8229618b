"""What robots and phones write: every frame of every kind keeps its number, its time and its picture."""

import hashlib
from collections.abc import Callable
from fractions import Fraction

import av
import pytest
from av.video.frame import PictureType

from apps.episodes.video import Index, still, stills
from tests import videos
from tests.apps.episodes.video.conftest import Case, picture

GOP = 12

each_kind = pytest.mark.parametrize("kind", videos.GOOD)


@each_kind
def test_every_frame_is_indexed_with_its_time(kind: str, case: Callable[[str], Case]) -> None:
    truth, index = case(kind).truth, case(kind).ingested.index

    assert list(index.timestamps) == truth.timestamps
    assert [index.timestamp(number) for number in range(len(index))] == truth.timestamps
    assert Index.from_json(index.to_json()) == index


@each_kind
def test_samples_are_nearest_to_whole_seconds_and_the_last(kind: str, case: Callable[[str], Case]) -> None:
    times = case(kind).truth.timestamps
    numbers = range(len(times))
    nearest = {
        min(numbers, key=lambda n: (abs(times[n] - second), n)) for second in range(int(times[-1]) + 1)
    }

    expected = sorted(nearest | {len(times) - 1})

    assert case(kind).ingested.samples == expected
    assert case(kind).ingested.index.sample_numbers() == expected
    assert [still.number for still in case(kind).stills] == expected


@each_kind
def test_any_frame_can_be_had_as_a_still(kind: str, case: Callable[[str], Case]) -> None:
    made = case(kind)
    index, truth = made.ingested.index, made.truth

    found = [still(truth.path, number, index) for number in range(len(index))]

    assert [videos.read_counter(picture(one.jpeg)) for one in found] == truth.counters
    assert [one.timestamp for one in found] == truth.timestamps
    assert all(picture(one.jpeg).shape[:2] == truth.size[::-1] for one in found)
    assert [found[one.number] for one in made.stills] == made.stills
    assert all(one.sha256 == hashlib.sha256(one.jpeg).hexdigest() for one in found)


@each_kind
def test_a_still_is_sought_not_counted(
    kind: str, case: Callable[[str], Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Except in the first group of an MPEG-TS, which has no index to seek by; counting is short there."""
    monkeypatch.delattr(stills, "_counted")
    index = case(kind).ingested.index

    for number in range(20, len(index), 5):
        still(case(kind).truth.path, number, index)


@each_kind
def test_the_proxy_has_the_same_frames_at_the_same_times(kind: str, case: Callable[[str], Case]) -> None:
    made = case(kind)
    width, height = made.truth.size

    shown = list(videos.decode(made.ingested.proxy))

    assert [time for time, _ in shown] == made.truth.timestamps
    assert [videos.read_counter(rgb[:height, :width]) for _, rgb in shown] == made.truth.counters
    assert {rgb.shape for _, rgb in shown} == {(height + height % 2, width + width % 2, 3)}


@each_kind
def test_the_proxy_is_made_for_seeking(kind: str, case: Callable[[str], Case]) -> None:
    proxy = case(kind).ingested.proxy
    with av.open(str(proxy)) as container:
        stream = container.streams.video[0]
        kinds = [frame.pict_type for frame in container.decode(stream)]
        assert (stream.codec_context.name, stream.pix_fmt) == ("h264", "yuv420p")
        assert stream.start_time == 0
    expected = [PictureType.P if number % GOP else PictureType.I for number in range(len(kinds))]
    data = proxy.read_bytes()

    assert kinds == expected
    assert data.index(b"moov") < data.index(b"mdat")


@each_kind
def test_progress_grows_to_one(kind: str, case: Callable[[str], Case]) -> None:
    progress = case(kind).progress

    assert progress == sorted(set(progress))
    assert progress[-1] == 1.0
    assert all(0 < share < 1 for share in progress[:-1])


@each_kind
def test_info_and_thumbnail_are_upright(kind: str, case: Callable[[str], Case]) -> None:
    info, thumbnail = case(kind).ingested.info, picture(case(kind).ingested.thumbnail)

    assert (info.width, info.height) == case(kind).truth.size
    assert info.rotation == videos.GOOD[kind].rotation
    assert max(thumbnail.shape) == min(320, max(case(kind).truth.size))
    assert videos.read_counter(thumbnail) == case(kind).truth.counters[0]


def test_what_a_probe_says(case: Callable[[str], Case]) -> None:
    info = case("fps_5").ingested.info

    assert (info.codec, info.time_base) == ("h264", Fraction(1, 12800))
    assert info.average_rate == 5
    assert info.seconds == 6
