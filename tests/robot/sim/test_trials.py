"""Trials without pictures: experts succeed, failures fail, and what is told of them is consistent."""

import pytest

pytest.importorskip("mujoco", reason="The simulator is not installed; `make robot` installs it.")

from apps.accounts.taxonomy import PAPER_TAXONOMY
from ml.symbols import Command, agreement, from_raw
from robot.sim.failures import FAILURE_TYPES, LABELS, draw_failure
from robot.sim.layout import TASKS, draw_layout
from robot.sim.recording import TICKS_PER_FRAME
from robot.sim.tasks import TASK_TEXTS
from robot.sim.trial import Trial, draw_failures

SEEDS = range(21)


def finished(task, seed, *kinds):
    trial = Trial.begin(task, seed, kinds)
    trial.run()
    return trial, trial.witness.document(TICKS_PER_FRAME)


def check_event(trial, event):
    text = TASK_TEXTS[trial.task]
    assert 1 <= event["subtask"] <= len(text.subtasks)
    assert event["reason"]
    assert event["avoidance"]["frame"] < event["correction"]["frame"] <= trial.world.tick // TICKS_PER_FRAME
    for side in ("avoidance", "correction"):
        symbols = [from_raw({k: v for k, v in s.items() if k != "id"}) for s in event[side]["symbols"]]
        command = Command.from_json(event[side]["command"])
        assert agreement(symbols, command).result != "contradicts"


def test_types_are_the_papers():
    assert set(LABELS.values()) == {each["id"] for each in PAPER_TAXONOMY["failure_types"]}


def test_a_seed_says_all_before_anything_moves():
    for task in TASKS:
        assert draw_layout(task, 5) == draw_layout(task, 5) != draw_layout(task, 6)
        assert draw_failure(task, "gripper_state", 5) == draw_failure(task, "gripper_state", 5)


def test_a_task_fails_at_most_once_a_step():
    assert [failure.step for failure in draw_failures("place_two", 1, FAILURE_TYPES[:2])] == [0, 1]
    with pytest.raises(ValueError, match="place_one cannot fail 2 times"):
        draw_failures("place_one", 1, FAILURE_TYPES[:2])


@pytest.mark.parametrize("task", TASKS)
def test_the_expert_succeeds(task):
    trial, document = finished(task, 1)
    assert trial.world.success()
    assert document == {"outcome": "successful", "note": "", "events": []}


@pytest.mark.parametrize("kind", FAILURE_TYPES)
def test_a_failure_fails_and_is_told(kind):
    trial, document = finished("place_one", 2, kind)
    assert document["outcome"] == "failed"
    (event,) = document["events"]
    assert event["failure_type"] == LABELS[kind]
    check_event(trial, event)


def test_a_hand_in_the_way_stops_the_arms_and_leaves():
    seed = next(s for s in SEEDS if draw_failure("place_one", "human_intervention", s).form == "in_the_way")
    trial, document = finished("place_one", seed, "human_intervention")
    assert trial.world.touched
    (event,) = document["events"]
    assert {event[side]["symbols"][0]["type"] for side in ("avoidance", "correction")} == {"lock"}
    assert trial.world.hand()[1] < -1, "the hand has left the table"


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("task", TASKS)
def test_at_least_20_of_21_clean_trials_succeed(task):
    assert sum(Trial.begin(task, seed).run() for seed in SEEDS) >= 20


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("kind", FAILURE_TYPES)
def test_every_failure_fails(task, kind):
    for seed in range(5):
        trial, document = finished(task, seed, kind)
        assert document["outcome"] == "failed", (seed, trial.failures)
        for event in document["events"]:
            check_event(trial, event)
