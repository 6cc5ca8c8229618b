"""Recordings that are made up: a red cube on a grey table, moving as the signals say."""

from pathlib import Path

import numpy as np
import pytest

import robot.sim  # noqa: F401  # chooses what MuJoCo draws with, before any test imports it
from robot.formats import Camera, Recording, Series
from robot.formats.recording import aloha_axes

HEIGHT, WIDTH, ROWS, FPS = 48, 64, 12, 25.0
RED = (200, 30, 25)
CAMERAS = ("cam_high", "cam_left_wrist", "cam_right_wrist")


def cube(row: int, camera: int) -> np.ndarray:
    """A red cube of 16 pixels whose place says which frame of which camera this is."""
    picture = np.full((HEIGHT, WIDTH, 3), 120, np.uint8)
    picture[8 + 8 * camera : 24 + 8 * camera, 2 * row : 2 * row + 16] = RED
    return picture


def where(picture: np.ndarray) -> tuple[int, int]:
    """Row and camera that a picture of `cube` shows; fails where the cube is not red."""
    red = (picture[..., 0].astype(int) - picture[..., 2] > 60) & (picture[..., 1] < 90)
    assert red.sum() > 150, "there is no red cube"
    ys, xs = np.nonzero(red)
    return round((xs.mean() - 7.5) / 2), round((ys.mean() - 15.5) / 8)


def make_recording(name: str = "episode_0", rows: int = ROWS, task: str = "Put the cube away.") -> Recording:
    rng = np.random.default_rng(rows)
    series = tuple(
        Series(quantity, aloha_axes(14), rng.normal(size=(rows, 14)).astype(np.float32))
        for quantity in ("position", "velocity", "effort", "action")
    )
    cameras = {
        camera: Camera(lambda number=number: (cube(row, number) for row in range(rows)))
        for number, camera in enumerate(CAMERAS)
    }
    return Recording(name, rows, cameras, series, task, FPS, "rgb")


@pytest.fixture
def recording() -> Recording:
    return make_recording()


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
