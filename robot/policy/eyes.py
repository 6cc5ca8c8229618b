"""Finds things in the head picture by their colors, and where they are on the table."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from robot.camera import Array, on_plane, project
from robot.environment import Image
from robot.policy.calibration import BOTTOM_HANDLE, HEAD_CAMERA, LOOKS, Look

_DARKER = 40

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing: its middle (3,) in metres, and its yaw in radians where it is long."""

    point: Array
    yaw: float


def to_camera(image: Image, pixels: npt.ArrayLike) -> Array:
    """Return where pixels' middles (n, 2) of a scaled and padded picture are on the camera's own picture."""
    height, width = image.shape[:2]
    scale = max(height, width) / max(HEAD_CAMERA.width, HEAD_CAMERA.height)
    inner = np.array([int(HEAD_CAMERA.width * scale), int(HEAD_CAMERA.height * scale)])
    corner = (np.array([width, height]) - inner) // 2
    return np.asarray((np.asarray(pixels, np.float64) + 0.5 - corner) / scale)


def find(image: Image, name: str) -> Seen | None:
    """Return the largest thing of that look; None where there is none to be seen."""
    look = LOOKS[name]
    pixels = _largest(_mask(image, look), look.area * 1e-6 * image.shape[0] * image.shape[1])
    if pixels is None:
        return None
    on_table = np.array([on_plane(HEAD_CAMERA, pixel, look.height) for pixel in to_camera(image, pixels)])
    middle = on_plane(HEAD_CAMERA, to_camera(image, pixels).mean(axis=0), look.height)
    point = np.array([*(middle[:2] - look.offset), look.middle])
    return Seen(point, _yaw(on_table[:, :2]) if look.long else 0.0)


def drawer_is_open(image: Image) -> bool:
    """Whether the bottom drawer's dark handle is seen where it is when open, not where it is when shut."""
    dark = [_darkness(image, BOTTOM_HANDLE - np.array([0, out, 0])) for out in (0.0, 0.10)]
    return dark[1] > dark[0] + _DARKER


def _darkness(image: Image, point: Array) -> float:
    """How dark the darkest place near a point of the world is, from 0 to 255."""
    scale = max(image.shape[:2]) / HEAD_CAMERA.width
    corner = (np.array(image.shape[1::-1]) - np.array([640, 480]) * scale) / 2
    x, y = (project(HEAD_CAMERA, point) * scale + corner).astype(int)
    reach = max(2, round(8 * scale))
    patch = image[y - reach : y + reach + 1, x - reach : x + reach + 1].max(axis=2)
    return 255 - float(patch.min())


def _mask(image: Image, look: Look) -> Mask:
    hue, saturation, value = cv2.split(cv2.cvtColor(image, cv2.COLOR_RGB2HSV))
    hues = np.any([(hue >= low) & (hue <= high) for low, high in look.hues], axis=0)
    colored = (saturation >= look.saturation[0]) & (saturation <= look.saturation[1])
    lit = (value >= look.value[0]) & (value <= look.value[1])
    return np.asarray(hues & colored & lit)


def _largest(mask: Mask, least: float) -> npt.NDArray[np.intp] | None:
    """The pixels (n, 2) of the largest connected part."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
    if count < 2:
        return None
    areas = stats[1:, cv2.CC_STAT_AREA]
    if areas.max() < least:
        return None
    rows, columns = np.nonzero(labels == 1 + int(areas.argmax()))
    return np.stack([columns, rows], axis=1)


def _yaw(points: Array) -> float:
    """The direction of a cloud's long axis, from -90 to 90 degrees, in radians."""
    axes = np.linalg.eigh(np.cov(points.T))[1]
    angle = float(np.arctan2(axes[1, 1], axes[0, 1]))
    return (angle + np.pi / 2) % np.pi - np.pi / 2
