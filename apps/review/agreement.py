"""How well annotators agree with each other and with gold: on what each first handed in."""

from collections.abc import Iterable, Sequence
from itertools import combinations, groupby
from statistics import fmean, median
from typing import Any

from django.db.models import QuerySet

from apps.annotation.document import Document
from apps.annotation.models import Annotation, Gold
from apps.annotation.services import document_at
from apps.review.comparison import Clock, Difference, clocks, difference, frame_size
from apps.review.kappa import cohen_kappa

Pair = tuple[Annotation, Annotation]
Compared = tuple[Document, Document, Difference]


def handed_in(project_id: int) -> QuerySet[Annotation]:
    rows = Annotation.objects.filter(episode__project_id=project_id).exclude(first_revision=None)
    return rows.select_related("episode", "annotator").prefetch_related("episode__cameras")


def double_pairs(project_id: int) -> list[Pair]:
    """Every two annotations of one episode, without gold episodes; who began first is first."""
    gold = Gold.objects.filter(annotation__episode__project_id=project_id).values("annotation__episode")
    rows = handed_in(project_id).exclude(episode__in=gold).order_by("episode_id", "pk")
    groups = [list(group) for _, group in groupby(rows, key=lambda each: each.episode_id)]
    return [pair for group in groups for pair in combinations(group, 2)]


def gold_pairs(project_id: int) -> list[Pair]:
    """Every answer to a gold episode, each before the gold annotation itself."""
    gold = Gold.objects.filter(annotation__episode__project_id=project_id).select_related("annotation")
    reference = {each.annotation.episode_id: each.annotation for each in gold}
    rows = handed_in(project_id).filter(episode__in=reference).order_by("pk")
    pairs = [(answer, reference[answer.episode_id]) for answer in rows]
    return [(answer, gold) for answer, gold in pairs if answer.pk != gold.pk]


def first_document(annotation: Annotation) -> Document:
    """What was handed in at first, whatever became of it."""
    revision = annotation.first_revision
    if revision is None or revision == annotation.revision:
        return annotation.document
    return document_at(annotation, revision)


def compared(pairs: Sequence[Pair], *, gold: bool = False) -> list[Compared]:
    """Both documents of each pair and their difference; of gold the reviewed form counts."""
    times = clocks(annotation for pair in pairs for annotation in pair)
    return [_compared(pair, times[pair[0].episode_id], gold) for pair in pairs]


def _compared(pair: Pair, clock: Clock, gold: bool) -> Compared:
    one = first_document(pair[0])
    other = pair[1].document if gold else first_document(pair[1])
    return one, other, difference(one, other, clock=clock, size=frame_size(pair[0]))


def agreement_json(rows: Iterable[Compared]) -> dict[str, Any]:
    """Kappa of detection, type and subtask; keyframes in seconds apart; F1 of the symbols; equal commands."""
    rows = list(rows)
    both = [
        (one["events"][0], other["events"][0]) for one, other, how in rows if how.failure_type is not None
    ]
    return {
        "pairs": len(rows),
        "detection": _kappa((one["outcome"], other["outcome"]) for one, other, _ in rows),
        "failure_type": _kappa((a["failure_type"], b["failure_type"]) for a, b in both),
        "subtask": _kappa((a["subtask"], b["subtask"]) for a, b in both),
        "keyframes": {
            "avoidance": _seconds([how.avoidance_seconds for *_, how in rows]),
            "correction": _seconds([how.correction_seconds for *_, how in rows]),
        },
        "symbols": _mean([how.symbols for *_, how in rows]),
        "commands": _mean([None if how.commands is None else float(how.commands) for *_, how in rows]),
    }


def _kappa(pairs: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    found = cohen_kappa(list(pairs))
    return {"n": found.n, "observed": found.observed, "kappa": found.kappa}


def _seconds(values: Iterable[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    if not known:
        return {"n": 0, "median": None, "mean": None, "within_second": None}
    near = sum(value <= 1.0 for value in known) / len(known)
    return {"n": len(known), "median": median(known), "mean": fmean(known), "within_second": near}


def _mean(values: Iterable[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    return {"n": len(known), "mean": fmean(known) if known else None}
