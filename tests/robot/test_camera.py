import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from robot.camera import back_project, on_plane, project
from robot.environment import Camera

PITCH = 0.93  # looking forward and down from above the table
POSE = np.eye(4)
POSE[:3, :3] = np.array([[1, 0, 0], [0, -np.sin(PITCH), np.cos(PITCH)], [0, -np.cos(PITCH), -np.sin(PITCH)]])
POSE[:3, 3] = [0, 0.02, 0.75]
CAMERA = Camera(640, 480, np.array([[433.0, 0, 320], [0, 433.0, 240], [0, 0, 1]]), POSE)


@given(st.floats(0, 640), st.floats(0, 480), st.floats(0.1, 3))
def test_projecting_undoes_back_projecting(x, y, depth):
    np.testing.assert_allclose(project(CAMERA, back_project(CAMERA, (x, y), depth)), (x, y), atol=1e-6)


@given(st.floats(-0.4, 0.4), st.floats(0.3, 0.8))
def test_a_point_on_a_plane_is_found_from_its_pixel(x, y):
    point = np.array([x, y, 0.02])
    np.testing.assert_allclose(on_plane(CAMERA, project(CAMERA, point), 0.02), point, atol=1e-9)


def test_forward_is_up_and_left_is_left_and_behind_is_nowhere():
    here, forward, left = project(CAMERA, [[0, 0.5, 0], [0, 0.6, 0], [-0.1, 0.5, 0]])
    assert forward[1] < here[1]
    assert left[0] < here[0]
    assert np.isnan(project(CAMERA, [0, -2.0, 2.0])).all()
