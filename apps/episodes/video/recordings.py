"""Which files belong to one episode: the camera is in the file's name."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

HEAD_CAMERA = "cam_high"
CAMERAS = (HEAD_CAMERA, "cam_left_wrist", "cam_right_wrist")


@dataclass
class Recording:
    """The files of one episode: camera to file name. `problem` is one sentence where it cannot be taken."""

    stem: str
    cameras: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


def group_recordings(names: Iterable[str]) -> list[Recording]:
    """Group file names by what stands before `_cam_high`, `_cam_left_wrist` or `_cam_right_wrist`.

    A name without such a suffix is a head camera. In natural order of stems: `episode_2`, `episode_10`.
    """
    recordings: dict[str, Recording] = {}
    for name in names:
        stem, camera = split_name(name)
        recording = recordings.setdefault(stem, Recording(stem))
        if camera in recording.cameras:
            recording.problem = f"{recording.cameras[camera]} and {name} are both {camera} of {stem}."
        recording.cameras.setdefault(camera, name)
    for recording in recordings.values():
        if HEAD_CAMERA not in recording.cameras:
            found = ", ".join(recording.cameras.values())
            recording.problem = (
                f"{recording.stem} has no head camera: {found} came without a {HEAD_CAMERA} file."
            )
    return sorted(recordings.values(), key=lambda recording: _natural(recording.stem))


def split_name(name: str) -> tuple[str, str]:
    """A file name's stem, folder included, and its camera."""
    whole = str(PurePosixPath(name).with_suffix(""))
    for camera in CAMERAS:
        if whole.endswith(f"_{camera}"):
            return whole.removesuffix(f"_{camera}"), camera
    return whole, HEAD_CAMERA


def _natural(text: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", text)]
