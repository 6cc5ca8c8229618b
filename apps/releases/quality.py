"""How good a release's annotations are, as far as it is known when the release is made.

Kept with the release and written into `release.json`, but no part of its fingerprint: people go on looking
again and annotating twice, and the same annotations stay the same version.
"""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, Q, Sum

from apps.accounts.models import Project
from apps.annotation.models import Annotation, WorkSession
from apps.annotation.times import STAGES
from apps.review.agreement import agreement_json, compared, double_pairs
from apps.review.selectors import residual_error


def quality_of(project: Project, annotations: Sequence[Annotation]) -> dict[str, Any]:
    """`annotation_hours`, `agreement` of pairs of annotators, `residual_error`; the unknown is left out."""
    known = {
        "annotation_hours": _hours(annotations),
        "agreement": _agreement(project),
        "residual_error": _residual(project),
    }
    return {name: value for name, value in known.items() if value}


def _hours(annotations: Sequence[Annotation]) -> dict[str, float]:
    """Active hours of the annotators of these annotations, and of those who reviewed them."""
    rows = WorkSession.objects.filter(annotation__in=[each.pk for each in annotations])
    own = Q(person=F("annotation__annotator"))
    seconds = {
        "annotation": sum(_sum(rows.filter(own), stage) for stage in STAGES if stage != "review"),
        "review": _sum(rows.exclude(own), "review"),
    }
    return {name: round(value / 3600, 3) for name, value in seconds.items() if value}


def _sum(rows: Any, stage: str) -> float:
    return rows.aggregate(total=Sum(stage))["total"] or 0.0


def _agreement(project: Project) -> dict[str, float]:
    """Shares of equal answers, and the mean F1 of the symbols, over what pairs first handed in."""
    found = agreement_json(compared(double_pairs(project.pk)))
    shares = {
        "failure detection": found["detection"]["observed"],
        "failure type": found["failure_type"]["observed"],
        "failed subtask": found["subtask"]["observed"],
        "command": found["commands"]["mean"],
        "symbols (F1)": found["symbols"]["mean"],
    }
    return {name: round(value, 3) for name, value in shares.items() if value is not None}


def _residual(project: Project) -> dict[str, float] | None:
    """The share of approved annotations that are wrong, its 95 % interval, and of how many looks."""
    found = residual_error(project)
    if found.estimate is None:
        return None
    return {"estimate": found.estimate, "low": found.low, "high": found.high, "n": found.n}
