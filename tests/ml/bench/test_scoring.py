"""Reading and scoring single answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.bench.scoring import codes_score, score
from ml.bench.structured import compare_analysis, compare_commands
from ml.prompts import read_analysis
from ml.symbols import ARMS, StraightArrow, compare, parse_command
from tests.ml.bench.conftest import detection, record


@pytest.mark.parametrize(
    ("text", "status", "value"),
    [
        ("Failed", "read", 1.0),
        ("(B)", "read", 1.0),
        ("<Think>A?</Think><Answer>**B**</Answer>", "read", 1.0),
        ("Successful", "read", 0.0),
        ("A or B", "unparsed", 0.0),
        ("", "unparsed", 0.0),
        ("The robot did something.", "unparsed", 0.0),
        ("I'm sorry, I can't assist with that.", "refused", 0.0),
    ],
)
def test_choices_are_read_and_never_guessed(items, text, status, value):
    (item,) = items(detection(1))
    reading = score(item, text)
    assert (reading.status, reading.score) == (status, value)


COMMAND = "Move the left gripper to the right slightly, and open the left gripper."


@pytest.mark.parametrize(
    ("said", "value"),
    [
        (COMMAND, 1.0),
        ("Open the left gripper and move it right significantly.", 1.0),  # magnitudes do not count
        ("Open the left gripper.", 2 / 3),
        ("Close the left gripper.", 0.0),  # the opposite
        ("Move the left gripper to the left, and open the left gripper.", 0.0),
        ("Open the right gripper.", 0.0),
    ],
)
def test_commands_are_compared_as_values(said, value):
    assert compare_commands(parse_command(said), parse_command(COMMAND)) == pytest.approx(value)


@given(st.sampled_from(ARMS), st.sampled_from(["open", "close"]), st.sampled_from(["left", "upward"]))
def test_a_command_equals_itself_and_nothing_equals_none(arm, grasp, way):
    command = parse_command(f"Move the {arm} gripper {way}, and {grasp} the {arm} gripper.")
    assert compare_commands(command, command) == 1
    assert compare_commands(None, command) == 0


def analysis(keyframe=5, detection="Failed", command=COMMAND):
    return (
        f'<Think>So.</Think><Answer>"success detection": "{detection}", "keyframe": {keyframe}, '
        f'"low level command": "{command}"</Answer>'
    )


TRUTH = {"failed": True, "keyframe": 5, "command": parse_command(COMMAND).to_json()}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (analysis(), 1),
        (analysis(keyframe=6), 1),
        (analysis(keyframe=7), 0),
        (analysis(detection="Successful"), 0),
        (analysis(command="Close the left gripper."), 0),
    ],
)
def test_an_analysis_needs_detection_and_a_keyframe_within_one(text, value):
    assert compare_analysis(read_analysis(text), TRUTH).score == value


def test_open_ended_answers_wait_for_a_judge_unless_they_say_nothing(items):
    one, two = items(
        record("cot_avoidance_qa", 1, reply=analysis(), truth=TRUTH),
        record("failure_reason_qa", 2, reply="It slipped."),
    )
    assert score(one, analysis()).score is None
    assert score(one, analysis()).structured.score == 1
    assert (score(one, "Hm.").status, score(one, "Hm.").score) == ("unparsed", 0)
    assert score(two, "It slipped away.").score is None
    assert score(two, "I cannot help with that.").status == "refused"


def test_a_correction_need_not_name_the_keyframe_its_reference_omits(items):
    """The truth holds the frame that was shown; the paper's form for corrections (figure 9) has none."""
    reply = analysis().replace('"keyframe": 5, ', "")
    (item,) = items(record("cot_correction_qa", 1, reply=reply, truth=TRUTH))
    found = score(item, reply).structured
    assert (found.score, found.keyframe) == (1, None)


ARROW = StraightArrow((100, 100), (300, 100), ("green",))


@pytest.mark.parametrize(
    ("predicted", "value"),
    [
        ([ARROW], 1),
        ([StraightArrow((180, 100), (390, 100), ("green",))], 1),
        ([StraightArrow((300, 100), (100, 100), ("green",))], 0),
        ([StraightArrow((100, 100), (300, 100), ("red",))], 0),
        ([StraightArrow((500, 100), (700, 100), ("green",))], 0),
        ([ARROW, ARROW], 0),
        ([], 0),
    ],
)
def test_codes_are_right_as_a_whole_or_not(predicted, value):
    assert codes_score(compare(predicted, [ARROW])) == value
