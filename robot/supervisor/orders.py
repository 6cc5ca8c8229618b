"""Operators' orders as JSON, whoever relays them: the local console or the site's live page.

    {"order": "hold" | "release" | "take_over" | "confirm" | "reject" | "mode" | "finish" | "act" | "correct",
     "by": NAME, "action": [14 numbers], "correction": number, "mode": "shadow" | "confirm" | "autonomous",
     "success": true | false | null, "symbols": [the release's raw form, in pixels of the head picture],
     "command": TEXT}

Only `order` and `by` are always needed; see `robot.supervisor.messages.Operate`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from ml.symbols import Command, CommandError, SymbolError, from_raw, parse_command
from robot.environment import JOINTS, Vector
from robot.supervisor.messages import ORDERS, Operate


class OrderError(ValueError):
    """An order that cannot be read; its one sentence names the valid choices."""


def read_order(raw: object) -> Operate:
    """Read an order; raises OrderError."""
    if not isinstance(raw, Mapping):
        raise OrderError("an order must be an object with order and by")
    order, by = raw.get("order"), raw.get("by")
    if order not in ORDERS:
        raise OrderError(f"{order!r} is no order; it must be one of {', '.join(ORDERS)}")
    if not isinstance(by, str) or not by.strip() or len(by) > 100:
        raise OrderError("by must be the operator's name, of at most 100 characters")
    success, correction = raw.get("success"), raw.get("correction")
    if success not in (None, True, False) or not isinstance(correction, int | None):
        raise OrderError("success must be true, false or null, and correction a number")
    return Operate(
        order, by, _action(raw), correction, _symbols(raw), _command(raw), str(raw.get("mode", "")), success
    )


def _action(raw: Mapping[str, Any]) -> Vector | None:
    if raw.get("action") is None:
        return None
    try:
        action = np.asarray(raw["action"], np.float32)
    except (TypeError, ValueError) as error:
        raise OrderError(f"an action must be {JOINTS} numbers") from error
    if action.shape != (JOINTS,):
        raise OrderError(f"an action must be {JOINTS} numbers")
    return action


def _symbols(raw: Mapping[str, Any]) -> tuple[Any, ...]:
    listed = raw.get("symbols", [])
    if not isinstance(listed, list) or len(listed) > 20:
        raise OrderError("symbols must be a list of at most 20")
    try:
        return tuple(from_raw(symbol) for symbol in listed)
    except SymbolError as error:
        raise OrderError(f"a symbol cannot be read: {error}") from error


def _command(raw: Mapping[str, Any]) -> Command | None:
    text = raw.get("command")
    if text in (None, ""):
        return None
    try:
        return parse_command(str(text))
    except CommandError as error:
        raise OrderError(f"the command cannot be read: {error}") from error
