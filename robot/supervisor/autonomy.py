"""When a supervisor may act by itself: what shadow runs of the same task and model have shown.

A false intervention is a rollout that succeeded by itself and in which the supervisor would have stepped in.
Autonomous mode asks that the one-sided 95 % upper bound (Clopper and Pearson 1934) of their share among
successful rollouts is at most 10 %: none in 30 bounds it by 9.5 %. Or an admin overrides, by name and with a
reason, and that is kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from math import comb
from pathlib import Path
from typing import Any, Final

LEVEL: Final = 0.95
MOST_FALSE: Final = 0.10
FILE: Final = "autonomy.jsonl"


class RecordsError(ValueError):
    """Records that cannot be read; its one sentence says where."""


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """A finished rollout in shadow mode; `interventions` counts corrections that would have been made.

    `success` is None where nobody told the outcome: such a rollout counts for nothing.
    """

    task: str
    model: str
    rollout: str
    success: bool | None
    interventions: int


@dataclass(frozen=True, slots=True)
class Override:
    """An admin's decision to let a supervisor act without the evidence, until it is revoked."""

    task: str
    model: str
    by: str
    reason: str
    at: str
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Permission:
    """Whether a supervisor may act by itself, and one sentence why or why not."""

    allowed: bool
    why: str
    successes: int
    false: int
    bound: float


def upper_bound(events: int, trials: int, level: float = LEVEL) -> float:
    """Return Clopper and Pearson's one-sided upper bound of a share; 1 where all or nothing happened."""
    if events >= trials:
        return 1.0
    low, high = 0.0, 1.0
    while high - low > 1e-12:
        share = (low + high) / 2
        below = sum(comb(trials, k) * share**k * (1 - share) ** (trials - k) for k in range(events + 1))
        low, high = (low, share) if below <= 1 - level else (share, high)
    return high


def permission(records: Iterable[ShadowRun | Override], task: str, model: str) -> Permission:
    """Tell whether the records let this model act by itself on this task."""
    ours = [record for record in records if (record.task, record.model) == (task, model)]
    runs = {record.rollout: record for record in ours if isinstance(record, ShadowRun)}
    clean = [run.interventions > 0 for run in runs.values() if run.success]
    false, bound = sum(clean), upper_bound(sum(clean), len(clean))
    shown = (
        f"{false} of {len(clean)} successful shadow rollouts had a false intervention: at most {bound:.1%} "
        f"with 95 % confidence, where {MOST_FALSE:.0%} is the most"
    )
    overrides = [record for record in ours if isinstance(record, Override)]
    if overrides and not overrides[-1].revoked:
        last = overrides[-1]
        return Permission(
            True, f"{last.by} overrode it on {last.at}: {last.reason}", len(clean), false, bound
        )
    return Permission(bound <= MOST_FALSE, shown, len(clean), false, bound)


def read_records(folder: Path) -> list[ShadowRun | Override]:
    """Read all records; a last line that was cut off by a crash is not counted. Raises RecordsError."""
    path = folder / FILE
    if not path.exists():
        return []
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()[: None if text.endswith("\n") else -1]
    return [_read(path, number, line) for number, line in enumerate(lines, 1)]


def _read(path: Path, number: int, line: str) -> ShadowRun | Override:
    kinds: dict[str, type[ShadowRun] | type[Override]] = {"shadow": ShadowRun, "override": Override}
    try:
        fields: dict[str, Any] = json.loads(line)
        return kinds[fields.pop("kind")](**fields)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise RecordsError(f"{path}, line {number}, is no record: {error}") from error


def append_record(folder: Path, record: ShadowRun | Override) -> None:
    """Add a record, on the disk when this returns."""
    kind = "shadow" if isinstance(record, ShadowRun) else "override"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE
    _end_line(path)
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"kind": kind, **asdict(record)}) + "\n")
        file.flush()
        os.fsync(file.fileno())


def _end_line(path: Path) -> None:
    """Cut off what a crash left of a last line, so that the next one stands by itself."""
    if path.exists():
        data = path.read_bytes()
        if data and not data.endswith(b"\n"):
            os.truncate(path, data.rfind(b"\n") + 1)
