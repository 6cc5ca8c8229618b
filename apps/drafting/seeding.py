"""Proposals made wrong on purpose, in one part each: whoever accepts that part did not look.

A wrong part never gets into an annotation: the page asks before it takes one, and is told.
"""

import random
from typing import Any

from apps.annotation.checks import Setting
from apps.annotation.document import Document
from apps.drafting.contents import Part, parts_of, with_part

OPPOSITES = {
    "left": "right", "right": "left", "forward": "backward", "backward": "forward",
    "upward": "downward", "downward": "upward", "clockwise": "counter-clockwise",
    "counter-clockwise": "clockwise", "open": "close", "close": "open", "ON": "OFF", "OFF": "ON",
}  # fmt: skip
FAR = 0.2  # of the film's length, and of the picture's width: nobody who looks takes it for the same


def seed(document: Document, setting: Setting, chance: random.Random) -> tuple[Document, dict[str, Any]]:
    """The document with one part wrong, and what stood there; both as they were where none can be."""
    parts = list(parts_of(document).items())
    for path, value in chance.sample(parts, len(parts)):
        wrong = _wrong(path, value, setting, chance)
        if wrong is not None and wrong != value:
            return with_part(document, path, wrong), {"/".join(path): value}
    return document, {}


def _wrong(path: Part, value: Any, setting: Setting, chance: random.Random) -> Any:
    """Another value for this part; None where there is no other that a person could tell."""
    if "symbols" in path:
        return _other_symbol(value, setting)
    match path[-1]:
        case "frame":
            return _far_frame(value, setting.frame_count, chance)
        case "failure_type":
            return _other(value, setting.failure_types, chance)
        case "subtask":
            return _other(value, range(1, setting.subtasks + 1), chance)
        case "command":
            return _opposite_command(value)
    return None  # the outcome: with it all else would be wrong as well


def _other(value: Any, choices: Any, chance: random.Random) -> Any:
    others = [each for each in choices if each != value]
    return chance.choice(others) if others else None


def _far_frame(frame: int, count: int, chance: random.Random) -> int | None:
    return _other(frame, [n for n in range(min(count, 100_000)) if abs(n - frame) >= FAR * count], chance)


def _opposite_command(command: dict[str, Any]) -> dict[str, Any] | None:
    """Everything the other way round; None for commands that have no opposite."""
    arms = [_opposite_arm(arm) for arm in command["arms"]]
    return {**command, "arms": arms} if arms != command["arms"] else None


def _opposite_arm(arm: dict[str, Any]) -> dict[str, Any]:
    turned = {name: OPPOSITES.get(arm[name], arm[name]) for name in ("rotate", "grasp") if arm.get(name)}
    moves = [{**move, "direction": OPPOSITES[move["direction"]]} for move in arm.get("move", [])]
    return {**arm, **turned, **({"move": moves} if moves else {})}


def _other_symbol(symbol: dict[str, Any], setting: Setting) -> dict[str, Any]:
    """Turned round where that says the opposite; else moved to where it means something else."""
    if symbol["type"] == "move_arrow":
        return {**symbol, "start": symbol["end"], "end": symbol["start"]}
    for field in ("direction", "text"):
        if field in symbol:
            return {**symbol, field: OPPOSITES[symbol[field]]}
    return symbol | {field: _moved(symbol[field], setting) for field in ("pos", "p2") if field in symbol}


def _moved(point: list[float], setting: Setting) -> list[float]:
    x, far = point[0], FAR * setting.size.width
    return [x + far if x + far < setting.size.width else x - far, point[1]]
