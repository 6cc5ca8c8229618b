import json
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    NORMALIZED,
    CodeError,
    Crosshair,
    DualCrosshair,
    Lock,
    RotatingArrow,
    Size,
    StateLabel,
    StraightArrow,
    parse_codes,
    pixels,
    print_code,
    print_codes,
)

from .strategies import symbols

EXAMPLE = Path(__file__).parents[4] / "shared/data/release/example_vqa_and_raw.json"
LOCK = "Draw Lock: {'position': [220, 288]}"
ARROW = StraightArrow((602, 179), (689, 325), ("green", "red"))
ARROW_CODE = (
    "Draw Straight Arrow: {'start_point': [602, 179], 'end_point': [689, 325], 'color': ['green', 'red']}"
)


def test_the_papers_form_is_printed():
    assert print_code(ARROW) == ARROW_CODE
    assert print_codes([RotatingArrow((550, 179), "clockwise"), StateLabel((620, 331), "ON")]) == (
        "Draw Rotating Arrow: {'center': [550, 179], 'direction': 'clockwise'}\n"
        "Draw ON: {'position': [620, 331]}"
    )


@given(st.lists(symbols()))
def test_parse_of_print_is_the_identity_in_normalized_space(drawn):
    parsed = parse_codes(print_codes(drawn), NORMALIZED)
    assert (list(parsed.symbols), parsed.errors) == (drawn, ())


@given(st.lists(symbols(1919, 1079)))
def test_parse_of_print_is_the_identity_in_pixels(drawn):
    parsed = parse_codes(print_codes(drawn), pixels(Size(1920, 1080)))
    assert (list(parsed.symbols), parsed.errors) == (drawn, ())


@pytest.mark.parametrize(
    "text",
    [
        "draw lock: {'position': [220, 288]}",
        "DRAW  LOCK :{ 'position' :[220 ,288 ] }",
        'Draw Lock: {"position": [220, 288]}"',
        "Draw Lock: {'position': [220, 288]}',",
        "Draw Lock: {'position': [220, 288]}.",
        "Draw Lock: {position: (220, 288)}",
        "Draw Lock: {'Position': ['220', '288.0'],}",
        "Draw Lock {\n  'position': [\n    220,\n    288\n  ]\n}",
        "- Draw Lock: {'position': [220, 288]}",
        "1. Draw Lock: {'position': [220, 288]}",
        "“Draw Lock: {‘position’: [220, 288]}”",
        '"visual prompts": "Draw Lock: {\'position\': [220, 288]}"',
        '{"success detection": "Failed", "visual prompts": "Draw Lock: {\\"position\\": [220, 288]}"}',
        '{"codes": ["Draw Lock: {\'position\': [220, 288]}"]}',
        '<Answer>\n"keyframe": "13"\n"low level commands": "Hold still."\n"visual prompts": "'
        + LOCK
        + '"\n</Answer>',
        '<Answer>\n"visual prompts": "' + LOCK + '",\n"success detection": "Failed"\n</Answer>',
        "<Think>Draw nothing yet.</Think><Answer>" + LOCK,
    ],
)
def test_variants_of_one_code_are_read(text):
    parsed = parse_codes(text, NORMALIZED)
    assert parsed.errors == ()
    assert parsed.symbols == (Lock((220, 288)),)


@pytest.mark.parametrize("separator", ["\n", "\\n", "\\\\n", "\r\n", "\n\n", ", ", "; ", '",\n"'])
def test_codes_are_parted_in_many_ways(separator):
    parsed = parse_codes(separator.join([ARROW_CODE, LOCK, LOCK]), NORMALIZED)
    assert parsed.errors == ()
    assert parsed.symbols == (ARROW, Lock((220, 288)), Lock((220, 288)))


@pytest.mark.parametrize(
    "color", ["'green, red'", "'green and red'", "'Green red'", "['GREEN', 'red']", "green, red"]
)
def test_colors_may_come_as_one_text(color):
    text = f"Draw Straight Arrow: {{'color': {color}, 'end_point': [689, 325], 'start_point': [602, 179]}}"
    assert parse_codes(text, NORMALIZED).symbols == (ARROW,)


@pytest.mark.parametrize(
    "word", ["counter-clockwise", "counterclockwise", "Counter Clockwise", "anti-clockwise"]
)
def test_directions_may_be_spelled_otherwise(word):
    text = f"Draw Rotating Arrow: {{'center': [5, 6], 'direction': '{word}'}}"
    assert parse_codes(text, NORMALIZED).symbols == (RotatingArrow((5, 6), "counter-clockwise"),)


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("Draw Lock: {'position': [1001, 2]}", 1, 26, "x from 0 to 1000"),
        ("Draw Lock: {'position': [5, -1]}", 1, 26, "y from 0 to 1000"),
        ("Draw Lock: {'position': [NaN, 2]}", 1, 26, "two whole numbers"),
        ("Draw Lock: {'position': [5.5, 2]}", 1, 26, "two whole numbers"),
        ("Draw Lock: {'position': [5, 1e2]}", 1, 29, "expected a number"),
        ("Draw Lock: {'position': [5]}", 1, 26, "two whole numbers"),
        ("Draw Lock: {'position': [5, 2]", 1, 31, "'}'"),
        ("Draw Lock: {'place': [5, 2]}", 1, 14, "'position'"),
        ("Draw Lock: {}", 1, 1, "needs 'position'"),
        ("Draw Lock: {'position': [5, 2], 'position': [5, 2]}", 1, 34, "'}'"),
        ("Draw Lock: {'position': [" + "9" * 5000 + ", 2]}", 1, 26, "out of range"),
        ("Draw Padlock: {'position': [5, 2]}", 1, 6, "Straight Arrow, Rotating Arrow"),
        ("Hold still.", 1, 1, "expected Draw"),
        ("\n\n  __import__('os').system('x')", 3, 3, "expected Draw"),
        (ARROW_CODE.replace("'red'", "'pink'"), 1, 95, "red, green, blue"),
        (ARROW_CODE.replace("[689, 325]", "[602, 179]"), 1, 1, "two different points"),
        (ARROW_CODE.replace("['green', 'red']", "[]"), 1, 1, "needs 'color'"),
        (ARROW_CODE.replace("['green', 'red']", "'and'"), 1, 1, "at least one color"),
        (
            "Draw Rotating Arrow: {'center': [5, 6], 'direction': 'left'}",
            1,
            55,
            "clockwise, counter-clockwise",
        ),
    ],
)
def test_errors_name_place_and_expectation(text, line, column, expected):
    parsed = parse_codes(f"{text}\n{LOCK}", NORMALIZED)
    assert parsed.symbols == (Lock((220, 288)),), "the code after the flaw is still read"
    error = parsed.errors[0]
    assert (error.line, error.column) == (line, column)
    assert expected in error.message
    assert len(error.message) < 200


def test_the_space_decides_the_range():
    text = "Draw Crosshair: {'position': [1200, 700]}"
    assert parse_codes(text, NORMALIZED).symbols == ()
    assert parse_codes(text, pixels()).symbols == (Crosshair((1200, 700)),)
    assert parse_codes(text, pixels(Size(1280, 700))).errors[0].message.endswith("y from 0 to 699")


def test_prose_between_codes_is_an_error_for_each_line():
    parsed = parse_codes(f"{LOCK}\nnow the arm holds\n{LOCK} and then\n", NORMALIZED)
    assert len(parsed.symbols) == 2
    assert [error.line for error in parsed.errors] == [2, 3]


def test_the_releases_example_answer_gives_its_codes_once():
    if not EXAMPLE.exists():
        pytest.skip(f"no recordings beside the project: {EXAMPLE}")
    answer = json.loads(EXAMPLE.read_text())[0]["messages"][0]["content"]
    parsed = parse_codes(answer, NORMALIZED)
    assert parsed.errors == ()
    assert parsed.symbols == (
        ARROW,
        RotatingArrow((550, 179), "clockwise"),
        DualCrosshair((806, 196), (789, 317)),
    )


WORDS = ("Draw", "Lock", "Straight Arrow", "'position'", "'color'", "red", "nan", "<Answer>", "5", "9" * 5000)
MARKS = (*':{}[]().,-"\\\n', "\\n", '"visual prompts":', "\ud800", "\u0663")
FRAGMENTS = st.sampled_from(WORDS + MARKS)


@given(st.text() | st.lists(FRAGMENTS).map(" ".join) | st.lists(FRAGMENTS).map("".join))
def test_no_text_makes_the_reader_raise(text):
    parsed = parse_codes(text, NORMALIZED)
    lines = text.split("\n")
    for error in parsed.errors:
        assert isinstance(error, CodeError)
        assert 1 <= error.column <= len(lines[error.line - 1]) + 1


@given(symbols(), st.data())
def test_a_cut_code_is_never_read_as_another(symbol, data):
    code = print_code(symbol)
    cut = data.draw(st.integers(1, len(code) - 1))
    parsed = parse_codes(code[:cut], NORMALIZED)
    assert parsed.symbols == ()
    assert len(parsed.errors) >= 1


@pytest.mark.parametrize("junk", ["Draw \n", "Draw Padlock\n", "and then\n", "{'a': \"Draw \n"])
def test_reading_ends_after_very_many_errors(junk):
    parsed = parse_codes(f"{LOCK}\n{junk * 200}{LOCK}", NORMALIZED)
    assert parsed.symbols == (Lock((220, 288)),)
    assert len(parsed.errors) == 101
    assert parsed.errors[-1].line in (102, 103)
    assert parsed.errors[-1].message == "the reading ends here, after 100 errors"


def test_a_hundred_errors_are_all_given():
    parsed = parse_codes("Draw \n" * 100 + "\n" + LOCK, NORMALIZED)
    assert len(parsed.symbols) == 1
    assert len(parsed.errors) == 100
    assert "Straight Arrow" in parsed.errors[-1].message


@pytest.mark.parametrize(
    "piece", ["draw ", "a ", "'", "\\", '"a":', '"a":"draw ', "<answer>", "Draw Lock: {", "red,", "0."]
)
def test_reading_takes_time_in_proportion_to_the_text(piece):
    def seconds(count):
        start = process_time()
        parse_codes("Draw Straight Arrow: {'color': " + piece * count, NORMALIZED)
        return process_time() - start

    # Twenty times the text takes about twenty times as long, where quadratic time would be 400 times.
    assert min(seconds(5000) for _ in range(2)) < 100 * max(min(seconds(250) for _ in range(5)), 1e-4)
