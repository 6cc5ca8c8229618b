"""Motions to where symbols point, over a table that is computed: a plane, and boxes on it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest

from ml.symbols import Crosshair, DualCrosshair, Lock, RotatingArrow, StateLabel, StraightArrow, parse_command
from robot.camera import back_project, project
from robot.correction.grasping import GeometricGrasps, GraspNetGrasps, Scene
from robot.correction.pmc import MotionRequest, Steps, plan, table_check
from robot.correction.targets import NoMotion
from robot.environment import GRIPPERS, HEAD, Observation
from robot.kinematics import HOME, reach, tip
from robot.policy.calibration import HEAD_CAMERA as CAMERA
from robot.supervisor.gate import Limits, check_action

BOX = (-0.15, 0.46, 0.036, 0.018)
"""Middle x and y, length along y, half the width along x; 36 mm high."""
HIGH = 0.036


def depth_of(box=BOX):
    """What a depth camera sees (480, 640): each pixel's ray meets the box's top or the table."""
    rows, columns = np.mgrid[:480, :640]
    pixels = np.stack([columns + 0.5, rows + 0.5, np.ones_like(rows)], -1)
    rays = pixels @ np.linalg.inv(CAMERA.intrinsics).T @ CAMERA.pose[:3, :3].T
    origin = CAMERA.pose[:3, 3]
    depth = -origin[2] / rays[..., 2]
    if box is not None:
        x, y, half_y, half_x = box
        top = (HIGH - origin[2]) / rays[..., 2]
        met = origin + top[..., None] * rays
        hit = (np.abs(met[..., 0] - x) < half_x) & (np.abs(met[..., 1] - y) < half_y)
        depth = np.where(hit, top, depth)
    return np.where(depth > 0, depth, np.inf).astype(np.float32)


def asked(symbols, command=None, state=HOME, depth=None):
    image = np.zeros((480, 640, 3), np.uint8)
    seen = Observation(0, 0.0, np.asarray(state, np.float32), {HEAD: image})
    parsed = parse_command(command) if command else None
    return MotionRequest(seen, CAMERA, depth_of() if depth is None else depth, tuple(symbols), parsed)


def at(point):
    return tuple(int(v) for v in project(CAMERA, point))


@pytest.mark.parametrize("arm", ["left", "right"])
@pytest.mark.parametrize(("x", "y"), [(0.1, 0.42), (0.2, 0.5), (0.12, 0.6)])
def test_the_tip_comes_within_ten_millimetres_of_the_back_projected_point(arm, x, y):
    pixel = at([-x if arm == "left" else x, y, 0])
    depth = depth_of(None)
    target = back_project(CAMERA, np.array(pixel) + 0.5, float(depth[pixel[1], pixel[0]]))
    arrow = StraightArrow(at(tip(arm, HOME)[0]), pixel, ("red", "green"))
    motion = plan(asked([arrow], f"Move the {arm} gripper to the right.", depth=depth), Steps(), 5)
    assert np.linalg.norm(tip(arm, motion[-1])[0] - target) < 0.010
    other = "right" if arm == "left" else "left"
    np.testing.assert_allclose(tip(other, motion[-1])[0], tip(other, HOME)[0], atol=1e-6)


def test_a_motion_is_smooth_enough_for_the_gate_to_leave_it_alone():
    motion, last = (
        plan(asked([Crosshair(at([-0.2, 0.5, 0]))], "Move the left gripper forward."), Steps(), 5),
        HOME,
    )
    for action in motion:
        assert check_action(action, last, last, 0.02, Limits()).clamped == ()
        last = action


def test_what_stands_out_is_grasped_from_above_across_its_narrow_side():
    crosshair = Crosshair(at([BOX[0], BOX[1], HIGH]))
    motion = plan(asked([crosshair], "Close the left gripper."), Steps(), 5)
    gripper = GRIPPERS["left"]
    closing = int(np.argmin(motion[:, gripper]))
    point, rotation = tip("left", motion[closing])
    assert np.linalg.norm(point[:2] - BOX[:2]) < 0.010
    assert 0.008 < point[2] < HIGH
    assert rotation[2, 0] < -0.99
    assert abs(rotation[0, 1]) > 0.95  # the box is long along y, so the fingers close along x
    assert motion[-1, gripper] == 0
    assert tip("left", motion[-1])[0][2] > point[2] + 0.08


def test_symbols_alone_choose_the_nearest_arm_and_labels_the_grip():
    left = at(tip("left", HOME)[0])
    motion = plan(asked([StateLabel(left, "OFF")]), Steps(), 5)
    assert motion[-1, GRIPPERS["left"]] == 0
    assert motion[-1, GRIPPERS["right"]] == 1
    turned = plan(asked([RotatingArrow(left, "clockwise")]), Steps(), 5)
    assert turned[-1, 5] - HOME[5] == pytest.approx(np.pi / 4)


def test_a_blue_arrow_goes_straight_up_and_crosshairs_shift():
    here = tip("left", HOME)[0]
    up = StraightArrow(at(here), at(here + 0.08 * np.array([0, 0, 1])), ("blue",))
    moved = tip("left", plan(asked([up], "Move the left gripper upward."), Steps(), 5)[-1])[0] - here
    np.testing.assert_allclose(moved, [0, 0, 0.08], atol=0.01)
    pair = DualCrosshair(at([-0.2, 0.45, 0]), at([-0.15, 0.5, 0]))
    depth = depth_of(None)
    shifted = (
        tip("left", plan(asked([pair], "Move the left gripper forward.", depth=depth), Steps(), 5)[-1])[0]
        - here
    )
    np.testing.assert_allclose(shifted, [0.05, 0.05, 0], atol=0.01)


def test_what_cannot_be_done_says_why():
    far = Crosshair((320, 5))  # the wall
    shown = Crosshair(at([-0.2, 0.5, 0]))
    command = "Move the left gripper forward."
    for request, steps, patience, said in (
        (asked([far], command), Steps(), 5, "out of reach|no depth"),
        (asked([shown], command), Steps(check=lambda motion: "the arm would hit the cabinet"), 5, "cabinet"),
        (asked([shown], command), Steps(), -1, "no motion was found within"),
        (asked([Lock((9, 9))], command), Steps(), 5, "no point to go to"),
        (
            asked([shown], command, depth=np.zeros((480, 640), np.float32)),
            Steps(),
            5,
            "no depth at the target",
        ),
        (asked([shown], "Close the left gripper.", depth=depth_of(None)), Steps(), 5, "nothing to grasp"),
    ):
        with pytest.raises(NoMotion, match=said):
            plan(request, steps, patience)


def test_the_table_and_the_other_arm_are_in_the_way():
    def pushed(arm, z):
        return np.array([reach(arm, HOME, [-0.2 if arm == "left" else 0.2, 0.5, z])] * 6)

    assert table_check(pushed("left", 0.02)) == ""
    assert "table" in table_check(pushed("left", -0.03))


class GraspServer(BaseHTTPRequestHandler):
    answer, got = None, None

    def do_POST(self):
        type(self).got = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        body = (
            type(self).answer
            if isinstance(type(self).answer, bytes)
            else json.dumps(type(self).answer).encode()
        )
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def graspnet():
    server = HTTPServer(("127.0.0.1", 0), GraspServer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_a_graspnet_server_is_asked_and_its_best_near_grasp_taken(graspnet):
    scene = Scene(np.zeros((480, 640, 3), np.uint8), depth_of(), CAMERA)
    point = np.array([BOX[0], BOX[1], HIGH])
    own = GeometricGrasps().grasp("left", point, scene)
    pose = np.eye(4)
    pose[:3, :3], pose[:3, 3] = own.rotation, own.point
    seen = np.linalg.inv(CAMERA.pose) @ pose
    far = seen.copy()
    far[0, 3] += 0.3
    GraspServer.answer = {
        "grasps": [
            {"pose": far.tolist(), "score": 0.9},
            {"pose": seen.tolist(), "score": 0.5},
            {"pose": seen.tolist(), "score": 0.1},
        ]
    }
    grasp = GraspNetGrasps(graspnet, 5).grasp("left", point, scene)
    np.testing.assert_allclose(grasp.point, own.point, atol=1e-9)
    np.testing.assert_allclose(grasp.rotation, own.rotation, atol=1e-9)
    assert GraspServer.got["depth"]["shape"] == [480, 640]
    np.testing.assert_allclose(GraspServer.got["intrinsics"], CAMERA.intrinsics)


@pytest.mark.parametrize("answer", [b"<html>", {"grasp": []}, {"grasps": [{"pose": "x"}]}])
def test_a_graspnet_server_that_talks_nonsense_is_no_motion(graspnet, answer):
    GraspServer.answer = answer
    scene = Scene(np.zeros((480, 640, 3), np.uint8), depth_of(), CAMERA)
    with pytest.raises(NoMotion, match="grasp server"):
        GraspNetGrasps(graspnet, 5).grasp("left", np.array([0, 0.5, 0]), scene)
    with pytest.raises(NoMotion, match="grasp server"):
        GraspNetGrasps("http://127.0.0.1:9/", 1).grasp("left", np.array([0, 0.5, 0]), scene)
