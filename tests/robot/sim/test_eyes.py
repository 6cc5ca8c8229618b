"""Pictures against geometry: a point is where segmentation and depth say; recordings repeat by the byte."""

import numpy as np
import pytest

pytest.importorskip("mujoco", reason="The simulator is not installed; `make robot` installs it.")

from robot.sim.camera import back_project, project
from robot.sim.eyes import looking
from robot.sim.layout import draw_layout
from robot.sim.recording import record
from robot.sim.trial import Trial

CUBE_DIAGONAL = 0.0312  # metres from a cube's middle to its corner


@pytest.fixture(scope="module")
def seen():
    trial = Trial.begin("place_two", 3)
    with looking(trial.world) as eyes:
        yield (
            trial,
            eyes.color(),
            eyes.depth(),
            {n: eyes.mask(n) for n in draw_layout("place_two", 3).objects},
        )


@pytest.mark.parametrize("name", ["red_cube", "eraser"])
def test_projection_is_within_2_pixels_of_segmentation(seen, name):
    trial, _, _, masks = seen
    rows, columns = np.nonzero(masks[name])
    middle = np.array([columns.mean(), rows.mean()]) + 0.5
    pixel, _ = project(trial.camera, trial.world.position(name))
    assert np.hypot(*(pixel - middle)) <= 2


def test_depth_leads_back_to_the_cubes_surface(seen):
    trial, _, depth, _ = seen
    middle = trial.world.position("red_cube")
    pixel, _ = project(trial.camera, middle)
    point = back_project(trial.camera, pixel, depth[int(pixel[1]), int(pixel[0])])
    assert np.linalg.norm(point - middle) <= CUBE_DIAGONAL + 0.001


def test_the_place_is_lit_and_things_differ(seen):
    _, picture, _, masks = seen
    assert picture.mean() > 100
    colors = np.array([picture[mask].mean(0) for mask in masks.values()])
    apart = np.linalg.norm(colors[:, None] - colors[None], axis=-1)[np.triu_indices(len(colors), 1)]
    assert apart.min() > 60


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_same_seed_gives_the_same_bytes(tmp_path):
    for name in ("one", "two"):
        record("place_two", ["task_planning"], 5, tmp_path / name, ("cam_high",))
    files = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert len(files) == 3
    for name in files:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
