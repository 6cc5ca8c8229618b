"""What an annotation's values must be for its episode, and what is missing before it can be submitted."""

import re
from dataclasses import dataclass
from typing import Any

from apps.annotation.document import Document, Operation, refuse
from apps.core.sentences import say
from ml.symbols import Command, CommandError, Size, SymbolError, from_raw, to_raw

OUTCOMES = ("successful", "failed", "cannot_tell")
TEXT_LIMIT = 5000
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
COLOR_LIMIT = 12
SYMBOL_LIMIT = 50
EVENT_LIMIT = 20
SIDE_NAMES = {"avoidance": "avoidance keyframe", "correction": "correction keyframe"}


@dataclass(frozen=True)
class Setting:
    """What the values are checked against: the head camera, the task and the project's choices."""

    size: Size
    frame_count: int
    subtasks: int
    failure_types: tuple[str, ...]
    symbols: tuple[str, ...]
    arms: tuple[str, ...]
    magnitudes: tuple[str, ...]


def check(operation: Operation, setting: Setting) -> Operation:
    """The operation with its value in canonical form.

    Raises `invalid_operation` with a sentence that names the valid choices.
    """
    op, value = operation.get("op"), operation.get("value")
    if op in ("add_event", "put_symbol"):
        _check_id(value)
    if op == "put_symbol":
        return {**operation, "value": _symbol(value, setting)}
    if op == "set" and operation.get("path"):
        field = operation["path"][-1]
        return {**operation, "value": _field(field, value, setting)} if "value" in operation else operation
    return operation


def _check_id(value: Any) -> None:
    """Ids become parts of addresses and of element names."""
    name = value.get("id") if isinstance(value, dict) else None
    if isinstance(name, str) and not ID.fullmatch(name):
        raise refuse("An id is 1 to 64 letters, digits, - and _.")


def _symbol(symbol: Any, setting: Setting) -> dict[str, Any]:
    if not isinstance(symbol, dict) or symbol.get("type") not in setting.symbols:
        raise refuse(f"A symbol's type is one of {', '.join(setting.symbols)}.")
    try:
        fields = to_raw(from_raw(without_id(symbol), setting.size))
    except SymbolError as problem:
        raise refuse(str(problem)) from None
    if without_id(symbol).keys() != fields.keys():
        raise refuse(f"A {symbol['type']} has an id and {', '.join(fields)}.")
    if len(fields.get("colors", ())) > COLOR_LIMIT:
        raise refuse(f"An arrow has at most {COLOR_LIMIT} colors.")
    return {"id": symbol.get("id"), **fields}


def without_id(symbol: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in symbol.items() if name != "id"}


def _field(field: str, value: Any, setting: Setting) -> Any:
    if field == "command":
        return _command(value, setting)
    if field in ("note", "reason", "high_level"):
        if not isinstance(value, str) or len(value) > TEXT_LIMIT:
            raise refuse(f"A text has at most {TEXT_LIMIT} characters.")
    elif field == "frame":
        _check_number(value, 0, setting.frame_count - 1, "A keyframe's frame number")
    elif field == "subtask":
        _check_number(value, 1, setting.subtasks, "A subtask's number")
    elif field == "outcome":
        _check_choice(value, OUTCOMES, "An outcome")
    elif field == "failure_type":
        _check_choice(value, setting.failure_types, "A failure type")
    return value


def _check_number(value: Any, low: int, high: int, what: str) -> None:
    if value is not None and (
        isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high
    ):
        raise refuse(f"{what} is from {low} to {high}.")


def _check_choice(value: Any, choices: tuple[str, ...], what: str) -> None:
    if value is not None and value not in choices:
        raise refuse(f"{what} is one of {', '.join(choices)}.")


def _command(value: Any, setting: Setting) -> dict[str, Any] | None:
    if value is None:
        return None
    try:
        command = Command.from_json(value, arms=setting.arms)
    except CommandError as problem:
        raise refuse(str(problem)) from None
    magnitudes = {move.magnitude for arm in command.arms for move in arm.move} - {None}
    if not magnitudes <= set(setting.magnitudes):
        raise refuse(f"A magnitude is one of {', '.join(setting.magnitudes)}.")
    return command.to_json()


def check_size(document: Document) -> None:
    """A bound on what one annotation can hold."""
    events = document["events"]
    if len(events) > EVENT_LIMIT:
        raise refuse(f"An annotation has at most {EVENT_LIMIT} failure events.")
    if any(len(event[side]["symbols"]) > SYMBOL_LIMIT for event in events for side in SIDE_NAMES):
        raise refuse(f"A keyframe has at most {SYMBOL_LIMIT} symbols.")


def problems(document: Document, *, subtasks: int) -> list[dict[str, Any]]:
    """What is missing or cannot be before submission: `[{path, message}]`, in the order of the stages.

    `subtasks` is how many the task has now; a number beyond them has to be chosen again.
    """
    outcome = document["outcome"]
    if outcome is None:
        return [_problem(["outcome"], "Say whether the robot was successful, failed, or you cannot tell.")]
    if outcome == "successful":
        return []
    if outcome == "cannot_tell":
        missing = not document["note"].strip()
        return [_problem(["note"], "Say in a sentence why it cannot be told.")] if missing else []
    if not document["events"]:
        return [_problem(["events"], "A failed episode needs at least one failure event.")]
    return [row for event in document["events"] for row in _event_problems(event, subtasks)]


def _problem(path: list[str], message: str) -> dict[str, Any]:
    return {"path": path, "message": say(message)}


def _event_problems(event: dict[str, Any], subtasks: int) -> list[dict[str, Any]]:
    here = ["events", event["id"]]
    rows = []
    for side, name in SIDE_NAMES.items():
        if event[side]["frame"] is None:
            rows.append(_problem([*here, side, "frame"], f"Choose the {name}."))
    if (
        None not in (first := event["avoidance"]["frame"], last := event["correction"]["frame"])
        and first >= last
    ):
        rows.append(
            _problem(
                [*here, "correction", "frame"], "The correction keyframe comes after the avoidance keyframe."
            )
        )
    if subtasks and not 1 <= (event["subtask"] or 0) <= subtasks:
        rows.append(_problem([*here, "subtask"], "Choose the subtask that failed."))
    if event["failure_type"] is None:
        rows.append(_problem([*here, "failure_type"], "Choose the failure type."))
    for side, name in SIDE_NAMES.items():
        if event[side]["command"] is None and not event[side]["symbols"]:
            rows.append(_problem([*here, side, "command"], f"Give the {name} a command or a symbol."))
    return rows + _text_problems(event, here)


def chosen_subtask(event: dict[str, Any], subtasks: list[str]) -> str:
    """The words of the event's subtask; empty when none is chosen, or the task has fewer by now."""
    number = event["subtask"] or 0
    return subtasks[number - 1] if 1 <= number <= len(subtasks) else ""


def _text_problems(event: dict[str, Any], here: list[str]) -> list[dict[str, Any]]:
    texts = [
        (event["reason"], [*here, "reason"], "Write the failure reason."),
        (
            event["avoidance"]["high_level"],
            [*here, "avoidance", "high_level"],
            "Write the high-level avoidance.",
        ),
        (
            event["correction"]["high_level"],
            [*here, "correction", "high_level"],
            "Write the high-level correction.",
        ),
    ]
    return [_problem(path, message) for text, path, message in texts if not text.strip()]
