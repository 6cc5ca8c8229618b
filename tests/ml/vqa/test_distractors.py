from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.symbols import ArmCommand, Command, Move, command_text, parse_command
from ml.symbols.commands import AXIS_DIRECTIONS, MAGNITUDES
from ml.vqa.distractors import Pools, positions, same_command, same_text
from ml.vqa.draw import Draw
from ml.vqa.survey import Survey, arms_of

MAGNITUDE = st.sampled_from([None, *MAGNITUDES])
MOVES = st.sets(st.sampled_from(list(AXIS_DIRECTIONS)), min_size=1).flatmap(
    lambda axes: st.tuples(
        *(st.builds(Move, st.sampled_from(AXIS_DIRECTIONS[axis]), MAGNITUDE) for axis in sorted(axes))
    )
)


def arm_commands(arm):
    acting = st.builds(
        ArmCommand,
        st.just(arm),
        MOVES,
        st.sampled_from([None, "clockwise", "counter-clockwise"]),
        st.sampled_from([None, "open", "close"]),
    )
    return acting | st.sampled_from([ArmCommand(arm, hold=True), ArmCommand(arm, back=True)])


COMMANDS = st.one_of(
    st.just(Command(hold=True)),
    arm_commands("left").map(lambda part: Command((part,))),
    arm_commands("right").map(lambda part: Command((part,))),
    st.tuples(arm_commands("left"), arm_commands("right")).map(Command),
)


def pools(commands, subtasks=(), types=()):
    survey = Survey(0)
    for command in commands:
        survey.commands.setdefault(arms_of(command), {})[command_text(command)] = command
    survey.subtasks = dict.fromkeys(subtasks)
    survey.failure_types = set(types)
    return Pools(survey)


@given(answer=COMMANDS, others=st.lists(COMMANDS, max_size=6), seed=st.integers())
def test_no_command_option_means_what_another_means(answer, others, seed):
    texts = pools([answer, *others]).commands(answer, Draw(seed))
    assert len(texts) == 3
    for one, other in combinations([answer, *map(parse_command, texts)], 2):
        assert not same_command(one, other)
        assert not same_command(other, one)


@given(answer=COMMANDS, others=st.lists(COMMANDS, max_size=6), seed=st.integers())
def test_command_options_are_for_the_grippers_of_the_answer(answer, others, seed):
    texts = pools([answer, *others]).commands(answer, Draw(seed))
    named = {arms_of(parse_command(text)) for text in texts}
    assert named == {arms_of(answer)} if arms_of(answer) else len(named) == 1


@given(answer=COMMANDS)
def test_a_command_is_the_same_without_its_magnitudes(answer):
    bare = Command(
        tuple(replace(part, move=tuple(Move(move.direction) for move in part.move)) for part in answer.arms),
        answer.hold,
    )
    assert same_command(answer, bare)


def test_annotated_commands_are_offered_beside_the_common_ones():
    pool = [parse_command(f"Move the left gripper {way} significantly.") for way in ("forward", "backward")]
    texts = pools(pool).commands(parse_command("Open the left gripper."), Draw(1))
    assert set(map(command_text, pool)) <= set(texts)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Hold still.", "Hold the left gripper still.", True),
        ("Hold still.", "Hold the left gripper still; hold the right gripper still.", True),
        ("Hold the left gripper still.", "Hold the right gripper still.", False),
        ("Move the left gripper forward slightly.", "Move the left gripper forward.", True),
        ("Move the left gripper forward slightly.", "Move the left gripper forward significantly.", False),
        ("Open the left gripper.", "Open the right gripper.", False),
    ],
)
def test_what_counts_as_the_same(one, other, same):
    assert same_command(parse_command(one), parse_command(other)) is same


TEXTS = st.text("abc ABC.", min_size=1, max_size=4).filter(lambda text: text.strip(" ."))


@given(
    subtasks=st.lists(TEXTS, min_size=1, max_size=6), others=st.lists(TEXTS, max_size=6), seed=st.integers()
)
def test_subtask_options_differ_and_come_from_the_own_task_first(subtasks, others, seed):
    answer = subtasks[seed % len(subtasks)]
    options = pools([], subtasks=[*subtasks, *others]).subtask_options(subtasks, answer, Draw(seed))
    for one, other in combinations([answer, *options], 2):
        assert not same_text(one, other)
    own = {text.casefold().strip(" .") for text in subtasks}
    if len(own) > 3:
        assert set(options) <= set(subtasks)


@given(count=st.integers(1, 40), seed=st.integers(), data=st.data())
def test_positions_are_others_and_not_next_to_the_answer_where_there_is_room(count, seed, data):
    answer = data.draw(st.integers(1, count))
    found = positions(count, answer, Draw(seed))
    assert len(set(found)) == len(found) == min(3, count - 1)
    assert answer not in found
    assert all(1 <= number <= count for number in found)
    if count >= 6:
        assert all(abs(number - answer) > 1 for number in found)


def test_types_of_ones_own_are_offered_too():
    options = pools([], types=["cable snag"]).failure_types("cable snag", Draw(0))
    assert sorted(options) == ["gripper 6d-pose", "gripper state", "human intervention", "task planning"]
