"""Where a point of the world is on a camera's picture, and back again with a depth."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from robot.environment import Camera
from robot.sim.world import Array


def pinhole(model: mujoco.MjModel, data: mujoco.MjData, name: str, width: int, height: int) -> Camera:
    """The camera's model; its pose is where it is now."""
    index = model.camera(name).id
    focal = 0.5 * height / np.tan(np.radians(model.cam_fovy[index]) / 2)
    intrinsics = np.array([[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]])
    pose = np.eye(4)
    flipped = np.diag([1.0, -1.0, -1.0])  # MuJoCo looks along -z with y up
    pose[:3, :3] = data.cam_xmat[index].reshape(3, 3) @ flipped
    pose[:3, 3] = data.cam_xpos[index]
    return Camera(width, height, intrinsics, pose)


def project(camera: Camera, point: Any) -> tuple[Array, float]:
    """The pixel (2,) of a point (3,) in metres, and its distance along the optical axis."""
    intrinsics, pose = _calibration(camera)
    seen = pose[:3, :3].T @ (np.asarray(point, float) - pose[:3, 3])
    on_picture = intrinsics @ (seen / seen[2])
    return np.asarray(on_picture[:2]), float(seen[2])


def back_project(camera: Camera, pixel: Any, depth: float) -> Array:
    """The point (3,) in metres that is seen at a pixel at that distance along the optical axis."""
    intrinsics, pose = _calibration(camera)
    ray = np.linalg.solve(intrinsics, [pixel[0], pixel[1], 1.0])
    return np.asarray(pose[:3, :3] @ (ray * depth) + pose[:3, 3])


def _calibration(camera: Camera) -> tuple[Array, Array]:
    if camera.intrinsics is None or camera.pose is None:
        raise ValueError("a camera that is not calibrated cannot tell where a point is")
    return camera.intrinsics, camera.pose
