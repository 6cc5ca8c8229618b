"""Where things are: the pinhole camera, the arms' joints, motions over time.

World axes as in the paper: x forward, y left, z up, in metres; the table's top is z = 0, the robot at x = 0.
"""

from dataclasses import dataclass
from math import cos, sin, sqrt
from typing import Self

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

UPPER_ARM = FOREARM = 0.31
WRIST_ABOVE_GRIP = 0.115
SHOULDER_HEIGHT = 0.17
GRAVITY = 9.81


def point(x: float, y: float, z: float) -> Array:
    """A place or direction, (3,) in metres."""
    return np.array([x, y, z], dtype=np.float64)


@dataclass(frozen=True)
class Camera:
    """A pinhole camera: `axes` are its right, down and forward directions as rows; focal length in pixels."""

    eye: Array
    axes: Array
    focal: float
    width: int
    height: int

    @classmethod
    def looking(cls, eye: Array, target: Array, up: Array, focal: float, size: tuple[int, int]) -> Self:
        """A camera at `eye` that sees `target` in the middle, with `up` towards the top of the image."""
        forward = (target - eye) / np.linalg.norm(target - eye)
        right = np.cross(forward, up)
        right /= np.linalg.norm(right)
        return cls(eye, np.stack([right, np.cross(forward, right), forward]), focal, *size)

    def project(self, points: Array) -> tuple[Array, Array]:
        """Pixels (N, 2) and depths (N,) in metres of world points (N, 3)."""
        seen = (points - self.eye) @ self.axes.T
        depth = np.maximum(seen[:, 2], 1e-3)
        centre = np.array([self.width / 2, self.height / 2])
        return seen[:, :2] / depth[:, None] * self.focal + centre, seen[:, 2]

    def distance(self, place: Array) -> float:
        """Metres from the camera."""
        return float(np.linalg.norm(place - self.eye))


@dataclass(frozen=True)
class Grip:
    """A gripper's pose: the place between its finger tips, how open it is (0 to 1), its turn in radians."""

    place: Array
    opening: float
    yaw: float


class Motion:
    """A gripper's (or a hand's) way through time, built piece by piece; smooth from pose to pose."""

    def __init__(self, home: Array, opening: float = 1.0) -> None:
        self.keys: list[tuple[float, Grip]] = [(0.0, Grip(home, opening, 0.0))]

    @property
    def now(self) -> float:
        """Seconds at the end of what is built so far."""
        return self.keys[-1][0]

    def to(self, seconds: float, place: Array, yaw: float | None = None) -> Self:
        """Go to a place within `seconds`."""
        last = self.keys[-1][1]
        return self._key(seconds, Grip(place, last.opening, last.yaw if yaw is None else yaw))

    def grip(self, seconds: float, opening: float) -> Self:
        """Open or close within `seconds`."""
        last = self.keys[-1][1]
        return self._key(seconds, Grip(last.place, opening, last.yaw))

    def wait(self, seconds: float) -> Self:
        """Stay as it is."""
        return self._key(seconds, self.keys[-1][1])

    def at(self, seconds: float) -> Grip:
        """The pose at a time; before and after its way the motion stands still."""
        for (begin, a), (end, b) in zip(self.keys, self.keys[1:], strict=False):
            if seconds < end:
                share = (seconds - begin) / (end - begin)
                share = share * share * (3 - 2 * share)
                return Grip(
                    a.place + (b.place - a.place) * share,
                    a.opening + (b.opening - a.opening) * share,
                    a.yaw + (b.yaw - a.yaw) * share,
                )
        return self.keys[-1][1]

    def _key(self, seconds: float, grip: Grip) -> Self:
        self.keys.append((self.now + seconds, grip))
        return self


@dataclass(frozen=True)
class Carry:
    """A thing goes along with a motion from `begin` to `end` seconds, then falls and lies at `rest`."""

    motion: Motion
    begin: float
    end: float
    rest: Array

    def place(self, start: Array, seconds: float) -> Array:
        """Where a thing that lay at `start` is at a time after `begin`."""
        offset = start - self.motion.at(self.begin).place
        held = self.motion.at(min(seconds, self.end)).place + offset
        drop = max(0.0, held[2] - self.rest[2])
        fall = max(0.04, sqrt(2 * drop / GRAVITY))
        share = min(1.0, max(0.0, seconds - self.end) / fall)
        level = held + (self.rest - held) * share
        level[2] = held[2] + (self.rest[2] - held[2]) * share * share
        return level


def carried(start: Array, carries: tuple[Carry, ...], seconds: float) -> Array:
    """Where a thing is at a time, after all that was done to it."""
    place = start
    for carry in carries:
        if seconds >= carry.begin:
            place = carry.place(place, seconds)
    return place


def arm_joints(base: Array, grip: Grip) -> tuple[Array, Array, Array]:
    """Shoulder, elbow and wrist of an arm that stands at `base` and holds its gripper straight down.

    The elbow is above the line from shoulder to wrist; beyond its reach the arm is at full stretch.
    """
    shoulder = base + point(0, 0, SHOULDER_HEIGHT)
    wrist = grip.place + point(0, 0, WRIST_ABOVE_GRIP)
    reach = wrist - shoulder
    length = min(float(np.linalg.norm(reach)), (UPPER_ARM + FOREARM) * 0.999)
    along = reach / np.linalg.norm(reach)
    upward = point(0, 0, 1) - along * along[2]
    upward /= np.linalg.norm(upward)
    bend = sqrt(max(0.0, UPPER_ARM**2 - length**2 / 4))
    return shoulder, shoulder + along * length / 2 + upward * bend, wrist


def turned(points: Array, yaw: float) -> Array:
    """Points (N, 3) turned about z by `yaw` radians, counter-clockwise from above."""
    rotation = np.array([[cos(yaw), -sin(yaw), 0], [sin(yaw), cos(yaw), 0], [0, 0, 1]])
    return points @ rotation.T
