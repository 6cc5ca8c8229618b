"""The environment wire's messages, written and read; whatever is malformed is a WireError."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from robot.environment import JOINTS, Camera, Depth, EnvironmentInfo, Image, Matrix, Observation, Outcome
from robot.packing import PackingError, pack, unpack
from robot.wire import PROTOCOL

Message = dict[str, Any]
_NOTHING: Final[Mapping[str, Image]] = {}


class WireError(ValueError):
    """A message that is none of the protocol's; its one sentence says why."""


def read_message(data: bytes | str) -> Message:
    """Return a message, which has a `type`."""
    if isinstance(data, str):
        raise WireError("a text frame is no message")
    try:
        message = unpack(data)
    except PackingError as error:
        raise WireError(str(error)) from error
    if not isinstance(message, dict) or not isinstance(message.get("type"), str):
        raise WireError("a message must be a map with a type")
    return message


def write_info(info: EnvironmentInfo) -> bytes:
    """Return the server's first message."""
    cameras = {
        name: {"width": c.width, "height": c.height, "intrinsics": c.intrinsics, "pose": c.pose}
        for name, c in info.cameras.items()
    }
    return pack(
        {"type": "info", "protocol": PROTOCOL, "name": info.name, "hertz": info.hertz, "task": info.task,
         "cameras": cameras}
    )  # fmt: skip


def read_info(message: Message) -> EnvironmentInfo:
    """Read the server's first message."""
    if message.get("protocol") != PROTOCOL:
        raise WireError(f"the robot speaks {message.get('protocol')!r}, not {PROTOCOL!r}")
    try:
        cameras = {str(name): _camera(raw) for name, raw in message["cameras"].items()}
        info = EnvironmentInfo(str(message["name"]), cameras, float(message["hertz"]), str(message["task"]))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"the robot's description cannot be read: {error!r}") from error
    if not 0 < info.hertz <= 1000:
        raise WireError(f"{info.hertz} is no control rate; it must be from 0 to 1000 Hz")
    return info


def _camera(raw: Mapping[str, Any]) -> Camera:
    matrices = [_matrix(raw.get(key), extent) for key, extent in (("intrinsics", 3), ("pose", 4))]
    return Camera(int(raw["width"]), int(raw["height"]), matrices[0], matrices[1])


def _matrix(value: object, extent: int) -> Matrix | None:
    if value is None:
        return None
    matrix = np.asarray(value, np.float64)
    if matrix.shape != (extent, extent) or not np.isfinite(matrix).all():
        raise ValueError(f"a matrix must be ({extent}, {extent}) and finite")
    return matrix


def write_observation(observation: Observation, before: Mapping[str, Image] = _NOTHING) -> bytes:
    """Return an observation; pictures that are the very arrays of `before` are left out."""
    images = {name: image for name, image in observation.images.items() if before.get(name) is not image}
    return pack(
        {"type": "observation", "sequence": observation.sequence, "time": observation.time,
         "state": observation.state, "images": images, "image_times": dict(observation.image_times)}
    )  # fmt: skip


def read_observation(message: Message, before: Mapping[str, Image] = _NOTHING) -> Observation:
    """Read an observation; pictures that are left out are those of `before`."""
    try:
        state = np.asarray(message["state"], np.float32)
        if state.shape != (JOINTS,):
            raise WireError(f"a state must be ({JOINTS},), not {state.shape}")
        images = {**before, **{str(name): _image(image) for name, image in message["images"].items()}}
        times = {str(name): float(time) for name, time in message["image_times"].items()}
        return Observation(int(message["sequence"]), float(message["time"]), state, images, times)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise WireError(f"an observation cannot be read: {error}") from error


def _image(value: object) -> Image:
    if not isinstance(value, np.ndarray) or value.dtype != np.uint8 or value.ndim != 3 or value.shape[2] != 3:
        raise WireError("a picture must be uint8 (H, W, 3)")
    return value


def read_depth(message: Message) -> Depth | None:
    """Read the answer to a question for depth."""
    depth = message.get("depth")
    if depth is None:
        return None
    if not isinstance(depth, np.ndarray) or depth.ndim != 2 or depth.dtype.kind != "f":
        raise WireError("a depth picture must be floats (H, W)")
    return np.asarray(depth, np.float32)


def read_outcome(message: Message) -> Outcome:
    """Read how the rollout stands."""
    success, truth = message.get("success"), message.get("truth")
    if success not in (None, True, False) or not isinstance(truth, dict):
        raise WireError("an outcome must have success (true, false or null) and truth (a map)")
    return Outcome(success, truth)


def write(kind: str, **fields: object) -> bytes:
    """Return any other message."""
    return pack({"type": kind, **fields})
