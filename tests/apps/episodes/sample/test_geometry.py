"""Laws of the drawn scene: arms keep their lengths, things do not jump, cameras see where they look."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.episodes.sample.geometry import (
    FOREARM,
    UPPER_ARM,
    Camera,
    Carry,
    Grip,
    Motion,
    arm_joints,
    carried,
    point,
)
from apps.episodes.sample.scene import HEAD_CAMERA, LEFT_BASE, SIZE

workspace = st.builds(point, st.floats(0.12, 0.45), st.floats(-0.2, 0.3), st.floats(0.0, 0.2))
turns = st.floats(-1, 1)


@given(workspace, turns)
def test_links_keep_their_lengths(place: np.ndarray, yaw: float) -> None:
    shoulder, elbow, wrist = arm_joints(LEFT_BASE, Grip(place, 1.0, yaw))
    reach = float(np.linalg.norm(wrist - shoulder))

    assert np.linalg.norm(elbow - shoulder) == pytest.approx(UPPER_ARM, rel=1e-3)
    if reach < (UPPER_ARM + FOREARM) * 0.99:
        assert np.linalg.norm(wrist - elbow) == pytest.approx(FOREARM, rel=1e-6)
        assert elbow[2] > (shoulder[2] + wrist[2]) / 2


@given(workspace)
def test_the_axes_of_the_paper_in_the_head_camera(place: np.ndarray) -> None:
    """Forward and up are up in the image, left is left."""
    steps = np.stack([place, place + point(0.02, 0, 0), place + point(0, 0.02, 0), place + point(0, 0, 0.02)])
    (here, forward, left, up), depth = HEAD_CAMERA.project(steps)

    assert forward[1] < here[1]
    assert left[0] < here[0]
    assert up[1] < here[1]
    assert depth.min() > 0


@given(workspace)
def test_a_camera_sees_its_target_in_the_middle(target: np.ndarray) -> None:
    camera = Camera.looking(point(-0.4, 0.1, 0.9), target, point(0, 0, 1), 500, SIZE)

    assert camera.project(target[None])[0][0] == pytest.approx([SIZE[0] / 2, SIZE[1] / 2])


@given(workspace, workspace, st.floats(0.3, 2))
def test_a_carried_thing_does_not_jump_and_comes_to_rest(
    start: np.ndarray, goal: np.ndarray, pace: float
) -> None:
    motion = Motion(start).wait(0.2).to(pace, goal).grip(0.2, 0.0)
    rest = goal * point(1, 1, 0)
    carries = (Carry(motion, 0.2, motion.now - 0.1, rest),)
    times = np.arange(0, motion.now + 1, 0.005)

    way = np.array([carried(start, carries, seconds) for seconds in times])

    fastest = (
        2.0 * np.linalg.norm(goal - start) / pace + 2.5
    )  # smoothing peaks at 1.5 times; falling adds to it
    assert np.linalg.norm(np.diff(way, axis=0), axis=1).max() <= fastest * 0.005
    assert way[0] == pytest.approx(start)
    assert way[-1] == pytest.approx(rest)


def test_a_motion_stands_still_before_and_after() -> None:
    home, goal = point(0, 0, 0), point(1, 0, 0)
    motion = Motion(home).wait(1).to(1, goal)

    assert motion.at(-1).place == pytest.approx(home)
    assert motion.at(1.5).place == pytest.approx((home + goal) / 2)
    assert motion.at(9).place == pytest.approx(goal)
