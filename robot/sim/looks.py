"""What the scene's surfaces look like: textures drawn from seeded noise, and the materials that wear them."""

from __future__ import annotations

from typing import Any, Final

import cv2
import mujoco
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]

_SIDE: Final = 512
_OAK: Final = np.array([[176, 128, 82], [205, 160, 112]], float)
_PINE: Final = np.array([[208, 178, 134], [228, 203, 164]], float)
_PLASTER: Final = np.array([[206, 214, 212], [220, 227, 224]], float)

SHEEN: Final = {  # name: color, specular, shininess
    "red": ((0.84, 0.13, 0.11), 0.35, 0.5),
    "blue": ((0.12, 0.29, 0.78), 0.4, 0.5),
    "navy": ((0.10, 0.22, 0.62), 0.5, 0.7),
    "pink": ((0.98, 0.60, 0.72), 0.45, 0.6),
    "felt": ((0.15, 0.15, 0.17), 0.02, 0.1),
    "yellow": ((0.95, 0.76, 0.16), 0.3, 0.4),
    "steel": ((0.55, 0.57, 0.60), 0.8, 0.8),
    "handle": ((0.20, 0.21, 0.23), 0.7, 0.8),
    "arm": ((0.17, 0.18, 0.20), 0.45, 0.5),
    "finger": ((0.30, 0.31, 0.34), 0.3, 0.4),
    "skin": ((0.87, 0.66, 0.53), 0.15, 0.3),
    "sleeve": ((0.24, 0.42, 0.38), 0.05, 0.1),
    "paint": ((0.80, 0.82, 0.80), 0.0, 0.1),
    "skirting": ((0.95, 0.95, 0.93), 0.1, 0.2),
}


def add_materials(spec: mujoco.MjSpec) -> None:
    """Add every material by name; the noise is the same in every scene."""
    noise = np.random.default_rng(7)
    _textured(spec, "table_wood", _wood(noise, _OAK, planks=4), repeat=(1, 1), specular=0.25)
    _textured(spec, "pine", _wood(noise, _PINE, planks=1), repeat=(1, 1), specular=0.1)
    _textured(spec, "plaster", _blend(_PLASTER, _grain(noise, (_SIDE, _SIDE), 9)), repeat=(2, 1), specular=0)
    for name, (color, specular, shininess) in SHEEN.items():
        spec.add_material(name=name, rgba=[*color, 1], specular=specular, shininess=shininess)
    for name, glow in (("plaster", 0.28), ("paint", 0.3), ("skirting", 0.1)):
        spec.material(name).emission = glow  # lit by a window that is no lamp of the scene


def _textured(
    spec: mujoco.MjSpec, name: str, pixels: Pixels, repeat: tuple[int, int], specular: float
) -> None:
    kind: Any = mujoco.mjtTexture.mjTEXTURE_2D
    texture = spec.add_texture(name=name, type=kind, width=_SIDE, height=_SIDE, nchannel=3)
    texture.data = pixels.tobytes()
    material = spec.add_material(name=name, texrepeat=repeat, specular=specular, shininess=0.4)
    material.textures[mujoco.mjtTextureRole.mjTEXROLE_RGB] = name


def _wood(noise: np.random.Generator, colors: NDArray[np.float64], planks: int) -> Pixels:
    """Planks side by side, each with a long grain and a tone of its own."""
    boards = []
    for _ in range(planks):
        shape = (_SIDE // planks, _SIDE)
        grain = 0.65 * _streaks(noise, shape) + 0.35 * _grain(noise, shape, 3) + noise.uniform(-0.14, 0.14)
        board = _blend(colors, grain)
        board[:1] = board[:1] * 0.72
        boards.append(board)
    return np.concatenate(boards)


def _streaks(noise: np.random.Generator, shape: tuple[int, int]) -> NDArray[np.float64]:
    """Long lines along the board that wander a little, from 0 to 1."""
    height, width = shape
    lines = cv2.GaussianBlur(noise.random((height, 1)), (1, 0), sigmaX=0.01, sigmaY=1.2)
    drift = cv2.GaussianBlur(noise.normal(size=(1, width)), (0, 0), sigmaX=60) * 55
    rows = np.arange(height)[:, None] + drift + np.zeros((height, width))
    return _stretched(np.interp(rows % height, np.arange(height), lines[:, 0]))


def _grain(noise: np.random.Generator, shape: tuple[int, int], sigma: float) -> NDArray[np.float64]:
    fine = cv2.GaussianBlur(noise.normal(size=shape), (0, 0), sigmaX=sigma * 4, sigmaY=sigma)
    return _stretched(fine)


def _stretched(field: NDArray[Any]) -> NDArray[np.float64]:
    low, high = np.percentile(field, [2, 98])
    return np.asarray(np.clip((field - low) / (high - low), 0, 1), float)


def _blend(colors: NDArray[np.float64], share: NDArray[np.float64]) -> Pixels:
    mixed = colors[0] + (colors[1] - colors[0]) * np.clip(share, 0, 1)[..., None]
    return np.asarray(mixed.round(), np.uint8)
