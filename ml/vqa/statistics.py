"""What a data card says of records: gathered one record at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

from ml.prompts import QuestionType
from ml.symbols import NORMALIZED, Command, CommandError, Size, SymbolError, agreement, read_raw, to_pixels
from ml.vqa.frames import PAPER_FPS, step_of, still
from ml.vqa.streams import Json

BINS: Final = (4, 8, 12, 16, 20, 24)  # seconds, as in the supplement's table 1
UNKNOWN: Final = "not known"


@dataclass(slots=True)
class Statistics:
    """Counts of records and episodes. An episode is counted by its detection question, in no control."""

    tags: dict[str, Counter[str]] = field(default_factory=dict)  # split to tag
    outcomes: dict[str, Counter[str]] = field(default_factory=dict)  # split to outcome
    tasks: Counter[str] = field(default_factory=Counter)
    durations: Counter[str] = field(default_factory=Counter)
    failure_types: Counter[str] = field(default_factory=Counter)
    agreement: Counter[str] = field(default_factory=Counter)  # of symbols with their command
    missing: int = 0

    def add(self, split: str, record: Json) -> None:
        """Take one record in."""
        tag, truth = str(record.get("tag", UNKNOWN)), record.get("truth") or {}
        self.tags.setdefault(split, Counter())[tag] += 1
        if "control" in record:
            return
        if tag == QuestionType.FAILURE_DETECTION:
            self._add_episode(split, record, truth)
        elif tag == QuestionType.FAILURE_TYPE:
            self.failure_types[truth.get("failure_type", UNKNOWN)] += 1
        elif "symbols" in truth and "command" in truth:
            self.agreement[_agreement(truth)] += 1

    def _add_episode(self, split: str, record: Json, truth: Json) -> None:
        failed = truth.get("failed")
        outcome = UNKNOWN if failed is None else "failed" if failed else "successful"
        self.outcomes.setdefault(split, Counter())[outcome] += 1
        self.tasks[str(record.get("task", UNKNOWN))] += 1
        self.durations[_duration(record.get("images", []))] += 1

    @property
    def episodes(self) -> int:
        """Number of episodes."""
        return sum(sum(outcomes.values()) for outcomes in self.outcomes.values())


def duration_bins() -> list[str]:
    """Return the names of the bins of durations, in order."""
    return [*(f"{high - 4} to {high} s" for high in BINS), f"{BINS[-1]} s and more", UNKNOWN]


def _duration(images: list[str]) -> str:
    """The bin of an episode's length: the last frame over the frames from one sample to the next."""
    stills = [each for each in map(still, images) if each]
    if not stills:
        return UNKNOWN
    seconds = stills[-1].frame / (step_of(stills) or PAPER_FPS)
    return next((f"{high - 4} to {high} s" for high in BINS if seconds < high), f"{BINS[-1]} s and more")


def _agreement(truth: dict[str, Any]) -> str:
    try:
        size = Size(*truth["size"])
        symbols = [to_pixels(read_raw(raw, NORMALIZED), size) for raw in truth["symbols"]]
        return agreement(symbols, Command.from_json(truth["command"])).result
    except (SymbolError, CommandError, KeyError, TypeError):
        return UNKNOWN
