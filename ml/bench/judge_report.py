"""How far judges agree with each other and with people, and reasons not to believe them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from math import sqrt

from ml.bench.items import Json
from ml.bench.judges import family
from ml.bench.judging import Judgements
from ml.bench.scores import Scored, average
from ml.bench.statistics import krippendorff


def judge_report(rows: Sequence[Scored], judgements: Judgements, model: str) -> Json | None:
    """Return who judged, how far they agree with each other and with people, and warnings; None if nobody."""
    if not judgements.judges:
        return None
    judged = [row for row in rows if row.judges]
    return {
        "judges": {name: _one_judge(name, judged, judgements) for name in judgements.judges},
        "criteria": judgements.criteria,
        "alpha": krippendorff([[value for _, value in row.judges] for row in judged]),
        "pairs": [
            {"judges": pair, **compare_scores(_pairs(judged, *pair))}
            for pair in combinations(judgements.judges, 2)
        ],
        "warnings": warnings(judgements, model),
    }


def _one_judge(name: str, judged: Sequence[Scored], judgements: Judgements) -> Json:
    own = {row.item.id: dict(row.judges)[name] for row in judged if name in dict(row.judges)}
    pairs = [(value, judgements.human[key]) for key, value in own.items() if key in judgements.human]
    return {
        "scored": len(own),
        "mean": average(list(own.values())),
        "calibration": compare_scores(pairs),
        "spent": judgements.spent.get(name),
    }


def _pairs(rows: Sequence[Scored], one: str, other: str) -> list[tuple[float, float]]:
    found = [dict(row.judges) for row in rows]
    return [(scores[one], scores[other]) for scores in found if one in scores and other in scores]


def compare_scores(pairs: Sequence[tuple[float, float]]) -> Json:
    """Return how far two scores of the same texts agree: alpha, correlation, mean absolute difference, bias.

    `bias` is the first's mean above the second's.
    """
    differences = [a - b for a, b in pairs]
    return {
        "n": len(pairs),
        "alpha": krippendorff([list(pair) for pair in pairs]),
        "pearson": _pearson(pairs),
        "mean_difference": average([abs(d) for d in differences]),
        "bias": average(differences),
    }


def _pearson(pairs: Sequence[tuple[float, float]]) -> float | None:
    if len(pairs) < 3:
        return None
    means = [sum(side) / len(pairs) for side in zip(*pairs, strict=True)]
    moved = [(a - means[0], b - means[1]) for a, b in pairs]
    spread = sqrt(sum(a * a for a, _ in moved) * sum(b * b for _, b in moved))
    return sum(a * b for a, b in moved) / spread if spread else None


def warnings(judgements: Judgements, model: str) -> list[str]:
    """Return a sentence for each reason not to believe the judges."""
    found = []
    for name in judgements.judges:
        if family(name) == family(model):
            found.append(f"{name} judges answers of its own family ({model})")
        if judgements.drafted_by and family(name) == family(judgements.drafted_by):
            found.append(f"{name} is of the family that drafted the references ({judgements.drafted_by})")
    if len(judgements.judges) < 2:
        found.append("there is one judge only: its agreement with another is not known")
    if not judgements.human:
        found.append("the judges are not calibrated against human scores")
    return found
