import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.prompts import FAILURE_TYPES, QuestionType, Values, default_pack, read_analysis
from ml.symbols import Lock, command_text, parse_command, print_codes
from tests.ml.symbols.strategies import commands, symbols

COTS = [kind for kind in QuestionType if kind.startswith("cot_")]
RELEASE = """<Think>
The provided data indicates a failure occurred. The failure type is identified as 'gripper 6d-pose'.
</Think>
<Answer>
"success detection": "Failed",
"keyframe": "13"
"low level commands": "Rotate the right gripper clockwise.",
"visual prompts": "Draw Rotating Arrow: {'center': [550, 179], 'direction': 'clockwise'}
Draw Dual Crosshair: {'start_point': [806, 196], 'end_point': [789, 317]}"
</Answer>"""


@pytest.mark.parametrize("kind", COTS)
@given(
    commands(),
    st.lists(symbols(), min_size=1, max_size=4),
    st.sampled_from(FAILURE_TYPES),
    st.integers(1, 60),
)
def test_what_the_pack_writes_is_read_back(kind, command, drawn, failure_type, keyframe):
    values = Values(
        60, "t", failure_type=failure_type, keyframe_number=keyframe, detection="Failed",
        command=command_text(command), codes=print_codes(drawn),
    )  # fmt: skip
    read = read_analysis(default_pack()[kind].reply(values))
    assert read.errors == []
    assert read.failed is True
    assert read.command == command
    assert read.failure_type == failure_type
    assert read.keyframe == (keyframe if "avoidance" in kind else None)
    assert list(read.symbols) == (drawn if "code" in kind else [])


def test_the_flaws_of_the_release_are_taken():
    plain = read_analysis(RELEASE)
    assert plain.errors == []
    assert (plain.failed, plain.keyframe, plain.failure_type) == (True, 13, "gripper 6d-pose")
    assert plain.command == parse_command("Rotate the right gripper clockwise.")
    assert len(plain.symbols) == 2
    flawed = [
        RELEASE.replace("\n", "\\n"),
        RELEASE.replace('"', "”"),
        RELEASE.replace("</Answer>", ""),
        RELEASE.replace('"Failed",', '"Failed"'),
        RELEASE.replace('"keyframe"', "keyframe"),
    ]
    for text in flawed:
        assert read_analysis(text) == plain


def test_a_blank_command_is_none_and_no_error():
    read = read_analysis('<Answer>"success detection": "Failed"\n"low level commands": " "</Answer>')
    assert (read.command, read.command_text, read.errors) == (None, None, [])


def test_json_answers_are_read():
    body = json.dumps(
        {"success detection": "Failed", "keyframe": 4, "visual prompts": "Draw Lock: {'position': [1, 2]}"}
    )
    read = read_analysis(f"<Answer>{body}</Answer>")
    assert (read.failed, read.keyframe, read.symbols, read.errors) == (True, 4, (Lock((1, 2)),), [])


@pytest.mark.parametrize(
    ("answer", "part"),
    [
        ('"keyframe": "3 or 4"', "keyframe"),
        ('"keyframe": "3"\n"keyframe": "4"', "twice"),
        ('"success detection": "maybe"', "neither"),
        ('"low level commands": "Wiggle the left gripper."', "wiggle"),
        ('"failure type": "bad luck"', "task planning"),
        ('"visual prompts": "Draw Circle: {}"', "line 1"),
    ],
)
def test_what_cannot_be_read_is_an_error_and_never_a_guess(answer, part):
    read = read_analysis(f"<Answer>{answer}</Answer>")
    assert len(read.errors) == 1
    assert part in read.errors[0]
    assert (read.failed, read.keyframe, read.command, read.failure_type) == (None, None, None, None)


def test_a_missing_answer_block_is_said():
    read = read_analysis("The robot failed.")
    assert read.errors == ["there is no <Answer> block"]
    assert read.failed is None


@given(st.text(max_size=400))
def test_any_text_is_taken_and_what_is_read_is_in_bounds(text):
    read = read_analysis(f"<Answer>{text}")
    assert read.keyframe is None or read.keyframe >= 1
    assert read.failed in (True, False, None)
    assert all(error.strip() for error in read.errors)
