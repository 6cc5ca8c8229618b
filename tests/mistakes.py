"""A project of annotations of which some are wrong in the ways in which people are wrong.

The generator knows nothing of what looks for errors: it draws what is true, lets people annotate it with
their own pace and small differences of hand, and then makes a share of the annotations wrong. Assumed, for
nobody has published it: the kinds of error and how often each occurs, that two in five errors are made in
haste and one in twelve right annotations is quick as well, and how differently people work. A model's
accuracies are those of the paper (Table 2) unless others are asked for; where it is wrong it is more unsure.
"""

import random
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils import timezone

from apps.accounts.models import Membership, Project, User
from apps.annotation.document import Document, empty_document, empty_event
from apps.annotation.facts import facts_of
from apps.annotation.models import Annotation, Prediction, WorkSession
from apps.episodes.models import Camera, Episode
from tests.work import make_task

SIZE, FPS = (640, 480), 10
PEOPLE = 8
TYPES = {"gripper 6d-pose": 60, "gripper state": 15, "task planning": 15, "human intervention": 10}
DIRECTIONS = {  # where it points in the picture, in which color, and its opposite
    "left": ((-1, 0), "green", "right"),
    "right": ((1, 0), "green", "left"),
    "forward": ((0, -1), "red", "backward"),
    "backward": ((0, 1), "red", "forward"),
    "upward": ((0, -1), "blue", "downward"),
    "downward": ((0, 1), "blue", "upward"),
}
VIFAILBACK_8B = {  # Table 2 of the paper, in per cent: how often the finetuned model is right
    "outcome": 98.2,
    "frame": 92.6,
    "subtask": 93.5,
    "failure_type": 90.8,
    "avoidance_command": 93.2,
    "correction_command": 95.9,
}
GEMINI = {  # likewise, the best model that was not finetuned
    "outcome": 93.1,
    "frame": 47.6,
    "subtask": 33.5,
    "failure_type": 40.7,
    "avoidance_command": 58.1,
    "correction_command": 49.9,
}


@dataclass
class Truth:
    """What is true of an episode, and what nobody can be wrong about."""

    document: Document
    frames: int
    subtasks: int


@dataclass
class World:
    """`wrong` are the ids of the annotations that hold an error."""

    project: Project
    reviewer: User
    chance: random.Random
    wrong: set[int] = field(default_factory=set)


def a_world(
    project: Project,
    reviewer: User,
    *,
    seed: int,
    episodes: int = 500,
    share: float = 0.05,
    doubled: float = 0.15,
    accuracy: dict[str, float] | None = VIFAILBACK_8B,
) -> World:
    """Fill `project` with annotations that were handed in; exactly `share` of them hold an error."""
    world = World(project, reviewer, random.Random(seed))
    people = _people(world)
    truths = {episode: _truth(world.chance) for episode in _episodes(world, episodes)}
    Camera.objects.bulk_create(_camera(episode, truth.frames) for episode, truth in truths.items())
    if accuracy:
        Prediction.objects.bulk_create(
            _prediction(world.chance, *each, accuracy=accuracy) for each in truths.items()
        )
    jobs = [(each, person) for each in truths for person in _annotators(world.chance, people, doubled)]
    careless = {person: world.chance.uniform(0.5, 2.0) for person in people}
    wrong = _drawn(world.chance, jobs, [careless[person] for _, person in jobs], round(share * len(jobs)))
    paces = {person: world.chance.uniform(0.7, 1.5) for person in people}
    for job in jobs:
        _annotate(world, *job, truth=truths[job[0]], pace=paces[job[1]], is_wrong=job in wrong)
    return world


def _people(world: World) -> list[User]:
    people = User.objects.bulk_create(User(username=f"person_{n}") for n in range(PEOPLE))
    Membership.objects.bulk_create(
        Membership(project=world.project, user=each, role="annotator") for each in people
    )
    return list(people)


def _episodes(world: World, count: int) -> list[Episode]:
    tasks = [make_task(world.project, f"task_{n}", [f"Step {k}." for k in range(1, 6)]) for n in range(10)]
    shared = {"project": world.project, "state": Episode.State.READY}
    rows = (
        Episode(task=tasks[n % 10], number=n // 10, stem=f"take {n}", source_sha256=f"{n:064}", **shared)
        for n in range(count)
    )
    return list(Episode.objects.bulk_create(rows))


def _camera(episode: Episode, frames: int) -> Camera:
    size = {"width": SIZE[0], "height": SIZE[1]}
    return Camera(
        episode=episode,
        name="cam_high",
        is_head=True,
        fps=FPS,
        frame_count=frames,
        seconds=(frames - 1) / FPS,
        **size,
    )


def _annotators(chance: random.Random, people: list[User], doubled: float) -> list[User]:
    return chance.sample(people, 2 if chance.random() < doubled else 1)


def _drawn(chance: random.Random, jobs: list[Any], weights: list[float], count: int) -> set[Any]:
    """So many different ones, the careless people's more often."""
    keys = [(chance.random() ** (1 / weight), job) for job, weight in zip(jobs, weights, strict=True)]
    return {job for _, job in sorted(keys, key=lambda pair: -pair[0])[:count]}


def _truth(chance: random.Random) -> Truth:
    frames = int(chance.lognormvariate(2.3, 0.4) * FPS) + 3 * FPS
    document = empty_document()
    if chance.random() < 657 / 5202:  # of the paper's trajectories
        return Truth({**document, "outcome": "successful"}, frames, 5)
    event = empty_event("e1")
    at = chance.randint(FPS, frames - FPS)
    event["failure_type"] = chance.choices(list(TYPES), list(TYPES.values()))[0]
    event["subtask"] = min(5, 1 + 5 * at // frames)
    for side, frame in (("avoidance", at - FPS), ("correction", min(frames - 1, at + FPS))):
        event[side].update(frame=frame, **_guidance(chance))
    return Truth({**document, "outcome": "failed", "events": [event]}, frames, 5)


def _guidance(chance: random.Random) -> dict[str, Any]:
    direction, arm = chance.choice(list(DIRECTIONS)), chance.choice(["left", "right"])
    return {
        "command": _command(arm, direction),
        "symbols": [_arrow(chance, direction)],
        "high_level": "Move.",
    }


def _command(arm: str, direction: str) -> dict[str, Any]:
    move = {"direction": direction, "magnitude": "slightly"}
    return {"hold": False, "arms": [{"arm": arm, "move": [move], "rotate": None, "grasp": None}]}


def _arrow(chance: random.Random, direction: str) -> dict[str, Any]:
    (dx, dy), color, _ = DIRECTIONS[direction]
    start = [chance.randint(200, 440), chance.randint(180, 300)]
    length = chance.randint(60, 150)
    end = [start[0] + dx * length, start[1] + dy * length]
    return {"id": "s1", "type": "move_arrow", "start": start, "end": end, "colors": [color]}


# --- people


def _annotate(
    world: World, episode: Episode, person: User, *, truth: Truth, pace: float, is_wrong: bool
) -> None:
    chance = world.chance
    document = _by_hand(chance, deepcopy(truth.document), truth)
    seconds = pace * chance.lognormvariate(4.6 if document["outcome"] == "failed" else 3.2, 0.35)
    if is_wrong:
        document = _spoilt(chance, document, truth)
    if chance.random() < (0.4 if is_wrong else 1 / 12):
        seconds *= chance.uniform(0.2, 0.6)
    annotation = Annotation.objects.create(
        episode=episode,
        annotator=person,
        taxonomy=world.project.taxonomy,
        state=Annotation.State.SUBMITTED,
        revision=1,
        first_revision=1,
        document=document,
        submitted=timezone.now(),
    )
    _keep_time(world, annotation, seconds)
    if is_wrong:
        world.wrong.add(annotation.pk)


def _keep_time(world: World, annotation: Annotation, seconds: float) -> None:
    now = timezone.now()
    shares = {"diagnosis": 0.4 * seconds, "guidance": 0.4 * seconds, "texts": 0.2 * seconds}
    WorkSession.objects.create(
        id=UUID(int=world.chance.getrandbits(128)),
        annotation=annotation,
        person=annotation.annotator,
        began=now,
        last=now,
        **shares,
    )


def _by_hand(chance: random.Random, document: Document, truth: Truth) -> Document:
    """Right, but no hand is exact: keyframes some frames off, now and then a second; arrows elsewhere."""
    for event in document["events"]:
        for side in ("avoidance", "correction"):
            off = round(chance.gauss(0, 4))
            event[side]["frame"] = min(truth.frames - 1, max(0, event[side]["frame"] + off))
            for symbol in event[side]["symbols"]:
                dx, dy = chance.randint(-15, 15), chance.randint(-15, 15)
                symbol["start"] = [symbol["start"][0] + dx, symbol["start"][1] + dy]
                symbol["end"] = [symbol["end"][0] + dx, symbol["end"][1] + dy]
    return document


def _missed(chance: random.Random, document: Document, truth: Truth) -> Document:
    return {**empty_document(), "outcome": "successful"}


def _other_type(chance: random.Random, document: Document, truth: Truth) -> Document:
    event = document["events"][0]
    event["failure_type"] = chance.choice([each for each in TYPES if each != event["failure_type"]])
    return document


def _next_subtask(chance: random.Random, document: Document, truth: Truth) -> Document:
    event = document["events"][0]
    near = [n for n in (event["subtask"] - 1, event["subtask"] + 1) if 1 <= n <= truth.subtasks]
    event["subtask"] = chance.choice(near)
    return document


def _frame_off(chance: random.Random, document: Document, truth: Truth) -> Document:
    """The moment is missed by one and a half to four seconds, both keyframes with it."""
    off = chance.choice([-1, 1]) * round(chance.uniform(1.5, 4.0) * FPS)
    event = document["events"][0]
    for side in ("avoidance", "correction"):
        event[side]["frame"] = min(truth.frames - 1, max(0, event[side]["frame"] + off))
    return document


def _mirrored_command(chance: random.Random, document: Document, truth: Truth) -> Document:
    """Left for right, in the command alone: the arrow was drawn on the picture."""
    guidance = document["events"][0][chance.choice(["avoidance", "correction"])]
    move = guidance["command"]["arms"][0]["move"][0]
    move["direction"] = DIRECTIONS[move["direction"]][2]
    return document


def _mirrored_both(chance: random.Random, document: Document, truth: Truth) -> Document:
    """The wrong way in the command and in the arrow."""
    guidance = document["events"][0][chance.choice(["avoidance", "correction"])]
    arm = guidance["command"]["arms"][0]
    opposite = DIRECTIONS[arm["move"][0]["direction"]][2]
    guidance.update(command=_command(arm["arm"], opposite), symbols=[_arrow(chance, opposite)])
    return document


def _other_arm(chance: random.Random, document: Document, truth: Truth) -> Document:
    guidance = document["events"][0][chance.choice(["avoidance", "correction"])]
    arm = guidance["command"]["arms"][0]
    arm["arm"] = "left" if arm["arm"] == "right" else "right"
    return document


def _false_alarm(chance: random.Random, document: Document, truth: Truth) -> Document:
    """A failure is seen where there is none."""
    event = empty_event("e1")
    at = chance.randint(FPS, truth.frames - FPS)
    event.update(failure_type="gripper 6d-pose", subtask=chance.randint(1, 5))
    for side, frame in (("avoidance", at - FPS), ("correction", at)):
        event[side].update(frame=frame, **_guidance(chance))
    return {**document, "outcome": "failed", "events": [event]}


KINDS: dict[Callable[[random.Random, Document, Truth], Document], int] = {
    _missed: 10,
    _other_type: 20,
    _next_subtask: 20,
    _frame_off: 20,
    _mirrored_command: 12,
    _mirrored_both: 8,
    _other_arm: 10,
}


def _spoilt(chance: random.Random, document: Document, truth: Truth) -> Document:
    if document["outcome"] == "successful":
        return _false_alarm(chance, document, truth)
    kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
    return kind(chance, document, truth)


# --- a model


def _prediction(
    chance: random.Random, episode: Episode, truth: Truth, *, accuracy: dict[str, float]
) -> Prediction:
    """Each fact is right as often as the model's accuracy says; what is wrong is drawn at random."""
    right = facts_of(truth.document)
    said, misses = {}, 0
    for name, value in right.items():
        limit = accuracy["frame" if name.endswith("_frame") else name]
        is_right = chance.random() * 100 < limit
        said[name] = value if is_right else _guess(chance, name, value, truth)
        misses += not is_right
    if said["outcome"] != "failed":
        said = {"outcome": said["outcome"]}
    uncertainty = min(1.0, max(0.0, chance.gauss(0.5 if misses else 0.25, 0.15)))
    return Prediction(episode=episode, source="model", facts=said, uncertainty=uncertainty)


def _guess(chance: random.Random, name: str, value: Any, truth: Truth) -> Any:
    if name == "outcome":
        return "successful" if value == "failed" else "failed"
    if name == "failure_type":
        return chance.choice([each for each in TYPES if each != value])
    if name == "subtask":
        return chance.choice([n for n in range(1, truth.subtasks + 1) if n != value])
    if name.endswith("_frame"):
        return chance.randrange(truth.frames)
    return _command(chance.choice(["left", "right"]), chance.choice(list(DIRECTIONS)))
