"""Requests of the openpi protocol: written from an observation, and read by our server."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np

from ml.symbols import Symbol
from robot.correction.vsf import guided_images
from robot.environment import JOINTS, Image, Observation, Vector
from robot.policy import SIDE


class RequestError(ValueError):
    """A request that cannot be read; its one sentence says why."""


@dataclass(frozen=True, slots=True)
class Request:
    """What a policy sees: pictures (H, W, 3) RGB by camera, joints (14,) and a prompt."""

    images: Mapping[str, Image]
    state: Vector
    prompt: str


def fit(image: Image, side: int = SIDE) -> Image:
    """Return the picture scaled to fit a square, centred on black (openpi's resize with pad)."""
    height, width = image.shape[:2]
    scale = side / max(height, width)
    inner = max(1, int(height * scale)), max(1, int(width * scale))
    padded = np.zeros((side, side, 3), np.uint8)
    top, left = (side - inner[0]) // 2, (side - inner[1]) // 2
    scaled = cv2.resize(image, inner[::-1], interpolation=cv2.INTER_LINEAR)
    padded[top : top + inner[0], left : left + inner[1]] = scaled
    return padded


def write_request(
    observation: Observation, prompt: str, symbols: Sequence[Symbol] = (), idle: Collection[str] = ()
) -> dict[str, Any]:
    """Return the request's map; with symbols (in pixels of the head picture), what VSF shows of it."""
    images = guided_images(observation.images, symbols, idle)
    return {
        "state": np.asarray(observation.state, np.float32),
        "images": {
            name: np.ascontiguousarray(fit(image).transpose(2, 0, 1)) for name, image in images.items()
        },
        "prompt": prompt,
    }


def read_request(message: object) -> Request:
    """Read a request's map; pictures may have any size, channels first or last."""
    if not isinstance(message, Mapping) or not isinstance(message.get("images"), Mapping):
        raise RequestError("a request must be a map with images, state and prompt")
    state = np.asarray(message.get("state"))
    if state.shape != (JOINTS,) or state.dtype.kind not in "fiu" or not np.isfinite(state).all():
        raise RequestError(f"state must be ({JOINTS},) finite numbers")
    prompt = message.get("prompt", "")
    if not isinstance(prompt, str):
        raise RequestError("prompt must be a text")
    images = {str(name): _image(str(name), value) for name, value in message["images"].items()}
    return Request(images, state.astype(np.float32), prompt)


def _image(name: str, value: object) -> Image:
    image = np.asarray(value)
    if image.dtype != np.uint8 or image.ndim != 3:
        raise RequestError(f"the picture of {name} must be uint8 (3, H, W)")
    if image.shape[2] != 3:
        image = image.transpose(1, 2, 0)
    if image.shape[2] != 3 or 0 in image.shape:
        raise RequestError(f"the picture of {name} must be uint8 (3, H, W)")
    return np.ascontiguousarray(image)
