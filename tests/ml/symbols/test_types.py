import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    NORMALIZED,
    Crosshair,
    Size,
    StateLabel,
    StraightArrow,
    SymbolError,
    check_symbol,
    pixels,
    points,
    to_normalized,
    to_pixels,
)

from .strategies import sizes, symbols


@pytest.mark.parametrize(
    ("normalized", "size", "pixel"),
    [
        ((0, 0), Size(640, 480), (0, 0)),
        ((1000, 1000), Size(640, 480), (639, 479)),
        ((500, 350), Size(1280, 720), (640, 251)),  # 350 / 1000 * 720 is just under 252
        ((999, 999), Size(320, 180), (319, 179)),
        ((1, 1), Size(100, 100), (0, 0)),
    ],
)
def test_normalized_to_pixels_truncates_in_the_formats_order(normalized, size, pixel):
    assert to_pixels(Crosshair(normalized), size) == Crosshair(pixel)


@pytest.mark.parametrize(
    ("pixel", "normalized"), [((8, 3), (12, 6)), ((24, 9), (38, 19)), ((639, 479), (998, 998))]
)
def test_pixels_to_normalized_rounds_half_to_even(pixel, normalized):
    assert to_normalized(Crosshair(pixel), Size(640, 480)) == Crosshair(normalized)


@given(symbols(), sizes)
def test_normalized_symbols_land_in_the_frame(symbol, size):
    assert all(pixels(size).holds(point) for point in points(to_pixels(symbol, size)))


@given(st.data(), st.builds(Size, st.integers(1, 1000), st.integers(1, 1000)))
def test_a_pixel_that_passes_through_codes_moves_by_at_most_one(data, size):
    symbol = data.draw(symbols(size.width - 1, size.height - 1))
    back = to_pixels(to_normalized(symbol, size), size)
    for (x, y), (back_x, back_y) in zip(points(symbol), points(back), strict=True):
        assert abs(x - back_x) <= 1
        assert abs(y - back_y) <= 1


def test_what_no_symbol_can_be():
    with pytest.raises(SymbolError, match="red, green, blue"):
        StraightArrow((0, 0), (1, 1), ())
    with pytest.raises(SymbolError, match="red, green, blue"):
        StraightArrow((0, 0), (1, 1), ("pink",))
    with pytest.raises(SymbolError, match="ON, OFF"):
        StateLabel((0, 0), "HALF")
    with pytest.raises(SymbolError, match="two different points"):
        check_symbol(StraightArrow((3, 3), (3, 3), ("red",)), NORMALIZED)
    with pytest.raises(SymbolError, match="x from 0 to 639 and y from 0 to 479"):
        check_symbol(Crosshair((640, 2)), pixels(Size(640, 480)))
    with pytest.raises(SymbolError, match="at least 1"):
        Size(0, 4)
