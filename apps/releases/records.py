"""Approved annotations as plain records: the authors' raw form, and our full form."""

import json
from collections.abc import Iterable
from typing import Any

from apps.annotation.checks import without_id
from apps.annotation.document import SIDES
from apps.annotation.guidance import read_guidance
from apps.releases.layout import KEYFRAME_NAMES, EpisodeFiles

DETECTION = {"failed": "yes", "successful": "no"}  # the release asks: did it fail?


def raw_record(files: EpisodeFiles) -> dict[str, Any]:
    """One object of `annotations.json`: the authors' form and its first event, with our added texts.

    A success has the same fields, empty.
    """
    annotation = files.annotation
    told, document = annotation.told, annotation.document
    event = document["events"][0] if document["outcome"] == "failed" else None
    return {
        "video": files.video,
        "task": told["description"],
        "failure_detection": DETECTION[document["outcome"]],
        "images": list(files.images),
        "subtasks": [f"{number}. {text}" for number, text in enumerate(told["subtasks"], 1)],
        **(_event_fields(files, event) if event else _no_event()),
    }


def _no_event() -> dict[str, Any]:
    return {
        "keyframe": [],
        "failure_subtask": "",
        "failure_type": "",
        "failure_reason": "",
        "avoidance": [],
        "correction": [],
    }


def _event_fields(files: EpisodeFiles, event: dict[str, Any]) -> dict[str, Any]:
    names = {KEYFRAME_NAMES[side]: files.keyframes[event["id"], side].path for side in SIDES}
    return {
        "keyframe": [names],
        "failure_subtask": str(event["subtask"]) if event["subtask"] else "",
        "failure_type": event["failure_type"],
        "failure_reason": event["reason"],
        **{side: [_guidance(files, event, side)] for side in SIDES},
    }


def _guidance(files: EpisodeFiles, event: dict[str, Any], side: str) -> dict[str, Any]:
    keyframe, name = files.keyframes[event["id"], side], KEYFRAME_NAMES[side]
    return {
        "low_level": read_guidance(event[side], files.annotation.episode.project).low_level,
        "high_level": event[side]["high_level"],
        f"{name}_annotations": keyframe.drawn_path or "",
        f"{name}_annotations_code": [without_id(symbol) for symbol in keyframe.symbols],
    }


def full_record(files: EpisodeFiles) -> dict[str, Any]:
    """One object of `events.json`: all that was annotated, all events, with digests of what was seen."""
    annotation, head = files.annotation, files.head
    episode = annotation.episode
    return {
        "task": episode.task.name,
        "description": annotation.told["description"],
        "episode": episode.number,
        "recording": episode.stem,
        "videos": {path: camera.source_id for path, camera in files.videos.items()},
        "size": [head.width, head.height],
        "frame_count": head.frame_count,
        "seconds": head.seconds,
        "images": [
            {"path": path, "frame": still.number, "seconds": still.seconds, "sha256": still.blob_id}
            for path, still in files.images.items()
        ],
        "annotation": annotation.pk,
        "revision": annotation.revision,
        "annotator": f"annotator-{annotation.annotator_id}",
        "taxonomy": annotation.taxonomy.version,
        "outcome": annotation.document["outcome"],
        "note": annotation.document["note"],
        "events": _full_events(files),
    }


def _full_events(files: EpisodeFiles) -> list[dict[str, Any]]:
    if files.annotation.document["outcome"] != "failed":
        return []
    return [
        {**event, **{side: _full_guidance(files, event, side) for side in SIDES}}
        for event in in_order(files.annotation.document["events"])
    ]


def in_order(stored: Any) -> Any:
    """With the keys sorted: PostgreSQL keeps JSON in an order of its own, and bytes do not depend on it."""
    return json.loads(json.dumps(stored, sort_keys=True))


def _full_guidance(files: EpisodeFiles, event: dict[str, Any], side: str) -> dict[str, Any]:
    keyframe = files.keyframes[event["id"], side]
    guidance = read_guidance(event[side], files.annotation.episode.project)
    return {
        **event[side],
        "low_level": guidance.low_level,
        "agreement": guidance.agreement.result if guidance.agreement else None,
        "contradictions": guidance.contradictions,
        "seconds": keyframe.still.seconds,
        "sha256": keyframe.still.blob_id,
        "still": keyframe.path,
        "drawn": keyframe.drawn_path,
    }


def contradictions(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `release.json` lists: each message of the full records, with where it comes from."""
    return [
        {
            "task": record["task"],
            "episode": record["episode"],
            "event": event["id"],
            "side": side,
            "message": message,
        }
        for record in records
        for event in record["events"]
        for side in SIDES
        for message in event[side]["contradictions"]
    ]
