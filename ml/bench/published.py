"""The paper's 17 rows as data: printed figures of others, never measured here."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.bench.errors import BenchError
from ml.bench.items import Json
from ml.prompts import GROUPS, Group, QuestionType

PUBLISHED: Final = Path(__file__).with_name("published.toml")
Percents = Mapping[QuestionType, float]


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One model of tables 1 to 3; percents by question type, averages as printed (None where not printed)."""

    model: str
    kind: str
    scores: Percents
    lite_average: float
    hard_average: float
    average: float | None


@dataclass(frozen=True, slots=True)
class Published:
    """The rows, their source, the number of questions of each type, and the hashes that make them comparable.

    An empty hash is unknown, and equal to nothing.
    """

    source: str
    questions: Mapping[QuestionType, int]
    rows: tuple[PublishedRow, ...]
    data_sha256: str
    wording_sha256: str
    judge: str
    criteria_sha256: str

    def same_questions(self, run: Json) -> bool:
        """Tell whether a run asked the same of the same data, in the same words."""
        ours, theirs = (run["data_sha256"], run["wording_sha256"]), (self.data_sha256, self.wording_sha256)
        return all(theirs) and ours == theirs

    def same_judge(self, run: Json) -> bool:
        """Tell whether a run's open-ended answers were scored by the same judge with the same criteria."""
        judges = run["judges"] or {"judges": {}, "criteria": {}}
        known = bool(self.judge and self.criteria_sha256)
        same = judges["criteria"].get("sha256") == self.criteria_sha256
        return known and same and list(judges["judges"]) == [self.judge]


def load_published(path: Path = PUBLISHED) -> Published:
    """Read published rows. Raises BenchError where the file is of another form."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Published(
            source=raw["source"],
            questions={QuestionType(tag): int(count) for tag, count in raw["questions"].items()},
            rows=tuple(_row(row) for row in raw["row"]),
            data_sha256=raw["data_sha256"],
            wording_sha256=raw["wording_sha256"],
            judge=raw["judge"],
            criteria_sha256=raw["criteria_sha256"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BenchError(f"{path} holds no published rows: {error}") from error


def _row(raw: Json) -> PublishedRow:
    scores = {QuestionType(tag): float(value) for tag, value in {**raw["lite"], **raw["hard"]}.items()}
    return PublishedRow(
        raw["model"], raw["kind"], scores, raw["lite_average"], raw["hard_average"], raw.get("average")
    )


def micro(scores: Percents, questions: Mapping[QuestionType, int], *groups: Group) -> float:
    """Return the average in which every question of the groups counts alike."""
    kinds = [kind for group in groups for kind in GROUPS[group]]
    return sum(scores[kind] * questions[kind] for kind in kinds) / sum(questions[kind] for kind in kinds)


def macro(scores: Percents, *groups: Group) -> float:
    """Return the average in which every question type of the groups counts alike."""
    kinds = [kind for group in groups for kind in GROUPS[group]]
    return sum(scores[kind] for kind in kinds) / len(kinds)
