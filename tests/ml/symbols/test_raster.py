import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    Crosshair,
    Icons,
    Lock,
    Rewind,
    Size,
    StraightArrow,
    SymbolError,
    bounds,
    draw,
    load_icons,
)

from .strategies import frame_sizes, symbols_in


def frame(size, value=90):
    return np.full((size.height, size.width, 3), value, np.uint8)


@given(st.data(), frame_sizes)
def test_nothing_drawn_changes_a_pixel_outside_its_bounds(data, size):
    symbols = data.draw(symbols_in(size))
    noise = np.random.default_rng(3).integers(0, 256, (size.height, size.width, 3), np.uint8)
    before = noise.copy()
    left, top, right, bottom = bounds(symbols, size)
    drawn = draw(noise, symbols)
    np.testing.assert_array_equal(noise, before, "the frame that was given stays")
    drawn[top:bottom, left:right] = before[top:bottom, left:right]
    np.testing.assert_array_equal(drawn, before)


@given(st.data(), frame_sizes)
def test_symbols_are_drawn_one_after_the_other(data, size):
    symbols = data.draw(symbols_in(size))
    step_by_step = frame(size)
    for symbol in symbols:
        step_by_step = draw(step_by_step, [symbol])
    np.testing.assert_array_equal(draw(frame(size), symbols), step_by_step)


@given(frame_sizes)
def test_drawing_nothing_is_the_identity(size):
    np.testing.assert_array_equal(draw(frame(size), []), frame(size))
    assert bounds([], size) == (0, 0, 0, 0)


def test_an_arrow_shorter_than_its_head_draws_nothing():
    size = Size(640, 480)
    np.testing.assert_array_equal(draw(frame(size), [StraightArrow((9, 9), (9, 24), ("red",))]), frame(size))
    assert (draw(frame(size), [StraightArrow((9, 9), (9, 25), ("red",))]) != 90).any()


def test_bounds_are_close():
    assert bounds([Crosshair((100, 100))], Size(640, 480)) == (81, 81, 120, 120)
    assert bounds([Crosshair((0, 479))], Size(640, 480)) == (0, 460, 20, 480)


@pytest.mark.parametrize(
    "given_frame",
    [np.zeros((4, 4), np.uint8), np.zeros((4, 4, 4), np.uint8), np.zeros((4, 4, 3), np.float32)],
)
def test_other_arrays_are_refused(given_frame):
    with pytest.raises(SymbolError, match="uint8"):
        draw(given_frame, [])


def test_points_outside_the_frame_are_refused():
    with pytest.raises(SymbolError, match="x from 0 to 639"):
        draw(frame(Size(640, 480)), [Lock((640, 10))])


def test_a_frame_need_not_be_contiguous():
    wide = frame(Size(200, 100))[:, ::2]
    drawn = draw(wide, [Crosshair((50, 50))])
    np.testing.assert_array_equal(drawn, draw(np.ascontiguousarray(wide), [Crosshair((50, 50))]))


def test_own_icons_replace_the_signs(tmp_path):
    picture = np.zeros((30, 30, 4), np.uint8)
    picture[:, :15] = (255, 128, 0, 255)  # BGR and opaque; the right half stays transparent
    path = tmp_path / "lock.png"
    cv2.imwrite(str(path), picture)
    drawn = draw(frame(Size(640, 480)), [Lock((100, 100)), Rewind((1, 1))], icons=load_icons(lock=path))
    assert drawn[100, 90].tolist() == [0, 128, 255]
    assert drawn[100, 110].tolist() == [90, 90, 90]
    assert (drawn[:20, :20] != 90).any(), "rewind keeps the built-in sign"


def test_own_icons_are_cut_at_the_frames_edge():
    white = np.full((8, 8, 4), 255, np.uint8)
    drawn = draw(frame(Size(40, 30)), [Rewind((39, 0))], icons=Icons(rewind=white))
    assert np.argwhere((drawn != 90).any(axis=2)).min(axis=0).tolist() == [0, 35]
    assert (drawn != 90).any(axis=2).sum() == 5 * 4


def test_a_file_that_is_no_picture_is_no_icon(tmp_path):
    (tmp_path / "icon.png").write_text("no picture")
    with pytest.raises(SymbolError, match="no 8-bit picture"):
        load_icons(rewind=tmp_path / "icon.png")
