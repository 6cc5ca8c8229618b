"""What the supervisor decides, in made-up time."""

import numpy as np
import pytest

from ml.symbols import Lock, StraightArrow, parse_command
from robot.environment import JOINTS
from robot.supervisor.core import NotPermitted
from robot.supervisor.messages import AskPolicy, AskVlm, Drop, PlanMotion
from tests.robot.supervisor.hosting import (
    ALLOWED,
    FAILED,
    PERIOD,
    REFUSED,
    STILL,
    SUCCESSFUL,
    Host,
    chunk,
)

AUTONOMOUS = {"supervisor": {"mode": "autonomous"}}
CONFIRM = {"supervisor": {"mode": "confirm"}}


def once(*answers):
    """A model that says these, and from then on that all is well."""
    left = list(answers)
    return lambda ask: left.pop(0) if left else SUCCESSFUL


# --- the policy ---------------------------------------------------------------------------------------------
def test_of_each_chunk_the_first_25_actions_are_played():
    values = iter(np.arange(1, 99) * 0.001)
    host = Host(policy=lambda ask: chunk(next(values))).run(105)  # each is asked for in a tick of its own
    moved = np.diff([step.action[0] for step in host.steps])
    assert np.flatnonzero(moved > 1e-6).tolist() == [0, 26, 52, 78]
    assert len(host.asked(AskPolicy)) == 5
    assert {step.control for step in host.steps} == {"policy"}


def test_with_a_lead_the_next_chunk_is_there_before_the_last_one_ends():
    def policy(ask):  # goes on from where the robot was when it was asked
        return np.repeat((ask.observation.state[0] + np.arange(1, 51) * 1e-3)[:, None], JOINTS, 1)

    waiting = []
    host = Host(policy=lambda ask: waiting.append(ask), tables={"policy": {"lead": 5}})
    for _ in range(150):
        if waiting and host.time - waiting[0].observation.time > 3 * PERIOD:
            ask = waiting.pop()
            host.take(host.core.policy_answered(ask.number, host.time, policy(ask)))
        host.tick()
    moved = np.diff([step.action[0] for step in host.steps])
    assert (moved >= -1e-6).all()
    assert moved[10:] == pytest.approx(1e-3, abs=1e-6)


def test_a_hung_policy_is_a_hold_within_its_deadline_and_a_tick():
    host = Host(policy=lambda ask: None).seconds(2)
    held = next(step.time for step in host.steps if step.control == "hold")
    asked = host.steps[0].time
    assert asked + 0.5 - PERIOD <= held <= asked + 0.5 + PERIOD
    drops = [ask for ask in host.asks if isinstance(ask, Drop)]
    assert {drop.what for drop in drops} == {"policy"}
    assert len(host.asked(AskPolicy)) == len(drops)  # one at a time, each given up before the next
    assert "no answer within 0.5 s" in host.told("policy_lost")[0].data["why"]


def test_a_late_chunk_is_never_played():
    host = Host(policy=lambda ask: None).seconds(0.8)
    first = host.asked(AskPolicy)[0]
    host.take(host.core.policy_answered(first.number, host.time, chunk(0.5)))
    host.seconds(0.1)
    assert all(step.action[0] == 0 for step in host.steps)
    assert host.told("late_answer")[0].data == {"what": "policy", "number": first.number}


def test_a_policy_that_comes_back_drives_again():
    there = []
    host = Host(policy=lambda ask: chunk() if there else None).seconds(1)
    there.append(True)
    host.seconds(1.5)
    assert host.controls() == ["policy", "hold", "policy"]


@pytest.mark.parametrize(
    "actions", [np.zeros((50, 7)), np.full((50, JOINTS), np.nan), "no", None, np.zeros((0, JOINTS))]
)
def test_a_chunk_that_is_none_is_a_hold_and_said(actions):
    host = Host(policy=lambda ask: None).run(3)
    ask = host.asked(AskPolicy)[0]
    host.take(host.core.policy_answered(ask.number, host.time, actions))
    host.run(2)
    assert host.steps[-1].control == "hold"
    assert "a chunk must be" in host.told("policy_lost")[0].data["why"]


# --- the model ----------------------------------------------------------------------------------------------
def test_every_six_chunks_the_last_five_seconds_are_shown_once():
    host = Host().seconds(10)
    queries = host.asked(AskVlm)
    assert [round(query.frames[-1][0] / PERIOD) + 1 for query in queries] == [156, 312, 468]
    assert [len(query.frames) for query in queries] == [4, 5, 5]
    assert np.diff([time for time, _ in queries[-1].frames]) == pytest.approx(1.0, abs=0.1)
    assert [query.task for query in queries] == ["do it"] * 3


@pytest.mark.parametrize("then", ["continue", "hold"])
def test_a_dead_model_is_asked_once_a_period_and_what_then_happens_is_a_setting(then):
    host = Host(vlm=lambda ask: None, tables={"vlm": {"on_loss": then}}).seconds(12)
    assert len(host.asked(AskVlm)) in (3, 4)
    assert len(host.told("vlm_lost")) == 3
    assert host.controls() == (["policy"] if then == "continue" else ["policy", "hold"])


def test_a_late_answer_is_told_and_never_used():
    host = Host(ALLOWED, vlm=lambda ask: None, tables=AUTONOMOUS).seconds(6)
    query = host.asked(AskVlm)[0]
    host.say(query, FAILED)
    host.seconds(1)
    assert host.told("late_answer")[0].data["what"] == "vlm"
    assert not host.told("correction_started")
    assert not host.told("overlay")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("blah " * 5000, "vlm_lost"),
        ("", "vlm_lost"),
        (FAILED.replace("300,500", "300,5000"), "refused"),
        (FAILED.replace("to the left", "to the right"), "refused"),
        (FAILED.replace("Straight Arrow", "Banana"), "refused"),
        ('<Answer>"success detection": "Failed"</Answer>', "refused"),
    ],
)
def test_what_a_model_babbles_or_makes_up_draws_and_moves_nothing(text, kind):
    host = Host(ALLOWED, vlm=once(text), tables=AUTONOMOUS).seconds(4)
    assert len(host.told(kind)) == 1
    assert host.controls() == ["policy"]
    assert not host.told("overlay")


def test_shadow_draws_and_counts_and_never_acts():
    host = Host(ALLOWED, vlm=lambda ask: FAILED).seconds(7)
    assert host.core.mode == "shadow"
    assert host.core.interventions == 2
    overlay = host.told("overlay")[0].data
    assert (overlay["camera"], overlay["size"]) == ("cam_high", [640, 480])
    assert overlay["symbols"][0]["start"] == [320, 240]
    assert host.controls() == ["policy"]


# --- corrections --------------------------------------------------------------------------------------------
def test_autonomous_is_refused_without_evidence():
    with pytest.raises(NotPermitted, match="0 of 2"):
        Host(REFUSED, tables=AUTONOMOUS)
    host = Host(REFUSED)
    assert "0 of 2" in host.order("mode", mode="autonomous")
    assert host.core.mode == "shadow"
    assert host.order("mode", mode="confirm") is None
    assert host.core.mode == "confirm"


def test_vsf_swaps_prompt_and_pictures_for_some_chunks_and_restores_them():
    host = Host(ALLOWED, vlm=once(FAILED), tables=AUTONOMOUS).seconds(5.5)
    asks = host.asked(AskPolicy)
    guided = [ask for ask in asks if ask.guide]
    assert [ask.prompt for ask in guided] == ["Move the left gripper to the left."] * 2
    assert guided[0].guide.symbols == (StraightArrow((320, 240), (192, 240), ("green",)),)
    assert guided[0].guide.idle == ("right",)
    after = asks[asks.index(guided[-1]) + 1 :]
    assert after
    assert all(ask.prompt == "do it" and ask.guide is None for ask in after)
    assert host.controls() == ["policy", "correction", "hold", "correction", "policy"]
    assert sum(step.control == "correction" for step in host.steps) == 50


def test_in_confirm_mode_nothing_moves_before_an_operator_says_yes():
    host = Host(vlm=once(FAILED), tables=CONFIRM).seconds(4)
    proposed = host.told("correction_proposed")[0].data
    assert proposed["preview"]["end"]
    assert host.controls() == ["policy", "hold"]
    assert host.order("confirm", correction=99) == "there is no such proposal to answer now"
    host.order("confirm", correction=proposed["correction"])
    host.seconds(0.2)
    assert host.steps[-1].control == "correction"
    assert host.told("correction_started")[0].data["confirmed_by"] == "Olga"


@pytest.mark.parametrize("silent", [True, False])
def test_a_no_or_silence_lets_the_policy_go_on(silent):
    tables = {**CONFIRM, "correction": {"confirm": 1.0}}
    host = Host(vlm=once(FAILED), tables=tables).seconds(3.2)
    if not silent:
        host.order("reject", correction=host.told("correction_proposed")[0].data["correction"])
    host.seconds(1.2)
    assert host.steps[-1].control == "policy"
    assert not host.told("correction_started")


def test_hold_still_lasts_until_the_model_sees_no_failure_any_more():
    host = Host(ALLOWED, vlm=once(STILL, STILL), tables=AUTONOMOUS).seconds(8.9)
    assert host.controls() == ["policy", "hold"]
    host.seconds(0.3)
    assert host.controls() == ["policy", "hold", "policy"]
    assert len(host.told("correction_started")) == 1


def test_going_back_plays_the_arms_own_way_in_reverse():
    ramp = np.repeat(np.linspace(0, 0.2, 25, dtype=np.float32)[:, None], JOINTS, 1)
    chunks = iter([ramp + 0.2 * n for n in range(6)])
    text = (
        FAILED[: FAILED.index('"low')]
        + '"low level commands": "Move the left gripper back to its previous pose."'
    )
    host = Host(
        ALLOWED, vlm=once(text + "</Answer>"), policy=lambda ask: next(chunks, chunk(1.0)), tables=AUTONOMOUS
    )
    host.seconds(5.5)
    moved = np.array([step.action for step in host.steps if step.control == "correction"])
    assert len(moved) == 100
    assert (np.diff(moved[:, 0]) <= 1e-6).all()
    assert moved[0, 0] - moved[-1, 0] > 0.5
    assert np.ptp(moved[:, 7]) < 1e-6


def test_pmc_plays_the_planned_motion_and_then_the_task_goes_on():
    tables = {**AUTONOMOUS, "correction": {"method": "pmc"}}
    host = Host(ALLOWED, vlm=once(FAILED), planner=lambda ask: chunk(0.05, 40), tables=tables).seconds(5)
    plan = host.asked(PlanMotion)[0]
    assert plan.command == parse_command("Move the left gripper to the left.")
    assert sum(step.control == "correction" for step in host.steps) == 40
    assert host.controls() == ["policy", "hold", "correction", "policy"] or host.controls() == [
        "policy", "correction", "policy",
    ]  # fmt: skip


def test_no_motion_or_out_of_time_is_a_hold_that_says_so():
    tables = {**AUTONOMOUS, "correction": {"method": "pmc", "plan": 0.5}}
    host = Host(ALLOWED, vlm=once(FAILED, FAILED), tables=tables).seconds(4)
    assert "no motion was found within 0.5 s" in host.told("correction_ended")[0].data["why"]
    assert host.steps[-1].control == "hold"
    host.seconds(6.5)  # the second query fails alike, the third sees no failure
    assert host.steps[-1].control == "policy"
    host = Host(ALLOWED, vlm=once(FAILED), tables=tables).seconds(3.2)
    plan = host.asked(PlanMotion)[0]
    host.take(host.core.motion_failed(plan.number, host.time, "the point is out of reach"))
    host.run()
    assert "out of reach" in host.steps[-1].why


# --- operators ----------------------------------------------------------------------------------------------
def test_hold_latches_until_it_is_released():
    host = Host().seconds(1)
    host.order("hold")
    host.seconds(5)
    assert {step.control for step in host.steps[50:]} == {"hold"}
    assert host.steps[-1].why == "Olga holds it"
    assert np.ptp([step.action[0] for step in host.steps[50:]]) == 0
    host.order("release")
    host.run(2)
    assert host.steps[-1].control == "policy"


def test_who_takes_over_moves_it_and_silence_stands_still():
    host = Host().seconds(1)
    host.order("take_over")
    for n in range(20):
        host.order("act", action=np.full(JOINTS, 0.02 + n * 1e-3, np.float32))
        host.order("act", by="Mallory", action=np.full(JOINTS, 0.5, np.float32))
        host.tick()
    assert {step.control for step in host.steps[50:]} == {"operator"}
    assert host.steps[-1].action[0] == pytest.approx(0.039)
    host.seconds(1)
    assert host.steps[-1].action[0] == pytest.approx(0.039)
    assert "does not move" in host.steps[-1].why
    assert host.told("operator")[-1].data["refused"] == "only who has taken over moves the robot"


def test_a_correction_drawn_by_hand_goes_the_models_way():
    host = Host().seconds(1)
    arrow = StraightArrow((320, 240), (192, 240), ("green",))
    assert host.order("correct", symbols=(StraightArrow((1, 1), (900, 1), ("red",)),)).startswith(
        "a symbol cannot"
    )
    assert host.order(
        "correct", symbols=(arrow,), command=parse_command("Move the left gripper to the right.")
    )
    assert host.order("correct") == "a correction needs a symbol or a command"
    assert (
        host.order("correct", symbols=(arrow,), command=parse_command("Move the left gripper to the left."))
        is None
    )
    host.run(2)
    proposed = host.told("correction_proposed")[0].data
    assert proposed["by"] == "Olga"
    host.order("confirm", correction=proposed["correction"])
    host.run(3)
    assert host.steps[-1].control == "correction"
    host.order("correct", symbols=(Lock((3, 3)),))
    host.run(2)
    assert host.steps[-1].control == "hold"


# --- the gate's place ---------------------------------------------------------------------------------------
def test_an_old_observation_is_a_hold_and_its_chunk_is_forgotten():
    host = Host().seconds(1)
    host.seen_at = host.time - PERIOD
    host.seconds(0.5)
    assert host.steps[-1].control == "hold"
    assert "old" in host.steps[-1].why
    assert len(host.told("refused")) == 1
    host.seen_at = None
    before = len(host.asked(AskPolicy))
    host.run(2)
    assert host.steps[-1].control == "policy"
    assert len(host.asked(AskPolicy)) == before + 1


def test_what_is_too_fast_is_slowed_and_said_once():
    host = Host(policy=lambda ask: chunk(0.5)).run(5)
    steps = np.diff([step.action[0] for step in host.steps])
    assert steps.max() <= 3.1416 * PERIOD + 1e-6
    assert host.told("clamped")[0].data == {"what": ["velocity"]}
    assert len(host.told("clamped")) == 1
    assert host.steps[1].asked[0] == 0.5


def test_an_operators_nonsense_is_refused_and_after_three_the_hold_latches():
    host = Host().seconds(0.2)
    host.order("take_over")
    for _ in range(3):
        host.order("act", action=np.full(JOINTS, np.nan, np.float32))
        host.tick()
    host.run(5)
    assert host.steps[-1].control == "hold"
    assert "3 actions in a row were refused" in host.steps[-1].why
    assert np.isfinite([step.action for step in host.steps]).all()


def test_every_step_says_who_was_in_control_and_numbers_go_up():
    host = Host(ALLOWED, vlm=once(FAILED, STILL), tables=AUTONOMOUS).seconds(12)
    assert [step.index for step in host.steps] == list(range(600))
    assert {step.control for step in host.steps} <= {"policy", "correction", "operator", "hold"}
    changes = [entry.data["control"] for entry in host.told("control")]
    assert [name for n, name in enumerate(changes) if n == 0 or changes[n - 1] != name] == host.controls()
