"""The review queue: what waits, narrowed by a filter, oldest or likeliest wrong first."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.annotation.selectors import annotation_row
from apps.review.risk import Risk, risks
from apps.review.selectors import waiting_for

ORDERS = ("oldest", "risk")
CONDITIONS = {
    "task": "episode__task",
    "annotator": "annotator__username",
    "outcome": "document__outcome",
    "state": "state",
}


def review_queue(
    user: User,
    project_id: int,
    *,
    order: str = "oldest",
    max_risk: float | None = None,
    without: Sequence[str] = (),
    **conditions: Any,
) -> list[dict[str, Any]]:
    """Rows of what waits for `user`; `conditions` are those of CONDITIONS, `without` are signs to leave out.

    For approving many at once: those without `contradiction` or `disagreement` and below a risk.
    """
    rows = list(_narrowed(waiting_for(user, project_id), conditions))
    found = risks(project_id, rows)
    kept = [row for row in rows if _kept(found[row.pk], max_risk, without)]
    if order == "risk":
        kept.sort(key=lambda row: -found[row.pk].probability)
    return [_row(annotation, found[annotation.pk]) for annotation in kept]


def _narrowed(rows: QuerySet[Annotation], conditions: dict[str, Any]) -> QuerySet[Annotation]:
    return rows.filter(**{CONDITIONS[name]: value for name, value in conditions.items()})


def _kept(risk: Risk, max_risk: float | None, without: Sequence[str]) -> bool:
    return (max_risk is None or risk.probability <= max_risk) and not any(
        sign.kind in without for sign in risk.signs
    )


def _row(annotation: Annotation, risk: Risk) -> dict[str, Any]:
    return {
        **annotation_row(annotation),
        "task": annotation.episode.task.name,
        "number": annotation.episode.number,
        "outcome": annotation.document["outcome"],
        "revision": annotation.revision,
        "submitted": annotation.submitted,
        **risk.to_json(),
    }
