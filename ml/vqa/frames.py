"""Names of pictures in the authors' layout, and what they say: frame, keyframe, episode, cadence."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import PurePosixPath
from typing import Final

AVOID, CORRECT = "avoid_keyframe", "correct_keyframe"
PAPER_FPS: Final = 25
_NAME: Final = re.compile(r"(\d+)(?:_(avoid_keyframe|correct_keyframe)(?:_\d+)?)?\.\w+")
_EPISODE: Final = re.compile(r"(episode_\d+)(?:_cam_\w+)?")


@dataclass(frozen=True, slots=True)
class Still:
    """One picture of a sequence: its path, its frame number, and the keyframe it is, if any."""

    path: str
    frame: int
    keyframe: str | None


def still(path: str) -> Still | None:
    """Read a picture's path; None where its name has no frame number."""
    match = _NAME.fullmatch(path.rpartition("/")[2])
    return Still(path, int(match[1]), match[2]) if match else None


def is_inside(path: str) -> bool:
    """Tell whether a path stays below the root that it is relative to, whatever the system."""
    return not path.startswith(("/", "\\")) and ":" not in path[:2] and ".." not in re.split(r"[/\\]", path)


@lru_cache(maxsize=4096)
def _episode_of_folder(folder: str) -> str | None:
    parts = PurePosixPath(folder).parts
    for place in range(len(parts) - 1, 0, -1):
        match = _EPISODE.fullmatch(parts[place])
        if match and place >= 2:
            return f"{parts[place - 2]}/{match[1]}"
    return None


def episode_of_image(path: str) -> str | None:
    """Return `<task folder>/episode_<n>` of a picture's path; None where the layout is another."""
    return _episode_of_folder(path.rpartition("/")[0])


def episode_of_video(path: str) -> str | None:
    """Return `<task folder>/episode_<n>` of a video's path; None where the layout is another."""
    parts = PurePosixPath(path).parts
    match = _EPISODE.fullmatch(PurePosixPath(path).stem)
    return f"{parts[-3]}/{match[1]}" if match and len(parts) >= 3 else None


def step_of(stills: Sequence[Still]) -> int | None:
    """Return the frames between two samples: the commonest distance of neighbours that are no keyframes.

    None where there are no two such neighbours; the last picture is no sample.
    """
    steps = Counter(b.frame - a.frame for a, b in pairwise(stills[:-1]) if not a.keyframe and not b.keyframe)
    return commonest(steps)


def commonest(counts: Counter[int]) -> int | None:
    """Return the key that was counted most often, the least of them where there are several."""
    return min(counts, key=lambda key: (-counts[key], key), default=None)


def on_cadence(stills: Sequence[Still], step: int) -> list[Still]:
    """Return the samples and the last picture, without the keyframes that are neither.

    A keyframe that stands in for a sample is kept, as it is the same picture: what betrays it is its name.
    """
    slack = step // 25  # where the rate is no whole number (29.97 frames a second), samples are not exact
    nearest: dict[int, Still] = {}
    last = stills[-1]
    # A plain picture is the sample that is due; where there is none, the nearest keyframe, or the end.
    order = sorted(stills, key=lambda each: (bool(each.keyframe) or each is last, _off(each, step)))
    for each in order:
        nearest.setdefault(round(each.frame / step), each)
    samples = {each.frame for each in nearest.values() if _off(each, step) <= slack}
    return [each for each in stills if not each.keyframe or each is last or each.frame in samples]


def _off(each: Still, step: int) -> int:
    """How far a picture lies from the nearest place where a sample is due, in frames."""
    return abs(each.frame - round(each.frame / step) * step)
