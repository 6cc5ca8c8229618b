"""How to grasp what is at a point: by its shape in the depth picture, or as a GraspNet server says."""

from __future__ import annotations

import base64
import json
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Protocol

import numpy as np

from robot.camera import Array
from robot.correction.targets import NoMotion
from robot.environment import Camera, Depth, Image
from robot.kinematics import downward

_AROUND: Final = 0.06
_STANDS_OUT: Final = 0.008
_WIDEST: Final = 0.10
_DEEP: Final = 0.018


@dataclass(frozen=True, slots=True)
class Scene:
    """What the head camera sees: a picture (H, W, 3), depth (H, W) in metres, and its pinhole model."""

    image: Image
    depth: Depth
    camera: Camera


@dataclass(frozen=True, slots=True)
class Grasp:
    """Where the tip closes (3,) in metres, and how it is turned (3, 3): x along, y across the fingers."""

    point: Array
    rotation: Array


class Grasps(Protocol):
    """Estimates a grasp pose."""

    def grasp(self, arm: str, point: Array, scene: Scene) -> Grasp | None:
        """Return how to grasp what is at a point (3,); None where nothing there can be grasped."""


def cloud(scene: Scene, point: Array, around: float) -> Array:
    """Return what the camera sees within so many metres of a point, sideways (n, 3)."""
    intrinsics, pose = scene.camera.intrinsics, scene.camera.pose
    if intrinsics is None or pose is None:
        raise NoMotion("the camera is not calibrated")
    rows, columns = np.mgrid[: scene.depth.shape[0], : scene.depth.shape[1]]
    known = np.isfinite(scene.depth) & (scene.depth > 0)
    pixels = np.stack([columns[known] + 0.5, rows[known] + 0.5, np.ones(known.sum())], axis=1)
    rays = pixels @ np.linalg.inv(intrinsics).T * scene.depth[known][:, None]
    points = rays @ pose[:3, :3].T + pose[:3, 3]
    near = np.abs(points[:, :2] - point[:2]).max(axis=1) < around
    return np.asarray(points[near])


class GeometricGrasps:
    """From above, across the narrow side of what stands out of its surroundings."""

    def grasp(self, arm: str, point: Array, scene: Scene) -> Grasp | None:
        """Return a grasp of what stands out around the point, a little below its top."""
        points = cloud(scene, point, _AROUND)
        if len(points) < 20:
            return None
        floor = float(np.percentile(points[:, 2], 20))
        body = points[points[:, 2] > floor + _STANDS_OUT]
        if len(body) < 20 or point[2] < floor + _STANDS_OUT / 2:
            return None
        centre, axes = body[:, :2].mean(axis=0), np.linalg.eigh(np.cov((body[:, :2]).T))[1]
        widths = np.ptp((body[:, :2] - centre) @ axes, axis=0)
        if widths[0] > _WIDEST:
            return None
        long_axis = axes[:, 1]
        yaw = float(np.arctan2(long_axis[1], long_axis[0]))
        yaw = (yaw + np.pi / 2) % np.pi - np.pi / 2
        top = float(np.percentile(body[:, 2], 90))
        return Grasp(np.array([*centre, max(top - _DEEP, floor + 0.01)]), downward(arm, yaw))


class GraspNetGrasps:
    """Asks a GraspNet server over HTTP.

    `POST URL` with JSON `{"rgb", "depth": {"data": base64, "dtype", "shape"}, "intrinsics": [[...]], "point":
    [x, y, z]}`, depth in metres, the point in the camera's axes; answered `{"grasps": [{"pose": 4x4,
    "score"}]}` in the camera's axes, a pose's x along the approach and y across the jaws. The best within
    5 cm is taken.
    """

    def __init__(self, url: str, patience: float) -> None:
        if not url.startswith(("http://", "https://")):
            raise NoMotion(f"{url!r} is no address of a grasp server")
        self._url, self._patience = url, patience

    def grasp(self, arm: str, point: Array, scene: Scene) -> Grasp | None:
        """Return the server's best grasp near the point; raises NoMotion where it does not answer."""
        intrinsics, pose = scene.camera.intrinsics, scene.camera.pose
        if intrinsics is None or pose is None:
            raise NoMotion("the camera is not calibrated")
        seen = pose[:3, :3].T @ (point - pose[:3, 3])
        body = {
            "rgb": _array(scene.image), "depth": _array(scene.depth), "intrinsics": intrinsics.tolist(),
            "point": seen.tolist(),
        }  # fmt: skip
        best = self._best(self._ask(body), seen)
        if best is None:
            return None
        turned = pose @ best
        return Grasp(turned[:3, 3], turned[:3, :3])

    def _ask(self, body: Mapping[str, Any]) -> list[Any]:
        request = urllib.request.Request(  # noqa: S310  # http or https, by the constructor
            self._url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=self._patience) as response:  # noqa: S310
                return list(json.loads(response.read(2**20))["grasps"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise NoMotion(f"the grasp server gave no grasps: {error}") from error

    def _best(self, grasps: list[Any], seen: Array) -> Array | None:
        found: list[tuple[float, Array]] = []
        for raw in grasps:
            try:
                pose, score = np.asarray(raw["pose"], np.float64), float(raw["score"])
            except (TypeError, KeyError, ValueError) as error:
                raise NoMotion(f"the grasp server gave what is no grasp: {error}") from error
            near = pose.shape == (4, 4) and np.linalg.norm(pose[:3, 3] - seen) < 0.05
            if near and np.isfinite(pose).all():
                found.append((score, pose))
        return max(found, key=lambda each: each[0])[1] if found else None


def _array(array: Image | Depth) -> dict[str, Any]:
    data = base64.b64encode(np.ascontiguousarray(array).tobytes()).decode()
    return {"data": data, "dtype": array.dtype.str, "shape": list(array.shape)}
