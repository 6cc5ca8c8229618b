"""Laws of the action gate: what passes is finite and inside every limit; what is no number never passes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from robot.environment import HEAD, JOINTS, Observation
from robot.supervisor.gate import Limits, Passed, Refused, check_action, check_observation
from tests.robot.pictures import observation

LIMITS = Limits()
PERIOD = 0.02
any_float = st.floats(width=32, allow_nan=True, allow_infinity=True)
anything = arrays.arrays(np.float32, JOINTS, elements=any_float)
finite = arrays.arrays(np.float32, JOINTS, elements=st.floats(-50, 50, width=32))


def inside():
    shares = arrays.arrays(np.float32, JOINTS, elements=st.floats(0, 1, width=32))
    return shares.map(lambda s: np.clip(LIMITS.low + s * (LIMITS.high - LIMITS.low), LIMITS.low, LIMITS.high))


@given(anything, finite, inside())
def test_what_passes_is_finite_and_inside_the_limits(action, state, last):
    result = check_action(action, state, last, PERIOD, LIMITS)
    if not np.isfinite(action).all():
        assert isinstance(result, Refused)
        return
    passed = result.action
    assert np.isfinite(passed).all()
    assert (passed >= LIMITS.low).all()
    assert (passed <= LIMITS.high).all()
    assert (np.abs(passed - last) <= PERIOD * LIMITS.velocity + 1e-6).all()


@given(inside(), inside())
def test_a_target_is_never_farther_from_the_joint_than_it_was_or_than_a_step(action, last):
    state = last  # the robot is where it was told to be
    passed = check_action(action, state, last, PERIOD, LIMITS).action
    assert (np.abs(passed - state) <= LIMITS.step + 1e-6).all()


@given(inside())
def test_an_action_inside_all_limits_passes_unchanged(action):
    assert check_action(action, action, action, PERIOD, LIMITS).clamped == ()
    np.testing.assert_array_equal(check_action(action, action, action, PERIOD, LIMITS).action, action)


@given(inside(), finite, inside())
def test_the_gate_passes_its_own_actions_again(action, state, last):
    once = check_action(action, state, last, PERIOD, LIMITS)
    again = check_action(once.action, once.action, last, PERIOD, LIMITS)
    np.testing.assert_allclose(again.action, once.action, atol=1e-6)


@pytest.mark.parametrize(
    "action",
    [None, [0.0] * JOINTS, np.zeros(7), np.zeros((1, JOINTS)), np.zeros(JOINTS, bool),
     np.array(["x"] * JOINTS), np.zeros(JOINTS, complex)],
)  # fmt: skip
def test_what_is_no_action_is_refused(action):
    state = np.zeros(JOINTS, np.float32)
    assert isinstance(check_action(action, state, state, PERIOD, LIMITS), Refused)


def test_a_huge_number_is_clamped_and_a_state_that_is_none_refused():
    state = np.zeros(JOINTS, np.float32)
    huge = np.full(JOINTS, 1e300)
    assert check_action(huge, state, state, PERIOD, LIMITS).clamped == ("step", "velocity")
    assert isinstance(check_action(state, np.full(JOINTS, np.nan), state, PERIOD, LIMITS), Refused)


def test_which_limit_changed_an_action_is_said():
    state = np.zeros(JOINTS, np.float32)
    far = np.full(JOINTS, 3.0, np.float32)
    assert check_action(far, state, state, 1.0, LIMITS).clamped == ("step",)
    result = check_action(far, far, state, PERIOD, LIMITS)
    assert isinstance(result, Passed)
    assert result.clamped == ("velocity",)
    closed = np.full(JOINTS, -0.01, np.float32)
    assert check_action(closed, state, state, 1.0, LIMITS).clamped == ("position",)


def test_an_old_or_broken_observation_is_refused():
    fresh = observation(time=1.0)
    assert check_observation(fresh, 1.1, LIMITS) == ""
    assert "0.300 s old" in check_observation(fresh, 1.3, LIMITS)
    assert "nan" in check_observation(observation(time=float("nan")), 1.0, LIMITS)
    frozen = Observation(3, 1.0, fresh.state, fresh.images, {HEAD: 0.5})
    assert "head picture" in check_observation(frozen, 1.05, LIMITS)
    assert "no picture" in check_observation(observation(images={}), 0.0, LIMITS)
    assert "finite" in check_observation(observation(state=np.full(JOINTS, np.nan)), 0.0, LIMITS)
