"""What the live side asks of a robot, simulated or real: observe, act, and now and then a depth picture.

Time is the robot's own, in seconds, never going back; over the wire, of a robot that does not wait, it is put
on the supervisor's monotonic clock. Joint vectors are those of ALOHA: six joints of the
left arm in radians, its gripper from 0 (closed) to 1 (open), then the same of the right arm.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
"""A picture (H, W, 3), RGB. Nobody writes into one: it is shared by all who read it."""
Depth = npt.NDArray[np.float32]
"""Distances along the optical axis (H, W), in metres."""
Vector = npt.NDArray[np.float32]
"""Joints (14,)."""
Matrix = npt.NDArray[np.float64]

JOINTS: Final = 14
GRIPPERS: Final = {"left": 6, "right": 13}
ARMS: Final = {"left": slice(0, 6), "right": slice(7, 13)}
HEAD: Final = "cam_high"
WRISTS: Final = {"left": "cam_left_wrist", "right": "cam_right_wrist"}


class EnvironmentLost(Exception):  # noqa: N818  # a state of the world, as ConnectionClosed is
    """The robot cannot be reached, or answers what is no observation."""


@dataclass(frozen=True, slots=True)
class Observation:
    """What the robot saw and felt at one moment.

    `sequence` counts observations of a rollout from 0. `image_times` says when each picture was taken; a
    camera that is not named there was as fresh as `time`. Between two pictures a camera repeats its array.
    """

    sequence: int
    time: float
    state: Vector
    images: Mapping[str, Image]
    image_times: Mapping[str, float] = field(default_factory=dict)

    def image_time(self, camera: str) -> float:
        """Return when that camera's picture was taken."""
        return self.image_times.get(camera, self.time)


@dataclass(frozen=True, slots=True)
class Camera:
    """A camera's picture size and, where it stands still and is calibrated, its pinhole model.

    `intrinsics` is (3, 3) in pixels. `pose` is (4, 4), from the camera's axes (x right, y down, z along the
    optical axis) to the robot's base axes (x right, y forward, z up), in metres. A pixel's centre is at
    whole numbers plus one half.
    """

    width: int
    height: int
    intrinsics: Matrix | None = None
    pose: Matrix | None = None

    @property
    def calibrated(self) -> bool:
        """Whether points of the world can be put on its picture and back."""
        return self.intrinsics is not None and self.pose is not None


@dataclass(frozen=True, slots=True)
class EnvironmentInfo:
    """What does not change while a robot is connected: its name, cameras, rate, and the task's text."""

    name: str
    cameras: Mapping[str, Camera]
    hertz: float = 50.0
    task: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a rollout stands, from whoever knows: the simulator's truth or a person.

    `success` is None while nobody can tell. `truth` is any JSON a simulator wants kept beside it.
    """

    success: bool | None = None
    truth: Mapping[str, Any] = field(default_factory=dict)


class Environment(Protocol):
    """A robot. A simulator steps one control period in `act`; a real robot takes it as its next target."""

    @property
    def info(self) -> EnvironmentInfo:
        """What the robot is."""

    def reset(self, options: Mapping[str, Any]) -> None:
        """Begin a rollout: the next observation has sequence 0. What options there are is the robot's own."""

    def observe(self) -> Observation:
        """Return the newest observation at once; raises EnvironmentLost."""

    def act(self, action: Vector) -> None:
        """Take joint targets (14,) for one control period; raises EnvironmentLost."""

    def depth(self, camera: str) -> Depth | None:
        """Return that camera's depth now, or None where it has none."""

    def outcome(self) -> Outcome:
        """Tell how the rollout stands."""

    def close(self) -> None:
        """Let go of the robot."""
