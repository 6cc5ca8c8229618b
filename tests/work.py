"""What the cast has at hand and has done: tasks, episodes, annotations, verdicts; all by the services."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.utils import timezone

from apps.accounts.models import Project, User
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.annotation.services import annotation_submit, episode_claim, operations_apply
from apps.episodes.ingest import episode_ingest
from apps.episodes.models import Blob, Camera, Episode, Task
from apps.episodes.services import episode_create, task_create
from apps.episodes.storage import blob_store_path
from apps.review.services import verdict_give
from apps.rollouts.models import Rollout, Run

Operation = dict[str, Any]

WIDTH, HEIGHT, FRAMES = 160, 128, 12
SAMPLES = [0, 5, 10, 11]  # of `film(FRAMES)`, which has five frames a second
SUBTASKS = ["Grasp the eraser.", "Wipe the board.", "Put the eraser back."]

ARROW = {"id": "s1", "type": "move_arrow", "start": [20, 30], "end": [90, 100], "colors": ["green", "red"]}
LABEL = {"id": "s2", "type": "state", "pos": [60, 60], "text": "ON"}
SYMBOLS = [
    ARROW,
    {"id": "turn", "type": "rotate_arrow", "center": [80, 64], "direction": "clockwise"},
    {"id": "both", "type": "dual_crosshair", "p1": [40, 40], "p2": [100, 90]},
    {"id": "here", "type": "crosshair", "pos": [30, 100]},
    LABEL,
    {"id": "still", "type": "lock", "pos": [120, 30]},
    {"id": "back", "type": "rewind", "pos": [120, 100]},
]  # one of each kind
COMMAND = {
    "hold": False,
    "arms": [
        {"arm": "left", "move": [{"direction": "right", "magnitude": "slightly"}], "rotate": "clockwise"}
    ],
}
COMMAND_TEXT = "Move the left gripper to the right slightly, and rotate the left gripper clockwise."


def make_task(project: Project, name: str = "wipe_board", subtasks: list[str] = SUBTASKS) -> Task:
    return task_create(
        project=project, name=name, description=f"Do {name} with both arms.", subtasks=subtasks, by=None
    )


def ready(task: Task, name: str = "episode") -> Episode:
    """A ready episode without files, for what looks at no picture; another name is another content."""
    digest = hashlib.sha256(f"{task.pk} {name}".encode()).hexdigest()
    blob, _ = Blob.objects.get_or_create(sha256=digest, suffix=".mp4", size=1)
    episode, _ = episode_create(task=task, stem=name, sources={"cam_high": blob}, by=None)
    Camera.objects.filter(episode=episode).update(width=WIDTH, height=HEIGHT, frame_count=FRAMES)
    Episode.objects.filter(pk=episode.pk).update(state=Episode.State.READY)
    return Episode.objects.get(pk=episode.pk)


def filmed(task: Task, **recordings: Path) -> Episode:
    """An episode of these files (camera=path), ingested; ready, or rejected."""
    sources = {camera: blob_store_path(path) for camera, path in recordings.items()}
    episode, _ = episode_create(task=task, stem="take", sources=sources, by=None)
    episode_ingest(episode=episode)
    return Episode.objects.get(pk=episode.pk)


def make_rollout(episode: Episode) -> Rollout:
    """A trial that the episode is the recording of, without events."""
    run, _ = Run.objects.get_or_create(project=episode.project, key="run-1", origin="robot")
    return Rollout.objects.create(
        project=episode.project,
        run=run,
        key=uuid4(),
        trial=run.rollouts.count(),
        episode=episode,
        outcome=Rollout.Outcome.UNKNOWN,
        seconds=2.4,
        started=timezone.now(),
    )


def op(name: str, *path: str, **rest: Any) -> Operation:
    """An operation with an id of its own; `rest` is `value` and `index`."""
    return {"id": uuid4(), "op": name, "path": list(path), **rest}


def put(*path: str, value: Any) -> Operation:
    return op("set", *path, value=value)


def event_operations(event: str, *, avoid: int, correct: int) -> list[Operation]:
    """A complete failure event: a command and a symbol before, a symbol of each kind after."""
    here = ("events", event)
    return [
        op("add_event", "events", value={"id": event}),
        put(*here, "avoidance", "frame", value=avoid),
        put(*here, "correction", "frame", value=correct),
        put(*here, "subtask", value=2),
        put(*here, "failure_type", value="gripper 6d-pose"),
        put(*here, "avoidance", "command", value=COMMAND),
        op("put_symbol", *here, "avoidance", "symbols", value=ARROW),
        *(op("put_symbol", *here, "correction", "symbols", value=symbol) for symbol in SYMBOLS),
        put(*here, "reason", value="The gripper closes beside the eraser."),
        put(*here, "avoidance", "high_level", value="Move over the eraser first."),
        put(*here, "correction", "high_level", value="Open, go back and grasp again."),
    ]


def failed(event: str = "e1", *, avoid: int = 5, correct: int = 7) -> list[Operation]:
    """All operations of a failed episode with one event."""
    return [put("outcome", value="failed"), *event_operations(event, avoid=avoid, correct=correct)]


def successful() -> list[Operation]:
    return [put("outcome", value="successful")]


def cannot_tell() -> list[Operation]:
    return [put("outcome", value="cannot_tell"), put("note", value="The arm hides the board.")]


def begin(episode: Episode, by: User) -> Annotation:
    annotation, _ = episode_claim(episode=episode, by=by)
    return annotation


def edit(annotation: Annotation, *operations: Operation) -> Annotation:
    """Apply the operations on the annotation's own revision, as its annotator."""
    return operations_apply(
        annotation=annotation,
        by=annotation.annotator,
        base=annotation.revision,
        operations=list(operations),
    )


def submit(annotation: Annotation) -> Annotation:
    permissions = permissions_on(annotation, annotation.annotator)
    return annotation_submit(
        annotation=annotation, by=annotation.annotator, revision=annotation.revision, permissions=permissions
    )


def submitted(episode: Episode, by: User, operations: list[Operation]) -> Annotation:
    return submit(edit(begin(episode, by), *operations))


def decide(annotation: Annotation, by: User, decision: str = "approve", comment: str = "") -> Annotation:
    verdict_give(
        annotation=annotation,
        by=by,
        decision=decision,
        comment=comment,
        revision=annotation.revision,
        permissions=permissions_on(annotation, by),
    )
    return Annotation.objects.get(pk=annotation.pk)


def permissions_on(annotation: Annotation, by: User) -> frozenset[str]:
    return access_annotation(by, annotation.pk).episode.project.permissions


def files_in(folder: Path) -> set[Path]:
    """Every file below the folder."""
    return {path for path in folder.rglob("*") if path.is_file()}
