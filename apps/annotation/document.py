"""The document of an annotation and the operations that change it: pure, and twin to the browser's.

    Document = {outcome: null | "successful" | "failed" | "cannot_tell", note: str, events: [Event]}
    Event    = {id, subtask: null | int (from 1), failure_type: null | str, reason: str,
                avoidance: Guidance, correction: Guidance}
    Guidance = {frame: null | int, command: null | Command, symbols: [Symbol], high_level: str}

A symbol is the release's raw form in source pixels plus an `id`; a command is `ml.symbols.Command.to_json`.
The cases in tests/cases/document hold this file and frontend/src/annotate/document.ts to each other.
Values are checked against the episode by `checks`; here only the shape of an operation matters.
"""

import copy
from collections.abc import Callable
from typing import Any

from apps.core.errors import AppError, invalid

Document = dict[str, Any]
Operation = dict[str, Any]

SIDES = ("avoidance", "correction")
DOCUMENT_FIELDS = ("outcome", "note")
EVENT_FIELDS = ("subtask", "failure_type", "reason")
GUIDANCE_FIELDS = ("frame", "command", "high_level")


def empty_document() -> Document:
    return {"outcome": None, "note": "", "events": []}


def empty_event(event_id: str) -> dict[str, Any]:
    return {
        "id": event_id,
        "subtask": None,
        "failure_type": None,
        "reason": "",
        **{side: {"frame": None, "command": None, "symbols": [], "high_level": ""} for side in SIDES},
    }


def refuse(message: str) -> AppError:
    return invalid(message, code="invalid_operation")


def apply(document: Document, operation: Operation) -> Document:
    """The document after `operation`; the one given is left as it was. Raises `invalid_operation`."""
    changed = copy.deepcopy(document)
    change = OPERATIONS.get(operation.get("op"))
    if change is None:
        raise refuse(f"An operation is one of {', '.join(OPERATIONS)}.")
    path = operation.get("path")
    if not isinstance(path, list) or not all(isinstance(step, str) for step in path):
        raise refuse("An operation's path is a list of names.")
    change(changed, path, operation)
    return changed


def _set(document: Document, path: list[str], operation: Operation) -> None:
    holder, fields = _holder(document, path[:-1])
    if not path or path[-1] not in fields:
        raise refuse(f"Here one of {', '.join(fields)} can be set.")
    if "value" not in operation:
        raise refuse("set needs a value.")
    holder[path[-1]] = copy.deepcopy(operation["value"])


def _holder(document: Document, path: list[str]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The part of the document that `path` leads to, and the fields that can be set in it."""
    if not path:
        return document, DOCUMENT_FIELDS
    if path[0] != "events" or len(path) not in (2, 3):
        raise refuse(f"There is nothing to set at {'/'.join(path)}.")
    event = find_event(document, path[1])
    if len(path) == 2:
        return event, EVENT_FIELDS
    return _side(event, path[2]), GUIDANCE_FIELDS


def find_event(document: Document, event_id: str) -> dict[str, Any]:
    for event in document["events"]:
        if event["id"] == event_id:
            return event
    raise refuse(f"There is no failure event {event_id}.")


def _side(event: dict[str, Any], side: str) -> dict[str, Any]:
    if side not in SIDES:
        raise refuse(f"A keyframe is one of {', '.join(SIDES)}.")
    return event[side]


def _add_event(document: Document, path: list[str], operation: Operation) -> None:
    value = operation.get("value")
    value = value if isinstance(value, dict) else {}
    event_id = value.get("id")
    if path != ["events"] or not isinstance(event_id, str) or not event_id:
        raise refuse("add_event goes to events and needs a value with an id.")
    if any(event["id"] == event_id for event in document["events"]):
        raise refuse(f"There is a failure event {event_id} already.")
    _insert(document["events"], empty_event(event_id), value.get("index"))


def _remove_event(document: Document, path: list[str], operation: Operation) -> None:
    if len(path) != 2 or path[0] != "events":
        raise refuse("remove_event names the event: events, id.")
    document["events"].remove(find_event(document, path[1]))


def _symbols(document: Document, path: list[str], length: int) -> list[dict[str, Any]]:
    if len(path) != length or path[0] != "events" or path[3] != "symbols":
        raise refuse("A symbol's path is events, id, avoidance or correction, symbols.")
    return _side(find_event(document, path[1]), path[2])["symbols"]


def _put_symbol(document: Document, path: list[str], operation: Operation) -> None:
    symbols = _symbols(document, path, 4)
    symbol = operation.get("value")
    if not isinstance(symbol, dict) or not isinstance(symbol.get("id"), str) or not symbol["id"]:
        raise refuse("put_symbol needs a symbol with an id.")
    for position, existing in enumerate(symbols):
        if existing["id"] == symbol["id"]:
            symbols[position] = copy.deepcopy(symbol)
            return
    _insert(symbols, copy.deepcopy(symbol), operation.get("index"))


def _remove_symbol(document: Document, path: list[str], operation: Operation) -> None:
    symbols = _symbols(document, path, 5)
    for position, existing in enumerate(symbols):
        if existing["id"] == path[4]:
            del symbols[position]
            return
    raise refuse(f"There is no symbol {path[4]} on this keyframe.")


def _insert(rows: list[Any], row: Any, index: Any) -> None:
    if index is None:
        index = len(rows)
    if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index <= len(rows):
        raise refuse(f"index is a position from 0 to {len(rows)}.")
    rows.insert(index, row)


OPERATIONS: dict[Any, Callable[[Document, list[str], Operation], None]] = {
    "set": _set,
    "add_event": _add_event,
    "remove_event": _remove_event,
    "put_symbol": _put_symbol,
    "remove_symbol": _remove_symbol,
}


def difference(theirs: Any, yours: Any, path: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """Field by field where two documents differ: `[{path, theirs, yours}]`; events and symbols go by id."""
    if isinstance(theirs, dict) and isinstance(yours, dict):
        names = [*theirs, *(name for name in yours if name not in theirs)]
        return [row for name in names for row in difference(theirs.get(name), yours.get(name), (*path, name))]
    if _by_id(theirs) and _by_id(yours):
        return difference({r["id"]: r for r in theirs}, {r["id"]: r for r in yours}, path)
    return [] if theirs == yours else [{"path": list(path), "theirs": theirs, "yours": yours}]


def _by_id(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) and "id" in row for row in value)
