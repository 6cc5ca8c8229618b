"""What a proposal proposes: a document of the annotation's form, checked by the annotation's own checks."""

import sys
from collections.abc import Iterator
from typing import Any

from apps.annotation.checks import Setting, check, check_size
from apps.annotation.document import SIDES, Document, Operation, apply, empty_document, refuse
from apps.core.errors import AppError
from apps.episodes.models import Episode
from apps.episodes.selectors import head_camera
from ml.symbols import Size

EVENT_FACTS = ("subtask", "failure_type")
SIDE_FACTS = ("frame", "command")
Part = tuple[str, ...]
"""The path of one thing that can be accepted, in the document."""


def setting_for(episode: Episode) -> Setting:
    """What values are checked against; before the recording is ingested any frame and point may be right."""
    camera, project = head_camera(episode), episode.project
    taxonomy = project.taxonomy.content
    known = camera.frame_count > 0
    return Setting(
        size=Size(camera.width, camera.height) if known else Size(sys.maxsize, sys.maxsize),
        frame_count=camera.frame_count if known else sys.maxsize,
        subtasks=len(episode.task.subtasks),
        failure_types=tuple(each["id"] for each in taxonomy["failure_types"]),
        symbols=tuple(taxonomy["symbols"]),
        arms=tuple(project.embodiment["arms"]),
        magnitudes=tuple(taxonomy["magnitudes"]),
    )


def content_read(content: Any, setting: Setting, *, strict: bool = True) -> Document:
    """The document that `content` says, in full and in canonical form; fields that are absent stay empty.

    Events and symbols without an id get one. Texts of stage 3 are left out: they are for drafts. What cannot
    be raises `invalid_operation` with a sentence that names the valid choices, or is passed over.
    """
    document = empty_document()
    for operation in _operations(content):
        try:
            document = apply(document, check(operation, setting))
        except AppError:
            if strict:
                raise
    check_size(document)
    return document


def _operations(content: Any) -> Iterator[Operation]:
    if not isinstance(content, dict) or not isinstance(content.get("events", []), list):
        raise refuse("A proposal is an object with outcome and events.")
    yield _set(content.get("outcome"), "outcome")
    for number, event in enumerate(content.get("events", []), 1):
        yield from _event_operations(event, f"p{number}")


def _event_operations(event: Any, name: str) -> Iterator[Operation]:
    if not isinstance(event, dict):
        raise refuse("A failure event of a proposal is an object.")
    name = event.get("id", name)
    yield {"op": "add_event", "path": ["events"], "value": {"id": name}}
    for field in EVENT_FACTS:
        yield _set(event.get(field), "events", name, field)
    for side in SIDES:
        guidance = event.get(side, {})
        if not isinstance(guidance, dict) or not isinstance(guidance.get("symbols", []), list):
            raise refuse("A keyframe of a proposal is an object with frame, command and symbols.")
        for field in SIDE_FACTS:
            yield _set(guidance.get(field), "events", name, side, field)
        for number, symbol in enumerate(guidance.get("symbols", []), 1):
            value = {"id": f"{name}-{side}-{number}", **symbol} if isinstance(symbol, dict) else symbol
            yield {"op": "put_symbol", "path": ["events", name, side, "symbols"], "value": value}


def _set(value: Any, *path: str) -> Operation:
    return {"op": "set", "path": list(path), "value": value}


def parts_of(document: Document) -> dict[Part, Any]:
    """Everything that is proposed, by its path, in the order in which a person comes to it."""
    parts: dict[Part, Any] = {("outcome",): document["outcome"]}
    for event in document["events"]:
        here = ("events", event["id"])
        parts |= {(*here, side, "frame"): event[side]["frame"] for side in SIDES}
        parts |= {(*here, field): event[field] for field in EVENT_FACTS}
        for side in SIDES:
            parts[*here, side, "command"] = event[side]["command"]
            parts |= {(*here, side, "symbols", each["id"]): each for each in event[side]["symbols"]}
    return {path: value for path, value in parts.items() if value is not None}


def with_part(document: Document, path: Part, value: Any) -> Document:
    """The document with another value at `path`, one of its parts."""
    if "symbols" in path:
        return apply(document, {"op": "put_symbol", "path": list(path[:4]), "value": value})
    return apply(document, _set(value, *path))
