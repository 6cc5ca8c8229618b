"""Writes of review: verdicts, on one annotation or on many."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.annotation.states import annotation_states
from apps.core.errors import AppError, conflict, invalid
from apps.core.sentences import say
from apps.review.models import FieldVerdict, Verdict


def require_not_own(annotation: Annotation, by: User) -> None:
    if annotation.annotator_id == by.pk:
        raise AppError("own_work", "Nobody reviews their own work.", status=403)


def review_start(*, annotation: Annotation, by: User, permissions: frozenset[str]) -> None:
    """Take a submitted annotation into review; nothing happens when it is in review already."""
    require_not_own(annotation, by)
    if annotation.state == Annotation.State.SUBMITTED:
        annotation_states.move(annotation, "start_review", by=by, permissions=permissions)


@transaction.atomic
def verdict_give(
    *,
    annotation: Annotation,
    by: User,
    decision: str,
    comment: str,
    revision: int,
    permissions: frozenset[str],
    batch: bool = False,
) -> Verdict:
    """Approve the annotation, or send it back with a comment for its annotator. Locks its row.

    Raises `own_work`, `comment_needed`, `field_wrong` when it is approved with a field that the same reviewer
    marked wrong, `stale_base` when the reviewer looked at another revision.
    """
    row = Annotation.objects.select_for_update().get(pk=annotation.pk)
    require_not_own(row, by)
    if decision not in Verdict.Decision.values:
        raise invalid(f"A decision is one of {', '.join(Verdict.Decision.values)}.")
    why = _reason(row, by, decision, comment.strip())
    require_revision(row, revision)
    annotation_states.move(row, decision, by=by, permissions=permissions, why=why)
    return Verdict.objects.create(
        annotation=row,
        revision=row.revision,
        author_id=row.annotator_id,
        reviewer=by,
        decision=decision,
        comment=why,
        batch=batch,
    )


def require_revision(annotation: Annotation, revision: int) -> None:
    """What somebody says is about the revision that they looked at; raises `stale_base`."""
    if revision != annotation.revision:
        raise conflict(
            "stale_base", "The annotation was changed after you opened it.", revision=annotation.revision
        )


def _reason(annotation: Annotation, by: User, decision: str, comment: str) -> str:
    """The reviewer's words; where they have none, the fields they marked wrong."""
    marks = FieldVerdict.objects.filter(annotation=annotation, revision=annotation.revision, reviewer=by)
    wrong = list(marks.filter(mark=FieldVerdict.Mark.WRONG).values_list("path", flat=True))
    if decision == Verdict.Decision.APPROVE:
        if wrong:
            raise conflict(
                "field_wrong", "You marked a field as wrong: send it back, or change the mark.", paths=wrong
            )
        return comment
    if not comment and not wrong:
        raise invalid("Say what is to be changed: the annotator reads it.", code="comment_needed")
    return comment or f"To be changed: {', '.join(wrong)}."


def verdict_batch(
    *, by: User, project_id: int, seen: Iterable[dict[str, Any]], comment: str
) -> list[dict[str, Any]]:
    """Approve many, each in a transaction of its own: `seen` are ids with the revisions looked at.

    Returns a row for each, in their order; one that is refused says why and keeps none of the others back.
    """
    return [_approve_one(by, project_id, each["id"], each["revision"], comment) for each in seen]


def _approve_one(by: User, project_id: int, pk: int, revision: int, comment: str) -> dict[str, Any]:
    try:
        annotation = access_annotation(by, pk, need="review")
        if annotation.episode.project_id != project_id:
            raise AppError("not_found", "There is no such annotation in this project.", status=404)
        verdict_give(
            annotation=annotation,
            by=by,
            decision=Verdict.Decision.APPROVE,
            comment=comment,
            revision=revision,
            permissions=annotation.episode.project.permissions,
            batch=True,
        )
    except AppError as error:
        return {"id": pk, "approved": False, "code": error.code, "message": say(error.message)}
    return {"id": pk, "approved": True, "code": "", "message": ""}
