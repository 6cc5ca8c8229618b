import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import (
    Crosshair,
    DualCrosshair,
    Lock,
    Rewind,
    RotatingArrow,
    StateLabel,
    StraightArrow,
    SymbolError,
    View,
    agreement,
    parse_command,
)
from ml.symbols.commands import AXIS_COLORS, AXIS_OF, DIRECTIONS

from .strategies import commands, symbols

TURN = RotatingArrow((50, 50), "clockwise")
AT = (100, 100)
BEHIND = View(forward="down", left="right")


def arrow(dx, dy, *colors):
    return StraightArrow(AT, (100 + dx, 100 + dy), colors)


@pytest.mark.parametrize(
    ("drawn", "command", "result"),
    [
        ([arrow(0, -50, "red")], "Move the left gripper forward.", "agrees"),
        ([arrow(0, -50, "red")], "Move the left gripper backward.", "contradicts"),
        ([arrow(-50, 0, "green")], "Move the left gripper to the left.", "agrees"),
        ([arrow(0, 50, "blue")], "Move the left gripper downward.", "agrees"),
        # a length never contradicts a magnitude
        ([arrow(-90, 0, "green")], "Move the left gripper to the left slightly.", "agrees"),
        ([arrow(-5, 0, "green")], "Move the left gripper to the left significantly.", "agrees"),
        # a component under 15 % of the length has no sign
        ([arrow(14, -100, "green")], "Move the left gripper to the left.", "undetermined"),
        ([arrow(16, -100, "green")], "Move the left gripper to the left.", "contradicts"),
        # several colors
        ([arrow(50, 50, "green", "red")], "Move the left gripper to the right and backward.", "agrees"),
        ([arrow(50, 50, "green", "red")], "Move the left gripper to the right and forward.", "contradicts"),
        ([arrow(0, -50, "red", "blue")], "Move the left gripper forward and downward.", "undetermined"),
        ([arrow(0, -50, "red", "blue")], "Move the left gripper forward and upward.", "undetermined"),
        ([arrow(0, -50, "red", "blue")], "Move the left gripper backward and downward.", "contradicts"),
        ([arrow(50, -50, "red", "green", "blue")], "Left arm: left, forward, and up.", "contradicts"),
        # a color whose axis the command does not move along, and a move that nothing shows
        ([arrow(0, -50, "red")], "Move the left gripper to the left.", "contradicts"),
        ([arrow(-50, 0, "green")], "Move the left gripper to the left and forward.", "undetermined"),
        # words
        ([TURN], "Rotate the left gripper clockwise.", "agrees"),
        ([TURN], "Rotate the left gripper counter-clockwise.", "contradicts"),
        ([TURN], "Open the left gripper.", "undetermined"),
        ([StateLabel(AT, "ON")], "Open the left gripper.", "agrees"),
        ([StateLabel(AT, "OFF")], "Open the left gripper.", "contradicts"),
        # signs
        ([Lock(AT)], "Hold still.", "agrees"),
        ([Lock(AT)], "Open the left gripper.", "undetermined"),
        ([Lock(AT), TURN], "Hold the left gripper still; rotate the right gripper clockwise.", "agrees"),
        ([arrow(0, -50, "red")], "Hold still.", "contradicts"),
        ([TURN], "Hold still.", "contradicts"),
        ([Rewind(AT)], "Move the left gripper back to its previous pose.", "agrees"),
        ([Rewind(AT)], "Hold still.", "contradicts"),
        ([Rewind(AT)], "Hold the left gripper still.", "undetermined"),
        # symbols carry no arm
        ([TURN], "Left arm: counter-clockwise; right arm: clockwise.", "undetermined"),
        ([arrow(0, -50, "red")], "Left arm: left; right arm: forward.", "undetermined"),
        ([arrow(0, -50, "red")], "Left arm: forward; right arm: forward.", "undetermined"),
        ([arrow(0, -50, "red")] * 2, "Left arm: forward; right arm: forward.", "agrees"),
        # what points at things says nothing
        ([], "Open the left gripper.", "undetermined"),
        ([Crosshair(AT), DualCrosshair(AT, AT)], "Open the left gripper.", "undetermined"),
        ([Crosshair(AT), StateLabel(AT, "ON")], "Open the left gripper.", "agrees"),
    ],
)  # fmt: skip
def test_three_values(drawn, command, result):
    assert agreement(drawn, parse_command(command)).result == result


def test_a_contradiction_names_symbol_part_and_what_would_settle_it():
    found = agreement(
        [Crosshair(AT), arrow(50, 0, "green")], parse_command("Move the right gripper to the left.")
    )
    (reason,) = [reason for reason in found.reasons if reason.result == "contradicts"]
    assert (reason.symbol, reason.arm, reason.part) == (1, "right", "move")
    assert (reason.direction, reason.suggestion) == ("left", "right")
    assert found.to_json()["reasons"][0]["suggestion"] == "right"


@pytest.mark.parametrize(
    ("view", "drawn", "command", "result"),
    [
        (BEHIND, arrow(0, 50, "red"), "Move the left gripper forward.", "agrees"),
        (BEHIND, arrow(50, 0, "green"), "Move the left gripper right.", "contradicts"),
        (View(up=None), arrow(0, -50, "blue"), "Move the left gripper downward.", "undetermined"),
        (View(up=None), arrow(0, -50, "blue", "red"), "Move the left gripper backward.", "contradicts"),
        (View("left", "down"), arrow(-50, 50, "red", "green"), "Left arm: left, forward.", "agrees"),
    ],
)  # fmt: skip
def test_the_view_says_which_way_the_axes_point(view, drawn, command, result):
    assert agreement([drawn], parse_command(command), view).result == result


def test_a_view_has_directions_of_the_image_only():
    with pytest.raises(SymbolError, match="up, down, left, right"):
        View(forward="north")


@given(st.sampled_from(DIRECTIONS), st.integers(10, 100))
def test_one_clear_arrow_of_one_color_agrees_with_one_direction_only(direction, length):
    up, down, left, right = (0, -1), (0, 1), (-1, 0), (1, 0)
    towards = dict(zip(DIRECTIONS, (left, right, up, down, up, down), strict=True))[direction]
    drawn = [arrow(length * towards[0], length * towards[1], AXIS_COLORS[AXIS_OF[direction]])]
    for said in DIRECTIONS:
        result = agreement(drawn, parse_command(f"Move the left gripper {said}")).result
        assert result == ("agrees" if said == direction else "contradicts")


@given(st.lists(symbols(), max_size=4), commands())
def test_the_result_is_the_worst_finding(drawn, command):
    found = agreement(drawn, command)
    results = {reason.result for reason in found.reasons}
    worst = next(r for r in ("contradicts", "undetermined", "agrees") if r in results)
    assert found.result == worst
    assert all(reason.symbol is None or reason.symbol < len(drawn) for reason in found.reasons)
