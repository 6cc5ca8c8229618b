import os

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.environment import ARMS
from robot.kinematics import HIGH, HOME, LOW, OutOfReach, downward, reach, tip

angles = st.lists(st.floats(0.2, 0.8), min_size=6, max_size=6).map(
    lambda shares: LOW + np.array(shares) * (HIGH - LOW)
)


@given(st.sampled_from(list(ARMS)), angles)
@settings(deadline=None, max_examples=40)
def test_where_a_tip_has_been_it_can_come_back_to(arm, joints):
    state = np.array(HOME)
    state[ARMS[arm]] = joints
    point, rotation = tip(arm, state)
    start = np.array(state)
    start[ARMS[arm]] += 0.1
    there = reach(arm, start, point, rotation)
    assert np.linalg.norm(tip(arm, there)[0] - point) < 0.003
    other = ARMS["right" if arm == "left" else "left"]
    np.testing.assert_array_equal(there[other], HOME[other])


@pytest.mark.parametrize("arm", list(ARMS))
def test_fingers_come_down_over_the_table_and_not_beyond_it(arm):
    side = -1 if arm == "left" else 1
    joints = reach(arm, HOME, [0.15 * side, 0.46, 0.05], downward(arm, 0.2))
    point, rotation = tip(arm, joints)
    np.testing.assert_allclose(point, [0.15 * side, 0.46, 0.05], atol=0.003)
    np.testing.assert_allclose(rotation[:, 0], [0, 0, -1], atol=0.05)
    with pytest.raises(OutOfReach, match="mm short"):
        reach(arm, HOME, [0.15 * side, 2.0, 0.05])


def test_the_arms_are_those_of_gym_aloha():
    """Against MuJoCo's own forward kinematics on the simulator's meshes."""
    pytest.importorskip("robot.sim")  # chooses MuJoCo's renderer for whatever is imported after it
    mujoco, gym = pytest.importorskip("mujoco"), pytest.importorskip("gym_aloha")
    path = os.path.join(os.path.dirname(gym.__file__), "assets", "bimanual_viperx_transfer_cube.xml")
    spec = mujoco.MjSpec.from_file(path)
    for arm in ARMS:
        spec.body(f"vx300s_{arm}/gripper_link").add_site(name=arm, pos=[0.138, 0, 0])
    for key in list(spec.keys):
        spec.delete(key)
    model = spec.compile()
    data, random = mujoco.MjData(model), np.random.default_rng(0)
    for _ in range(20):
        state = np.zeros(14)
        for arm, offset in zip(ARMS, (0, 8), strict=True):
            state[ARMS[arm]] = data.qpos[offset : offset + 6] = random.uniform(LOW, HIGH)
        mujoco.mj_forward(model, data)
        for arm in ARMS:
            point, rotation = tip(arm, state)
            np.testing.assert_allclose(point, data.site(arm).xpos, atol=2e-5)
            np.testing.assert_allclose(rotation.ravel(), data.site(arm).xmat, atol=1e-4)
