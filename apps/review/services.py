"""Writes of review."""

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.annotation.states import annotation_states
from apps.core.errors import AppError, conflict, invalid
from apps.review.models import Verdict


def _not_own(annotation: Annotation, by: User) -> None:
    if annotation.annotator_id == by.pk:
        raise AppError("own_work", "Nobody reviews their own work.", status=403)


def review_start(*, annotation: Annotation, by: User, permissions: frozenset[str]) -> None:
    """Take a submitted annotation into review; nothing happens when it is in review already."""
    _not_own(annotation, by)
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
) -> Verdict:
    """Approve the annotation, or send it back with a comment for its annotator. Locks its row.

    Raises `own_work`, `comment_needed`, `stale_base` when the reviewer looked at another revision.
    """
    row = Annotation.objects.select_for_update().get(pk=annotation.pk)
    _not_own(row, by)
    if decision not in Verdict.Decision.values:
        raise invalid(f"A decision is one of {', '.join(Verdict.Decision.values)}.")
    if decision == Verdict.Decision.SEND_BACK and not comment.strip():
        raise invalid("Say what is to be changed: the annotator reads it.", code="comment_needed")
    if revision != row.revision:
        raise conflict("stale_base", "The annotation was changed after you opened it.", revision=row.revision)
    annotation_states.move(row, decision, by=by, permissions=permissions, why=comment.strip())
    return Verdict.objects.create(
        annotation=row, revision=row.revision, reviewer=by, decision=decision, comment=comment.strip()
    )
