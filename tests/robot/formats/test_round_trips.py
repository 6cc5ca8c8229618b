"""What is written is read again: pictures in step and in their colors, signals to the bit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from robot.formats import FormatRejected, Recording, aloha, find, lerobot
from tests.robot.conftest import CAMERAS, make_recording, where

Writer = Callable[[Path, Recording], Recording]


def through_aloha(storage: aloha.Storage, order: str) -> Writer:
    def write(folder: Path, recording: Recording) -> Recording:
        aloha.write(folder / "take.hdf5", recording, storage, order)
        return aloha.read(folder / "take.hdf5")

    return write


def through_lerobot(version: str) -> Writer:
    """As the second of three episodes."""

    def write(folder: Path, recording: Recording) -> Recording:
        others = make_recording("before", rows=7), make_recording("after", rows=9, task="Something else.")
        lerobot.write(folder / "set", [others[0], recording, others[1]], version)
        return lerobot.read(folder / "set", 1)

    return write


WAYS = {
    **{f"aloha {s} {o}": through_aloha(s, o) for s in ("raw", "jpeg", "vlen") for o in ("rgb", "bgr")},
    **{f"lerobot {version}": through_lerobot(version) for version in ("v2.1", "v3.0")},
}


@pytest.mark.parametrize("way", WAYS)
def test_a_recording_comes_back(way: str, recording: Recording, tmp_path: Path) -> None:
    read = WAYS[way](tmp_path, recording)

    assert (read.rows, read.fps, read.task) == (recording.rows, recording.fps, recording.task)
    assert list(read.cameras) == list(CAMERAS)
    assert [(s.quantity, s.axes) for s in sorted(read.series, key=lambda s: s.quantity)] == [
        (s.quantity, s.axes) for s in sorted(recording.series, key=lambda s: s.quantity)
    ]
    for series in read.series:
        (same,) = [each for each in recording.series if each.quantity == series.quantity]
        np.testing.assert_array_equal(series.values, same.values)


@pytest.mark.parametrize("way", WAYS)
def test_the_cube_is_red_and_in_its_place_in_every_frame_of_every_camera(
    way: str, recording: Recording, tmp_path: Path
) -> None:
    read = WAYS[way](tmp_path, recording)

    for number, camera in enumerate(CAMERAS):
        places = [where(picture) for picture in read.pictures(camera)]
        assert places == [(row, number) for row in range(recording.rows)]


def test_raw_pictures_come_back_to_the_pixel(recording: Recording, tmp_path: Path) -> None:
    read = through_aloha("raw", "bgr")(tmp_path, recording)

    for back, first in zip(read.pictures("cam_high"), recording.pictures("cam_high"), strict=True):
        np.testing.assert_array_equal(back, first)


def test_a_file_that_states_no_order_is_shown_both_ways_and_used_neither_way(
    recording: Recording, tmp_path: Path
) -> None:
    import h5py

    aloha.write(tmp_path / "take.hdf5", recording, "jpeg", "bgr")
    with h5py.File(tmp_path / "take.hdf5", "a") as file:
        del file.attrs["channel_order"], file.attrs["fps"]
    read = aloha.read(tmp_path / "take.hdf5")

    assert (read.order, read.fps) == (None, None)
    with pytest.raises(FormatRejected, match="channel order"):
        next(read.pictures("cam_high"))
    both = read.first_both_ways("cam_high")
    assert where(both["bgr"]) == (0, 0)
    with pytest.raises(AssertionError, match="no red cube"):
        where(both["rgb"])
    said = read.said(fps=50, order="bgr")
    assert where(next(said.pictures("cam_high"))) == (0, 0)
    assert said.fps == 50


def test_what_a_file_states_stands_against_what_a_person_says(recording: Recording, tmp_path: Path) -> None:
    read = through_aloha("jpeg", "bgr")(tmp_path, recording)

    assert (read.said(order="rgb").order, read.said(fps=50).fps) == ("bgr", 25.0)


def test_compress_len_holds_the_length_of_each_jpeg(recording: Recording, tmp_path: Path) -> None:
    import h5py

    aloha.write(tmp_path / "take.hdf5", recording, "jpeg")
    with h5py.File(tmp_path / "take.hdf5") as file:
        lengths = file["compress_len"][:]
        images = file["observations/images"]
        for line, camera in zip(lengths, CAMERAS, strict=True):
            for row, length in zip(images[camera][:], line, strict=True):
                assert bytes(row).rstrip(b"\0") == bytes(row[:length])
                assert bytes(row[:length]).startswith(b"\xff\xd8")


@pytest.mark.parametrize("version", ["v2.1", "v3.0"])
def test_every_episode_of_a_data_set_is_found_with_its_own_frames(version: str, tmp_path: Path) -> None:
    recordings = [make_recording(f"e{rows}", rows=rows) for rows in (5, 8, 11)]
    lerobot.write(tmp_path / "set", recordings, version)

    found = [each.read() for each in find(tmp_path)]

    assert [each.rows for each in found] == [5, 8, 11]
    for each in found:
        assert [where(picture)[0] for picture in each.pictures("cam_high")] == list(range(each.rows))


def test_a_video_of_one_episode_is_offered_as_it_is(tmp_path: Path) -> None:
    lerobot.write(tmp_path / "a", [make_recording(rows=5), make_recording(rows=6)], "v2.1")
    lerobot.write(tmp_path / "b", [make_recording(rows=5), make_recording(rows=6)], "v3.0")

    whole = lerobot.read(tmp_path / "a", 1).cameras["cam_high"].file
    assert whole is not None
    assert whole.is_file()
    assert lerobot.read(tmp_path / "b", 1).cameras["cam_high"].file is None
