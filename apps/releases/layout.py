"""Names and paths of the release tree, relative to its root (the authors' public layout)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from apps.annotation.document import SIDES
from apps.annotation.models import Annotation
from apps.episodes.models import Camera, Still
from apps.episodes.selectors import head_camera
from apps.episodes.services import still_get

KEYFRAME_NAMES = {"avoidance": "avoid_keyframe", "correction": "correct_keyframe"}


@dataclass(frozen=True)
class Keyframe:
    """A keyframe of one failure event: its still and where it and its drawn twin lie in the release."""

    still: Still
    path: str
    drawn_path: str | None  # None where there are no symbols
    symbols: list[dict[str, Any]]


@dataclass(frozen=True)
class EpisodeFiles:
    """Everything that one annotated episode puts into a release."""

    annotation: Annotation
    head: Camera
    videos: dict[str, Camera]  # path to camera
    images: dict[str, Still]  # path to still: samples and the first event's keyframes, by frame number
    keyframes: dict[tuple[str, str], Keyframe]  # (event id, side)

    @property
    def video(self) -> str:
        return next(path for path, camera in self.videos.items() if camera.is_head)


def still_unkept(*, camera: Camera, number: int) -> Still:
    """A still without its picture, for who needs names and numbers alone."""
    return Still(camera=camera, number=number)


def episode_files(annotation: Annotation, still_of: Callable[..., Still] = still_get) -> EpisodeFiles:
    """Where everything of this annotation goes. Makes keyframe stills that are not there yet."""
    episode = annotation.episode
    root = f"annotated_data/{episode.task.name}"
    name = f"episode_{episode.number}"
    head = head_camera(episode)
    frames = f"{root}/frames/{name}_{head.name}"
    keyframes = _keyframes(annotation, head, frames, still_of)
    return EpisodeFiles(
        annotation=annotation,
        head=head,
        videos={
            f"{root}/videos/{name}_{camera.name}{camera.suffix or '.mp4'}": camera
            for camera in episode.cameras.all()
        },
        images=_images(annotation, head, frames, keyframes),
        keyframes=keyframes,
    )


def _keyframes(
    annotation: Annotation, head: Camera, frames: str, still_of: Callable[..., Still]
) -> dict[tuple[str, str], Keyframe]:
    """The first event's keyframes carry the release's names; those of later events a number behind."""
    if annotation.document["outcome"] != "failed":
        return {}
    found = {}
    for position, event in enumerate(annotation.document["events"], 1):
        for side in SIDES:
            still = still_of(camera=head, number=event[side]["frame"])
            again = f"_{position}" if position > 1 else ""
            base = f"{frames}/{still.number}_{KEYFRAME_NAMES[side]}{again}"
            symbols = event[side]["symbols"]
            found[event["id"], side] = Keyframe(
                still, f"{base}.jpg", f"{base}_annotations.jpg" if symbols else None, symbols
            )
    return found


def _images(
    annotation: Annotation, head: Camera, frames: str, keyframes: dict[tuple[str, str], Keyframe]
) -> dict[str, Still]:
    """The list of a question: samples and keyframes by frame number; a keyframe replaces its sample."""
    by_number = {
        still.number: (f"{frames}/{still.number}.jpg", still)
        for still in head.stills.filter(is_sample=True).select_related("blob")
    }
    if keyframes:
        first = annotation.document["events"][0]["id"]
        for side in SIDES:
            keyframe = keyframes[first, side]
            by_number[keyframe.still.number] = (keyframe.path, keyframe.still)
    return dict(by_number[number] for number in sorted(by_number))
