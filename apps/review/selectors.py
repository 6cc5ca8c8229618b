"""Reads of review: what waits for a verdict, and the verdicts given."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.annotation.selectors import RELATED
from apps.review.models import Verdict

WAITING = (Annotation.State.SUBMITTED, Annotation.State.IN_REVIEW)


def waiting_for(user: User, project_id: int) -> QuerySet[Annotation]:
    """Submitted annotations that `user` may judge, which leaves out their own; longest waiting first."""
    rows = Annotation.objects.filter(episode__project_id=project_id, state__in=WAITING)
    return rows.exclude(annotator=user).select_related(*RELATED).order_by("submitted")


def approved_in(project_id: int) -> QuerySet[Annotation]:
    """The approved annotations of a project that have an approving verdict, by task and episode."""
    approval = Verdict.objects.filter(annotation=OuterRef("pk"), decision=Verdict.Decision.APPROVE)
    rows = Annotation.objects.filter(episode__project_id=project_id, state=Annotation.State.APPROVED)
    rows = rows.filter(Exists(approval)).select_related(*RELATED)
    return rows.order_by("episode__task__name", "episode__number", "pk")


def verdicts_json(annotation: Annotation) -> list[dict[str, Any]]:
    rows = annotation.verdicts.select_related("reviewer")
    return [
        {
            "reviewer": verdict.reviewer.username,
            "decision": verdict.decision,
            "comment": verdict.comment,
            "created": verdict.created,
            "revision": verdict.revision,
        }
        for verdict in rows
    ]
