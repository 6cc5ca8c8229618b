import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import Crosshair, Size, StraightArrow, SymbolError, bounds, draw, points, to_pixels
from robot.correction.__main__ import main
from robot.correction.vsf import guided_head, guided_images, region
from robot.environment import HEAD, WRISTS
from tests.ml.symbols.strategies import symbols
from tests.robot.pictures import moment, picture

SIZE = Size(320, 240)
drawn = st.lists(symbols(), min_size=1, max_size=3).map(lambda many: [to_pixels(s, SIZE) for s in many])


@given(drawn)
def test_the_region_is_the_box_and_fifty_pixels_clipped_to_the_frame(shown):
    box, inner = region(shown, SIZE), bounds(shown, SIZE)
    if inner.left == inner.right:
        xs, ys = zip(*(point for symbol in shown for point in points(symbol)), strict=True)
        inner = type(inner)(min(xs), min(ys), max(xs) + 1, max(ys) + 1)
    assert (box.left, box.top) == (max(0, inner.left - 50), max(0, inner.top - 50))
    assert (box.right, box.bottom) == (min(320, inner.right + 50), min(240, inner.bottom + 50))
    assert box.right - box.left >= 50
    assert box.bottom - box.top >= 50


@given(drawn, st.integers(0, 9))
def test_inside_is_the_overlay_and_outside_is_zero(shown, seed):
    image = picture(seed, 240, 320)
    guided, box = guided_head(image, shown), region(shown, SIZE)
    inside = np.zeros((240, 320), bool)
    inside[box.top : box.bottom, box.left : box.right] = True
    assert not guided[~inside].any()
    np.testing.assert_array_equal(guided[inside], draw(image, shown)[inside])


def test_a_frame_smaller_than_the_margin_stays_whole():
    assert tuple(region([Crosshair((3, 3))], Size(30, 20))) == (0, 0, 30, 20)


def test_an_arrow_too_short_to_be_drawn_still_has_a_region():
    assert tuple(region([StraightArrow((100, 100), (103, 100), ("red",))], SIZE)) == (50, 50, 154, 151)


def test_the_idle_wrist_is_zeroed_and_present():
    images = moment(height=240, width=320)
    guided = guided_images(images, [Crosshair((100, 100))], ["right"])
    assert set(guided) == set(images)
    assert not guided[WRISTS["right"]].any()
    assert guided[WRISTS["right"]].shape == (240, 320, 3)
    assert guided[WRISTS["left"]] is images[WRISTS["left"]]
    assert guided_images(images, [], ["left"])[HEAD] is images[HEAD]
    with pytest.raises(SymbolError):
        region([], SIZE)


def test_the_command_writes_what_the_policy_is_shown(tmp_path, capsys):
    frame, codes, out = tmp_path / "frame.png", tmp_path / "codes.txt", tmp_path / "out.png"
    cv2.imwrite(str(frame), picture(3, 240, 320))
    codes.write_text("Draw Crosshair: {'position': [500, 500]}")
    assert main(["vsf", str(frame), str(codes), str(out)]) == 0
    written = cv2.cvtColor(cv2.imread(str(out)), cv2.COLOR_BGR2RGB)
    rgb = cv2.cvtColor(cv2.imread(str(frame)), cv2.COLOR_BGR2RGB)
    np.testing.assert_array_equal(written, guided_head(rgb, [Crosshair((160, 120))]))
    codes.write_text("Draw Crosshair: {'position': [500, 5000]}")
    assert main(["vsf", str(frame), str(codes), str(out)]) == 1
    assert "codes.txt:1:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("frame", "codes", "out", "said"),
    [
        ("none.png", "codes.txt", "out.png", "none.png"),
        ("codes.txt", "codes.txt", "out.png", "is no picture"),
        ("frame.png", "empty.txt", "out.png", "has no codes"),
        ("frame.png", "codes.txt", "out.nothing", "must end in .png"),
        ("frame.png", "frame.png", "out.png", "no UTF-8"),
    ],
)
def test_unusable_input_is_one_sentence(tmp_path, capsys, frame, codes, out, said):
    cv2.imwrite(str(tmp_path / "frame.png"), picture(3, 240, 320))
    (tmp_path / "codes.txt").write_text("Draw Crosshair: {'position': [500, 500]}")
    (tmp_path / "empty.txt").write_text("\n")
    assert main(["vsf", *(str(tmp_path / name) for name in (frame, codes, out))]) == 2
    error = capsys.readouterr().err
    assert error.startswith("error: ")
    assert said in error
    assert error.count("\n") == 1
