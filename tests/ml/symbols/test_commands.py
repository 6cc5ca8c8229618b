import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    ArmCommand,
    Command,
    CommandError,
    Move,
    command_text,
    parse_command,
)

from .strategies import commands

PAPER = (
    "Move the right gripper to the right significantly and backward significantly, "
    "and rotate the right gripper clockwise."
)
OTHER_ARMS = [("franka",), ("front", "left rear"), ("third", "first", "second")]


@given(commands())
def test_parse_of_text_is_the_identity(command):
    text = command_text(command)
    assert parse_command(text) == command
    assert command_text(parse_command(text)) == text


@pytest.mark.parametrize("arms", OTHER_ARMS)
@given(st.data())
def test_commands_of_other_arms_print_without_their_profile(arms, data):
    command = data.draw(commands(arms))
    text = command_text(command)
    assert parse_command(text, arms) == command
    assert command_text(Command.from_json(command.to_json(), arms)) == text


@given(commands())
def test_json_goes_there_and_back(command):
    assert Command.from_json(command.to_json()) == command


@given(commands(), commands())
def test_different_commands_have_different_texts(one, other):
    assert (command_text(one) == command_text(other)) == (one == other)


@pytest.mark.parametrize(
    "text",
    [
        PAPER,
        "Move the left gripper to the right slightly and backward slightly.",
        "Move the left gripper to the left, forward slightly, and downward, and close the left gripper.",
        "Rotate the left gripper counter-clockwise, and open the left gripper.",
        "Move the left gripper upward, rotate the left gripper clockwise, and open the left gripper.",
        "Open the left gripper.",
        "Hold still.",
        "Hold the left gripper still; open the right gripper.",
        "Move the left gripper back to its previous pose; move the right gripper backward.",
    ],
)
def test_canonical_text_is_kept(text):
    assert command_text(parse_command(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("move left gripper down a bit", "Move the left gripper downward slightly."),
        ("MOVE THE LEFT ARM UP!", "Move the left gripper upward."),
        ("rotate right gripper counterclockwise", "Rotate the right gripper counter-clockwise."),
        ("Rotate the right gripper anti-clockwise", "Rotate the right gripper counter-clockwise."),
        ("left arm: back, right a lot", "Move the left gripper to the right significantly and backward."),
        ("left arm slightly forward, left", "Move the left gripper to the left and forward slightly."),
        ("left arm: right, right arm: open", "Move the left gripper to the right; open the right gripper."),
        ("Open the right arm. Close the left arm.", "Close the left gripper; open the right gripper."),
        ("raise the left gripper slightly", "Move the left gripper upward slightly."),
        ("lift the left gripper up", "Move the left gripper upward."),
        ("Keep the right gripper closed", "Close the right gripper."),
        ("Hold the left arm, open the right arm", "Hold the left gripper still; open the right gripper."),
        ("Keep still", "Hold still."),
        ("Move the right arm back to its initial pose.", "Move the right gripper back to its previous pose."),
        ("Return the left arm to the last position", "Move the left gripper back to its previous pose."),
        ("close the gripper of the right arm", "Close the right gripper."),
        ("open the end-effector of left arm", "Open the left gripper."),
        ("close the right arm's gripper", "Close the right gripper."),
        ("move the left arm very slightly up", "Move the left gripper upward slightly."),
        ("move the left arm up a very little bit", "Move the left gripper upward slightly."),
        ("Raise and open the left arm", "Move the left gripper upward, and open the left gripper."),
        ("Open both grippers", "Open the left gripper; open the right gripper."),
        ("Move the left arm up, then close it", "Move the left gripper upward, and close the left gripper."),
    ],
)  # fmt: skip
def test_variants_are_read(text, canonical):
    assert command_text(parse_command(text)) == canonical


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        (" .;, ", "empty"),
        ("up " * 2000, "at most 4000 characters"),
        ("Open the gripper", "left, right"),
        ("Open the middle gripper", "'middle'"),
        ("Do not open the left gripper", "'do'"),
        ("Move the left gripper 5 cm up", "'5'"),
        ("Move the left gripper", "needs a direction"),
        ("Turn the left gripper left", "clockwise, counter-clockwise"),
        ("Rotate the left gripper", "clockwise, counter-clockwise"),
        ("Move the left gripper left and right", "choose one"),
        ("Move the left gripper up; lower the left gripper", "choose one"),
        ("Move the left gripper up and up", "twice"),
        ("Rotate the left gripper clockwise and counter-clockwise", "choose one"),
        ("Open the left gripper, close the left gripper", "choose one"),
        ("open and close the left gripper", "the left gripper cannot both open and close"),
        ("open, then close, then open both grippers", "the left gripper cannot both open and close;"),
        ("Open and close the gripper", "names no gripper"),
        ("Open. Close the left gripper", "names no gripper"),
        ("Open and", "names no gripper"),
        ("Move very up the left gripper", "'very'"),
        ("Rotate the left gripper slightly clockwise", "only a move has a magnitude"),
        ("Open the left gripper slightly", "only a move has a magnitude"),
        ("Move the left gripper slightly significantly up", "come together"),
        ("Hold still and open the left gripper", "either hold still, or"),
        ("Hold the left gripper still and open the left gripper", "either move"),
        ("Move the left gripper back to its previous pose and open it", "either move"),
    ],
)
def test_what_is_no_command_is_refused_in_one_sentence(text, expected):
    with pytest.raises(CommandError) as caught:
        parse_command(text)
    assert expected in str(caught.value)
    assert "\n" not in str(caught.value)


VOCABULARY = st.sampled_from(
    [
        *[
            "move",
            "rotate",
            "hold",
            "still",
            "open",
            "close",
            "left",
            "right",
            "up",
            "back",
            "gripper",
            "clockwise",
            "slightly",
            "and",
            "the",
            "both",
        ],
        ",",
        ";",
    ]
)


@given(st.text() | st.lists(VOCABULARY).map(" ".join))
def test_no_text_makes_the_reader_raise_anything_else(text):
    try:
        command = parse_command(text)
    except CommandError:
        return
    assert parse_command(command_text(command)) == command


def test_moves_are_kept_in_the_order_of_the_axes():
    command = ArmCommand("left", (Move("upward"), Move("left"), Move("backward")))
    assert [move.direction for move in command.move] == ["left", "backward", "upward"]


LEFT_UP = {"arm": "left", "move": [{"direction": "upward", "magnitude": None}]}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], "hold, arms"),
        ({}, "hold still, or"),
        ({"hold": True, "arms": [LEFT_UP]}, "hold still, or"),
        ({"hold": 1, "arms": []}, "true or false"),
        ({"arms": {}}, "list"),
        ({"arms": [LEFT_UP, LEFT_UP]}, "one part"),
        ({"arms": [{**LEFT_UP, "arm": "third"}]}, "left, right"),
        ({"arms": [{**LEFT_UP, "arm": []}]}, "left, right"),
        ({"arms": [{**LEFT_UP, "speed": 3}]}, "'speed'"),
        ({"arms": [{"arm": "left"}]}, "either move"),
        ({"arms": [{"arm": "left", "rotate": "left"}]}, "clockwise"),
        ({"arms": [{"arm": "left", "grasp": ["open"]}]}, "open, close"),
        ({"arms": [{"arm": "left", "move": [{"direction": "north"}]}]}, "left, right, forward"),
        ({"arms": [{"arm": "left", "move": [{"direction": "left", "magnitude": "much"}]}]}, "slightly"),
    ],
)
def test_malformed_json_is_refused(value, expected):
    with pytest.raises(CommandError) as caught:
        Command.from_json(value)
    assert expected in str(caught.value)


def test_json_puts_arms_in_the_order_of_the_profile():
    value = {"hold": False, "arms": [{"arm": "right", "grasp": "open"}, {"arm": "left", "grasp": "open"}]}
    assert [part.arm for part in Command.from_json(value).arms] == ["left", "right"]


def test_text_puts_named_arms_first_and_keeps_the_others():
    command = Command(tuple(ArmCommand(arm, grasp="open") for arm in ("b", "c", "a")))
    assert command_text(command) == "Open the b gripper; open the c gripper; open the a gripper."
    assert command_text(command, ("a", "c")) == "Open the a gripper; open the c gripper; open the b gripper."
