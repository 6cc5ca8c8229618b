"""Where a point of the world is on a calibrated camera's picture, and back again with a depth."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from robot.environment import Camera, Matrix

Array = npt.NDArray[np.float64]


class NotCalibrated(ValueError):  # noqa: N818  # a lack, not a fault
    """A camera of which nobody knows where it stands."""


def project(camera: Camera, points: npt.ArrayLike) -> Array:
    """Return the pixels (..., 2) of points (..., 3) in metres; behind the camera they are NaN."""
    intrinsics, pose = _calibration(camera)
    seen = (np.asarray(points, np.float64) - pose[:3, 3]) @ pose[:3, :3]
    depth = np.where(seen[..., 2:] > 1e-6, seen[..., 2:], np.nan)
    pixels: Array = (seen / depth) @ intrinsics.T
    return pixels[..., :2]


def back_project(camera: Camera, pixel: npt.ArrayLike, depth: float) -> Array:
    """Return the point (3,) in metres seen at a pixel (2,) at that distance along the optical axis."""
    intrinsics, pose = _calibration(camera)
    x, y = np.asarray(pixel, np.float64)
    ray = np.linalg.solve(intrinsics, [x, y, 1.0])
    return np.asarray(pose[:3, :3] @ (ray * depth) + pose[:3, 3])


def on_plane(camera: Camera, pixel: npt.ArrayLike, height: float) -> Array:
    """Return the point (3,) in metres seen at a pixel (2,) on the horizontal plane at that height."""
    _, pose = _calibration(camera)
    through = back_project(camera, pixel, 1.0) - pose[:3, 3]
    share = (height - pose[2, 3]) / through[2]
    return np.asarray(pose[:3, 3] + share * through)


def _calibration(camera: Camera) -> tuple[Matrix, Matrix]:
    if camera.intrinsics is None or camera.pose is None:
        raise NotCalibrated("a camera that is not calibrated cannot tell where a point is")
    return camera.intrinsics, camera.pose
