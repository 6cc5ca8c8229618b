"""What every format holds: cameras in step with each other, and one row of signals for each frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Values = npt.NDArray[np.float32]
Order = Literal["rgb", "bgr"]

HEAD_CAMERA = "cam_high"
ORDERS: tuple[Order, ...] = ("rgb", "bgr")
MAX_ROWS, MAX_AXES, MAX_PIXELS = 72_000, 128, 4096 * 2304


class FormatRejected(ValueError):  # noqa: N818 - as the site's VideoRejected: an outcome, not a fault
    """A file or folder that is not taken; its text is one sentence for the person who brought it."""


@dataclass(frozen=True)
class Camera:
    """One camera's frames, read anew each time they are asked for.

    pictures: gives (height, width, 3) uint8, one for each row of the recording.
    file: a video that holds exactly these frames, where the format has one.
    """

    pictures: Callable[[], Iterator[Picture]]
    file: Path | None = None


@dataclass(frozen=True)
class Series:
    """One quantity of all axes: `position`, `velocity`, `effort` or `action`; `values` is (rows, axes)."""

    quantity: str
    axes: tuple[str, ...]
    values: Values

    def __post_init__(self) -> None:
        if self.values.shape[1:] != (len(self.axes),):
            raise ValueError(f"{self.quantity}: {self.values.shape} values for {len(self.axes)} axes")


@dataclass(frozen=True)
class Recording:
    """One episode.

    fps, order: None where the format does not state them; a person has to say them before frames are used.
    order: `rgb` where pictures are right as any viewer shows them, `bgr` where red and blue are swapped.
    """

    name: str
    rows: int
    cameras: Mapping[str, Camera]
    series: tuple[Series, ...] = ()
    task: str = ""
    fps: float | None = None
    order: Order | None = None
    extra: Mapping[str, str] = field(default_factory=dict)

    def said(self, *, fps: float | None = None, order: Order | None = None) -> Recording:
        """With what a person says where the file says nothing; what the file states stands."""
        return replace(self, fps=self.fps or fps, order=self.order or order)

    def pictures(self, camera: str) -> Iterator[Picture]:
        """RGB frames of one camera; FormatRejected where the channel order is not known."""
        if self.order is None:
            raise FormatRejected(f"{self.name} does not state its channel order: say rgb or bgr.")
        for stored in self.cameras[camera].pictures():
            yield stored if self.order == "rgb" else np.ascontiguousarray(stored[..., ::-1])

    def first_both_ways(self, camera: str) -> dict[Order, Picture]:
        """The first frame taken as RGB and as BGR, for a person to choose."""
        stored = next(self.cameras[camera].pictures())
        return {"rgb": stored, "bgr": np.ascontiguousarray(stored[..., ::-1])}


def aloha_axes(count: int) -> tuple[str, ...]:
    """Names of an ALOHA row's axes: left joints 1-6, left gripper, right joints, right gripper for 14."""
    if count != 14:
        return tuple(f"axis_{number}" for number in range(count))
    parts = (*(f"joint_{number}" for number in range(1, 7)), "gripper")
    return tuple(f"{arm}_{part}" for arm in ("left", "right") for part in parts)


def check_extent(name: str, rows: int, axes: int = 1) -> None:
    if not 0 < rows <= MAX_ROWS or axes > MAX_AXES:
        raise FormatRejected(
            f"{name} has {rows} rows of {axes} values; 1 to {MAX_ROWS} rows of at most {MAX_AXES} are taken."
        )


def check_picture(name: str, height: int, width: int) -> None:
    if not 0 < height * width <= MAX_PIXELS:
        raise FormatRejected(
            f"{name} has pictures of {width} x {height}; at most {MAX_PIXELS} pixels are taken."
        )
