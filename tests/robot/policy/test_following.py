"""The policy follows what it sees drawn: the request differs in the head picture's pixels alone."""

import cv2
import numpy as np
import pytest

from ml.symbols import Crosshair, RotatingArrow, StateLabel, StraightArrow
from robot.camera import project
from robot.environment import GRIPPERS, HEAD, WRISTS, Observation
from robot.kinematics import HOME, downward, reach, tip
from robot.policy.calibration import HEAD_CAMERA
from robot.policy.following import find_arrow, find_sign, follow, is_guided
from robot.policy.requests import read_request, write_request
from robot.policy.scripted import ScriptedPolicy

OVER_TABLE = {
    arm: reach(arm, HOME, [0.16 * side, 0.46, 0.12], downward(arm, 0))
    for arm, side in (("left", -1), ("right", 1))
}


def table(seed=0):
    """A wooden table with things of many colors on it."""
    random = np.random.default_rng(seed)
    image = np.full((480, 640, 3), (190, 140, 95), np.uint8)
    image = np.clip(image + random.normal(0, 6, (480, 1, 1)), 0, 255).astype(np.uint8)
    for color in ((215, 35, 30), (30, 75, 200), (240, 195, 40), (250, 150, 185), (40, 45, 50)):
        x, y = (int(v) for v in random.integers(60, 420, 2))
        cv2.rectangle(image, (x, y), (x + 30, y + 22), color, -1)
    return image


def seen(state, *symbols, idle=("right",), prompt="Follow.", seed=0):
    wrist = np.full((480, 640, 3), 90, np.uint8)
    images = {HEAD: table(seed), WRISTS["left"]: wrist, WRISTS["right"]: wrist}
    message = write_request(Observation(0, 0.0, state, images), prompt, symbols, idle)
    return read_request(message)


def pixel(arm, state):
    return project(HEAD_CAMERA, tip(arm, state)[0])


def arrow(arm, state, way, colors):
    start = pixel(arm, state)
    return StraightArrow(tuple(int(v) for v in start), tuple(int(v) for v in start + way), colors)


def moved(arm, state, *symbols, **more):
    """How an arm's tip moves (3,) when it follows."""
    targets = list(follow(seen(state, *symbols, **more)))
    return (tip(arm, targets[-1])[0] if targets else tip(arm, state)[0]) - tip(arm, state)[0]


@pytest.mark.parametrize(
    ("way", "colors", "axis", "sign"),
    [
        ((-80, 0), ("green",), 0, -1),
        ((80, 0), ("green",), 0, 1),
        ((0, -60), ("red",), 1, 1),
        ((0, 60), ("red",), 1, -1),
        ((0, -50), ("blue",), 2, 1),
        ((0, 40), ("blue",), 2, -1),
    ],
)
@pytest.mark.parametrize("arm", ["left", "right"])
def test_changing_only_the_drawn_arrow_changes_the_motion(arm, way, colors, axis, sign):
    state, idle = OVER_TABLE[arm], ("right",) if arm == "left" else ("left",)
    way_of_tip = moved(arm, state, arrow(arm, state, way, colors), idle=idle)
    assert way_of_tip[axis] * sign > 0.02
    others = np.delete(way_of_tip, axis)
    assert np.abs(others).max() < 0.012


def test_an_arrow_ends_where_the_tip_comes_to_be_seen():
    state = OVER_TABLE["left"]
    shown = arrow("left", state, (70, -50), ("green", "red"))
    targets = list(follow(seen(state, shown)))
    assert np.linalg.norm(pixel("left", targets[-1]) - shown.end) < 12


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("way", [(-90, 10), (60, 60), (0, -80), (100, -40)])
@pytest.mark.parametrize(
    "colors", [("red",), ("green",), ("blue",), ("green", "red"), ("red", "green", "blue")]
)
def test_an_arrows_ends_and_colors_are_found_among_things(seed, way, colors):
    shown = StraightArrow((320, 260), (320 + way[0], 260 + way[1]), colors)
    found = find_arrow(seen(HOME, shown, seed=seed).images[HEAD])
    assert found.colors == set(colors)
    assert np.linalg.norm(found.start - shown.start) < 14
    assert np.linalg.norm(found.end - shown.end) < 14


@pytest.mark.parametrize(
    "shown",
    [StateLabel((300, 250), "ON"), StateLabel((300, 250), "OFF"), Crosshair((300, 250)),
     RotatingArrow((300, 250), "clockwise"), RotatingArrow((300, 250), "counter-clockwise")],
)  # fmt: skip
@pytest.mark.parametrize("seed", range(3))
def test_each_sign_is_told_from_the_others(shown, seed):
    sign, where = find_sign(seen(HOME, shown, seed=seed).images[HEAD])
    assert type(sign) is type(shown)
    assert getattr(sign, "text", None) == getattr(shown, "text", None)
    assert getattr(sign, "direction", None) == getattr(shown, "direction", None)
    assert np.linalg.norm(where - (300, 250)) < 12


def test_signs_open_close_and_turn():
    state = OVER_TABLE["left"]
    at = tuple(int(v) for v in pixel("left", state))
    grip = GRIPPERS["left"]
    half = np.array(state)
    half[grip] = 0.5
    assert list(follow(seen(half, StateLabel(at, "ON"))))[-1][grip] == 1
    assert list(follow(seen(half, StateLabel(at, "OFF"))))[-1][grip] == 0
    turns = [
        list(follow(seen(state, RotatingArrow(at, way))))[-1][5] - state[5]
        for way in ("clockwise", "counter-clockwise")
    ]
    assert turns == pytest.approx([np.pi / 4, -np.pi / 4], abs=1e-3)


def test_which_arm_follows_is_seen_in_the_wrists_then_read_in_the_prompt():
    state = np.array(OVER_TABLE["left"])
    state[7:] = OVER_TABLE["right"][7:]
    shown = StraightArrow((320, 280), (240, 280), ("green",))
    assert moved("right", state, shown, idle=("left",))[0] < -0.02
    assert moved("left", state, shown, idle=("left",))[0] == 0
    assert moved("left", state, shown, idle=(), prompt="Move the left gripper to the left.")[0] < -0.02


def test_a_whole_picture_is_no_guidance_and_an_empty_mask_moves_nothing():
    assert not is_guided(seen(HOME))
    empty = seen(HOME, Crosshair((320, 240)))
    assert is_guided(empty)
    blank = read_request(
        write_request(Observation(0, 0.0, HOME, {HEAD: np.zeros((480, 640, 3), np.uint8)}), "")
    )
    assert is_guided(blank)
    assert list(follow(blank)) == []
    chunk = ScriptedPolicy("place_two").infer(blank)
    assert (chunk == HOME).all()
