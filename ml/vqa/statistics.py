"""What a data card says of records, gathered one record at a time, and of the release they were made of."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ml.prompts import QuestionType
from ml.symbols import NORMALIZED, Command, CommandError, Size, SymbolError, agreement, read_raw, to_pixels
from ml.vqa.frames import PAPER_FPS, step_of, still
from ml.vqa.streams import DataError, Json, read_array

BINS: Final = (4, 8, 12, 16, 20, 24)  # seconds, as in the supplement's table 1
UNKNOWN: Final = "not known"
MANIFEST: Final = "release.json"


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


def split_name(stem: str) -> str:
    """Return the split of a file's name: what stands behind `ViFailback_VQA_`, in letters splits allow."""
    name = stem.removeprefix("ViFailback_VQA_")
    return "".join(letter if letter.isalnum() else "_" for letter in name)


def statistics_of(files: Iterable[Path]) -> Statistics:
    """Return the statistics of files of records, each a split of its own."""
    found = Statistics()
    for file in files:
        for record in read_array(file):
            found.add(split_name(file.stem), record)
    return found


def charts(statistics: Statistics, about: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Return what a card draws: title to label to number, of the records and of `read_about`."""
    records: Counter[str] = Counter()
    for tags in statistics.tags.values():
        records.update(tags)
    outcomes = {
        f"{split}, {outcome}": count
        for split, counts in statistics.outcomes.items()
        for outcome, count in sorted(counts.items())
    }
    plots: dict[str, dict[str, float]] = {
        "Records by question type": dict(sorted(records.items())),
        "Episodes by split and outcome": dict(outcomes),
        "Episodes by duration": {name: statistics.durations[name] for name in duration_bins()},
        "Episodes by task": dict(statistics.tasks.most_common()),
        "Failure types": dict(statistics.failure_types.most_common()),
        "Symbols and commands": dict(sorted(statistics.agreement.items())),
    }
    for name, key in (
        ("Agreement between annotators", "agreement"),
        ("Annotation hours", "annotation_hours"),
    ):
        if isinstance(about.get(key), Mapping):
            plots[name] = dict(about[key])
    return plots


def read_about(images: Path) -> dict[str, Any]:
    """Return the release's manifest, with what records do not say; nothing where there is none."""
    path = images / MANIFEST
    try:
        about = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise DataError(f"{path} is no JSON: {error}") from error
    return about if isinstance(about, dict) else {}
