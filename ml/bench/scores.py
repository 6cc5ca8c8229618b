"""From answers to figures: one `Score` for any set of questions, with its intervals and what went wrong."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Final, Literal

from ml.bench.items import Item, Json
from ml.bench.scoring import Reading, stated_truth
from ml.bench.statistics import Interval, clustered, wilson
from ml.prompts import QuestionType

Status = Literal["read", "unparsed", "refused", "errored", "unasked"]
STATUSES: Final[tuple[Status, ...]] = ("read", "unparsed", "refused", "errored", "unasked")


@dataclass(frozen=True, slots=True)
class Scored:
    """One question with what became of it. `score` is None where a judge has not said it yet."""

    item: Item
    status: Status
    score: float | None
    reading: Reading | None = None
    judges: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The mean score of `n` questions, those without an answer as 0; None where nothing could be scored.

    `answered_only` leaves out what was not read, refused, errored or not asked. `unjudged` answers are in
    neither figure and counted apart. Intervals: Wilson's over questions, clustered by episode and by task.
    """

    n: int
    score: float | None
    answered_only: float | None
    wilson: Interval
    by_episode: Interval
    by_task: Interval
    episodes: int
    tasks: int
    unparsed: int
    refused: int
    errored: int
    unasked: int
    unjudged: int

    def to_json(self) -> Json:
        """Return the form of `summary.json`."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Json) -> Score:
        """Read what `to_json` wrote."""
        intervals = {name: Interval(**raw[name]) for name in ("wilson", "by_episode", "by_task")}
        return cls(**{**raw, **intervals})


def score_of(rows: Sequence[Scored], categories: Sequence[Hashable] | None = None) -> Score:
    """Return the score of a set of questions: their mean, or the mean of the categories' means.

    `categories` has one entry a row: question types give the macro average, true classes balanced accuracy.
    Wilson's interval has no meaning for a mean of means; there it is that of the plain mean's size.
    """
    names = list(categories) if categories is not None else [None] * len(rows)
    judged = [(row, name) for row, name in zip(rows, names, strict=True) if row.score is not None]
    scores = [row.score or 0.0 for row, _ in judged]
    kept = [name for _, name in judged]
    any_read = any(row.status == "read" for row, _ in judged) or len(judged) == len(rows)
    value = _mean_of_means(scores, kept) if any_read else None
    read = [(row.score or 0.0, name) for row, name in judged if row.status == "read"]
    episodes, tasks = [row.item.episode for row, _ in judged], [row.item.task for row, _ in judged]
    counts = Counter(row.status for row in rows)
    return Score(
        n=len(rows),
        score=value,
        answered_only=_mean_of_means([s for s, _ in read], [name for _, name in read]),
        wilson=wilson((value or 0.0) * len(scores), len(scores)),
        by_episode=clustered(scores, episodes, kept),
        by_task=clustered(scores, tasks, kept),
        episodes=len(set(episodes)),
        tasks=len(set(tasks)),
        unparsed=counts["unparsed"],
        refused=counts["refused"],
        errored=counts["errored"],
        unasked=counts["unasked"],
        unjudged=len(rows) - len(judged),
    )


def _mean_of_means(scores: Sequence[float], categories: Sequence[Hashable]) -> float | None:
    groups: dict[Hashable, list[float]] = defaultdict(list)
    for value, name in zip(scores, categories, strict=True):
        groups[name].append(value)
    return average([sum(values) / len(values) for values in groups.values()])


def average(values: Sequence[float]) -> float | None:
    """Return the mean; None of nothing."""
    return sum(values) / len(values) if values else None


def balanced_detection(rows: Iterable[Scored]) -> Score:
    """Return the balanced accuracy of failure detection: the mean of both classes' recalls."""
    asked = [row for row in rows if row.item.kind is QuestionType.FAILURE_DETECTION]
    return score_of(asked, [row.item.options[row.item.answer or ""] for row in asked])


def consistency(rows: Iterable[Scored]) -> Json | None:
    """Return what rotating the options changed: shares of questions with one option chosen, or right, in all.

    An unread answer in any rotation makes its question inconsistent. `letters` counts what was chosen.
    """
    groups: dict[str, list[Scored]] = defaultdict(list)
    for row in rows:
        groups[row.item.of].append(row)
    if not groups:
        return None
    same = [
        len({_chosen(row) for row in group}) == 1 and _chosen(group[0]) is not None
        for group in groups.values()
    ]
    right = [all(row.score == 1.0 for row in group) for group in groups.values()]
    letters = Counter(row.reading.parsed for group in groups.values() for row in group if row.reading)
    return {
        "questions": len(groups),
        "same_option": average([float(one) for one in same]),
        "right_in_all": average([float(one) for one in right]),
        "letters": {letter: letters[letter] for letter in sorted(filter(None, letters))},
    }


def _chosen(row: Scored) -> str | None:
    return row.item.options.get(row.reading.parsed or "") if row.reading else None


def confusion(rows: Iterable[Scored]) -> dict[str, dict[str, int]]:
    """Return true failure type -> chosen type (`-` where none was read) -> count."""
    table: dict[str, dict[str, int]] = {}
    for row in rows:
        if row.item.kind is QuestionType.FAILURE_TYPE:
            chosen = table.setdefault(row.item.options[row.item.answer or ""], {})
            said = _chosen(row) or "-"
            chosen[said] = chosen.get(said, 0) + 1
    return table


def structured_means(rows: Sequence[Scored]) -> dict[str, float | None]:
    """Return the deterministic figures of analyses, each over all questions that ask for it; unread is 0."""
    found: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        part = row.reading.structured if row.reading else None
        truth = stated_truth(row.item)
        wanted = {"detection": "failed", "keyframe": "keyframe", "grippers": "command", "command": "command"}
        for name, key in wanted.items():
            if truth.get(key) is not None:
                found[name].append(float((getattr(part, name) if part else None) or 0))
        found["score"].append(part.score if part else 0.0)
    return {name: average(values) for name, values in found.items()}


def symbol_means(rows: Sequence[Scored]) -> dict[str, float | None]:
    """Return F1 over all questions (unread is 0); color, direction and distance where symbols matched."""
    compared = [row.reading.symbols for row in rows if row.reading and row.reading.symbols]

    def over(name: str) -> float | None:
        return average([value for each in compared if (value := getattr(each, name)) is not None])

    return {
        "f1": sum(each.f1 for each in compared) / len(rows) if rows else None,
        "color_accuracy": over("color_accuracy"),
        "direction_accuracy": over("direction_accuracy"),
        "end_point_distance": over("end_point_distance"),
    }
