"""How two annotations of one episode differ, field by field; of several failure events the first counts."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from apps.annotation.checks import without_id
from apps.annotation.document import SIDES, Document
from apps.annotation.models import Annotation
from apps.episodes.models import Camera, Still
from apps.episodes.selectors import head_camera
from ml.symbols import Size, compare, from_raw

KEYFRAME_TOLERANCE = 1.0  # seconds: the samples that people choose between lie a second apart


@dataclass(frozen=True)
class Clock:
    """When the frames of a head camera were taken, in seconds from the first."""

    known: Mapping[int, float]
    interval: float

    def seconds(self, frame: int) -> float:
        """Exact where a still of the frame is kept, else by the recording's mean interval."""
        return self.known.get(frame, frame * self.interval)


def clocks(annotations: Iterable[Annotation]) -> dict[int, Clock]:
    """The clock of each annotation's episode, by the episode's id; two queries for all of them."""
    episodes = {annotation.episode_id for annotation in annotations}
    cameras = Camera.objects.filter(episode__in=episodes, is_head=True)
    known: dict[int, dict[int, float]] = {}
    stills = Still.objects.filter(camera__episode__in=episodes, camera__is_head=True)
    for episode, number, seconds in stills.values_list("camera__episode_id", "number", "seconds"):
        known.setdefault(episode, {})[number] = seconds
    return {
        camera.episode_id: Clock(known.get(camera.episode_id, {}), _interval(camera)) for camera in cameras
    }


def _interval(camera: Camera) -> float:
    if camera.seconds and camera.frame_count > 1:
        return camera.seconds / (camera.frame_count - 1)
    return 1.0 / camera.fps if camera.fps else 1.0


@dataclass(frozen=True)
class Difference:
    """What two annotations say alike. None where it cannot be told: where not both have a failure event.

    Keyframes in seconds apart; symbols as F1 over both keyframes by `ml.symbols.compare`, from 0 to 1.
    """

    outcome: bool
    failure_type: bool | None = None
    subtask: bool | None = None
    avoidance_seconds: float | None = None
    correction_seconds: float | None = None
    symbols: float | None = None
    commands: bool | None = None
    events: bool = True

    @property
    def agrees(self) -> bool:
        """Nothing is left for a reviewer to choose: labels and commands alike, keyframes within a second."""
        apart = max(self.avoidance_seconds or 0.0, self.correction_seconds or 0.0)
        told = (self.outcome, self.failure_type, self.subtask, self.commands, self.events)
        return all(each is not False for each in told) and apart <= KEYFRAME_TOLERANCE

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "agrees": self.agrees}


def difference(one: Document, other: Document, *, clock: Clock, size: Size) -> Difference:
    """How far `one` and `other` are apart; symmetric."""
    alike = one["outcome"] == other["outcome"]
    mine, theirs = first_event(one), first_event(other)
    if mine is None or theirs is None:
        return Difference(outcome=alike)
    return Difference(
        outcome=alike,
        failure_type=mine["failure_type"] == theirs["failure_type"],
        subtask=mine["subtask"] == theirs["subtask"],
        avoidance_seconds=_apart(mine, theirs, "avoidance", clock),
        correction_seconds=_apart(mine, theirs, "correction", clock),
        symbols=_symbols_f1(mine, theirs, size),
        commands=all(mine[side]["command"] == theirs[side]["command"] for side in SIDES),
        events=len(one["events"]) == len(other["events"]),
    )


def first_event(document: Document) -> dict[str, Any] | None:
    """The failure event that a release carries; None where the episode did not fail."""
    return document["events"][0] if document["outcome"] == "failed" and document["events"] else None


def _apart(one: dict[str, Any], other: dict[str, Any], side: str, clock: Clock) -> float | None:
    frames = one[side]["frame"], other[side]["frame"]
    return None if None in frames else abs(clock.seconds(frames[0]) - clock.seconds(frames[1]))


def _symbols_f1(one: dict[str, Any], other: dict[str, Any], size: Size) -> float:
    """Of both keyframes together: twice the matched symbols, over all that were drawn."""
    sides = [
        [[from_raw(without_id(s)) for s in each[side]["symbols"]] for side in SIDES] for each in (one, other)
    ]
    drawn = sum(len(symbols) for each in sides for symbols in each)
    matched = sum(len(compare(a, b, size).matches) for a, b in zip(*sides, strict=True))
    return 2 * matched / drawn if drawn else 1.0


def frame_size(annotation: Annotation) -> Size:
    camera = head_camera(annotation.episode)
    return Size(camera.width, camera.height)
