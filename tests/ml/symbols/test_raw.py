import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    NORMALIZED,
    DualCrosshair,
    Lock,
    Rewind,
    RotatingArrow,
    Size,
    SymbolError,
    from_raw,
    parse_raw,
    parse_text,
    pixels,
    read_raw,
    to_raw,
)

from .strategies import symbols

EXAMPLE = Path(__file__).parents[4] / "shared/data/release/example_vqa_and_raw.json"
FRAME = Size(640, 480)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(symbols(639, 479))
def test_read_of_written_is_the_identity_in_pixels(symbol):
    assert from_raw(json.loads(json.dumps(to_raw(symbol))), FRAME) == symbol


@given(st.lists(symbols()))
def test_parse_of_print_is_the_identity_in_normalized_space(drawn):
    text = json.dumps([to_raw(symbol) for symbol in drawn])
    parsed = parse_raw(text, NORMALIZED)
    assert (list(parsed.symbols), parsed.errors) == (drawn, ())
    assert parse_text(text, NORMALIZED) == parsed


@given(st.lists(symbols(), min_size=1), st.sampled_from(["\n", "\r\n", "\n\n"]))
def test_symbols_may_come_as_json_lines(drawn, newline):
    text = "".join(json.dumps(to_raw(symbol)) + newline for symbol in drawn)
    parsed = parse_text(text, NORMALIZED)
    assert (list(parsed.symbols), parsed.errors) == (drawn, ())


def test_an_error_in_json_lines_names_its_line():
    text = '{"type": "lock", "pos": [1, 2]}\n {"type": "lock"}\n{"type": "rewind", "pos": [3, 4]}\nthe end'
    parsed = parse_raw(text, pixels())
    assert parsed.symbols == (Lock((1, 2)), Rewind((3, 4)))
    assert [(error.line, error.column) for error in parsed.errors] == [(2, 2), (4, 1)]


def test_reading_ends_after_very_many_errors():
    parsed = parse_raw("[" + "0,\n" * 250 + '{"type": "lock", "pos": [1, 2]}]', pixels())
    assert parsed.symbols == ()
    assert [error.line for error in parsed.errors] == list(range(1, 102))
    assert "ends here, after 100 errors" in parsed.errors[-1].message


def test_one_color_may_come_as_a_text():
    assert from_raw({**ARROW, "colors": "red"}) == from_raw(ARROW)


def test_older_rotating_arrows_have_their_center_between_start_and_end():
    raw = {"type": "rotate_arrow", "start": [10, 20], "end": [15, 30], "direction": "clockwise"}
    assert from_raw(raw) == RotatingArrow((12, 25), "clockwise")


def test_whole_floats_are_numbers():
    assert from_raw({"type": "lock", "pos": [4.0, 7]}) == Lock((4, 7))


ARROW = {"type": "move_arrow", "start": [1, 2], "end": [3, 4], "colors": ["red"]}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (None, "move_arrow, rotate_arrow"),
        ({"type": "padlock", "pos": [1, 2]}, "move_arrow, rotate_arrow"),
        ({"type": ["lock"], "pos": [1, 2]}, "move_arrow, rotate_arrow"),
        ({"type": "lock"}, "two whole numbers"),
        ({"type": "lock", "pos": [1, 2, 3]}, "two whole numbers"),
        ({"type": "lock", "pos": "12"}, "two whole numbers"),
        ({"type": "lock", "pos": [True, 2]}, "two whole numbers"),
        ({"type": "lock", "pos": [math.nan, 2]}, "two whole numbers"),
        ({"type": "lock", "pos": [math.inf, 2]}, "pos"),
        ({"type": "lock", "pos": [1.5, 2]}, "two whole numbers"),
        ({"type": "lock", "pos": [10**6000, 2]}, "beyond any frame"),
        ({"type": "lock", "pos": [640, 2]}, "x from 0 to 639"),
        ({"type": "lock", "pos": [-1, 2]}, "x from 0"),
        ({"type": "state", "pos": [1, 2], "text": "on"}, "ON, OFF"),
        ({"type": "state", "pos": [1, 2]}, "text"),
        ({"type": "rotate_arrow", "center": [1, 2], "direction": "up"}, "clockwise, counter-clockwise"),
        ({"type": "rotate_arrow", "direction": "clockwise"}, "center"),
        ({**ARROW, "colors": "pink"}, "red, green, blue"),
        ({**ARROW, "colors": 5}, "list of red, green, blue"),
        ({**ARROW, "colors": []}, "red, green, blue"),
        ({**ARROW, "colors": [1]}, "a color"),
        ({**ARROW, "end": [1, 2]}, "two different points"),
    ],
)
def test_malformed_symbols_are_refused_in_one_sentence(raw, expected):
    with pytest.raises(SymbolError) as caught:
        from_raw(raw, FRAME)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 250


KEYS = ("start", "end", "pos", "p1", "center", "colors", "text", "direction")
CHANGES = st.fixed_dictionaries({}, optional={key: JSON_VALUES for key in KEYS})


@given(JSON_VALUES | st.builds(lambda symbol, changes: to_raw(symbol) | changes, symbols(), CHANGES))
def test_nothing_else_is_raised(raw):
    try:
        symbol = read_raw(raw, NORMALIZED)
    except SymbolError:
        return
    assert read_raw(to_raw(symbol), NORMALIZED) == symbol


def test_errors_stand_at_their_element_beside_what_was_read():
    good, bad, other = (
        '{"type": "lock", "pos": [1, 2]}',
        '{"type": "lock"}',
        '{"type": "rewind", "pos": [3, 4]}',
    )
    text = f"[{good},\n {bad},\n {other}]"
    parsed = parse_raw(text, pixels())
    assert parsed.symbols == (Lock((1, 2)), Rewind((3, 4)))
    assert [(error.line, error.column) for error in parsed.errors] == [(2, 2)]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('[{"type": "lock", "pos": [1, 2]}', 1, 33),
        ('[{"type": "lock", "pos": [1, 2]}\n{}]', 2, 1),
        ('[{"type": "lock", "pos": [1, 2]}] x', 1, 35),
        ("[" * 100_000, 1, 1),
        ("[" + "9" * 5000 + "]", 1, 1),
        ("", 1, 1),
    ],
)
def test_broken_json_is_an_error_not_an_exception(text, line, column):
    (error,) = parse_raw(text, pixels()).errors
    assert (error.line, error.column) == (line, column)


@given(st.text())
def test_no_text_makes_the_reader_raise(text):
    parse_raw(text, NORMALIZED)
    parse_text(text, NORMALIZED)


def test_the_releases_example_record_is_read():
    if not EXAMPLE.exists():
        pytest.skip(f"no recordings beside the project: {EXAMPLE}")
    record = json.loads(EXAMPLE.read_text())[1]
    raw = record["correction"][0]["correct_keyframe_annotations_code"]
    assert [from_raw(one) for one in raw] == [Rewind((271, 116)), DualCrosshair((74, 242), (287, 150))]
    assert [to_raw(from_raw(one)) for one in raw] == raw
