"""What a supervisor said during a rollout, as an annotation's document for a person to accept or not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ml.symbols import CommandError, parse_command
from robot.events import Entry, Kind


@dataclass
class Verdict:
    """Gathers queries and answers as they come; times are the robot's.

    One failure event begins with an answer that says failure after one that did not, or after none.
    """

    queries: dict[int, Sequence[float]] = field(default_factory=dict)
    answers: list[Mapping[str, Any]] = field(default_factory=list)

    def see(self, entry: Entry) -> None:
        if entry.kind is Kind.QUERY:
            self.queries[entry.data["query"]] = entry.data["frames"]
        elif entry.kind is Kind.ANSWER and entry.data.get("failed") is not None:
            self.answers.append(entry.data)

    def document(self, times: Sequence[float]) -> dict[str, Any] | None:
        """The document, where anything was answered; `times` are those of the recording's frames."""
        if not self.answers:
            return None
        begun, before = [], False
        for answer in self.answers:
            if answer["failed"] and not before:
                begun.append(answer)
            before = bool(answer["failed"])
        events = [self._event(answer, np.asarray(times)) for answer in begun]
        return {"outcome": "failed" if events else "successful", "events": events}

    def _event(
        self, answer: Mapping[str, Any], times: np.ndarray[Any, np.dtype[np.float64]]
    ) -> dict[str, Any]:
        """The answer's keyframe (from 1) is what to avoid; its symbols stand on the last picture it saw."""
        asked = self.queries.get(answer["query"], ())
        event: dict[str, Any] = {"correction": {"symbols": list(answer.get("symbols", ()))}}
        if asked and len(times):
            event["correction"]["frame"] = _nearest(times, asked[-1])
        keyframe = answer.get("keyframe")
        if isinstance(keyframe, int) and 1 <= keyframe <= len(asked) and len(times):
            event["avoidance"] = {"frame": _nearest(times, asked[keyframe - 1])}
        if answer.get("failure_type"):
            event["failure_type"] = answer["failure_type"]
        command = _command(answer.get("command"))
        if command is not None:
            event["correction"]["command"] = command
        return event


def _nearest(times: np.ndarray[Any, np.dtype[np.float64]], time: float) -> int:
    return int(np.abs(times - time).argmin())


def _command(text: Any) -> dict[str, Any] | None:
    """The structured form; what is no command of the grammar stays in the events alone."""
    try:
        return parse_command(text).to_json() if isinstance(text, str) and text else None
    except CommandError:
        return None
