"""Second looks at approved annotations that chance chooses: how many errors approval lets through."""

import secrets
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import REVIEW
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.annotation.states import annotation_states
from apps.core.errors import AppError, conflict, not_found
from apps.core.states import require_reason
from apps.review.models import Audit, Verdict
from apps.review.selectors import approved_in

chance = secrets.SystemRandom()


def _open_to(user: User, project_id: int) -> QuerySet[Annotation]:
    """Approved, not looked at again in this revision, neither made nor approved by `user`."""
    seen = Audit.objects.filter(annotation=OuterRef("pk"), revision=OuterRef("revision"))
    approved = Verdict.objects.filter(annotation=OuterRef("pk"), reviewer=user, decision="approve")
    rows = approved_in(project_id).exclude(annotator=user)
    return rows.exclude(Exists(seen)).exclude(Exists(approved))


@transaction.atomic
def audit_next(*, project_id: int, by: User) -> Audit:
    """The second look that `by` still owes, else a new one on a randomly drawn annotation.

    Nobody chooses what to look at, else the estimate would be of what they chose. Raises `nothing_to_audit`.
    """
    owed = Audit.objects.filter(reviewer=by, decided=None, annotation__episode__project_id=project_id)
    pending = owed.filter(revision=F("annotation__revision"), annotation__state="approved").first()
    if pending is not None:
        return pending
    owed.delete()  # what was changed in the meantime
    choices = list(_open_to(by, project_id).values_list("pk", "revision", "annotator_id"))
    for pk, revision, author in chance.sample(choices, len(choices)):
        audit, drawn = Audit.objects.get_or_create(
            annotation_id=pk, revision=revision, defaults={"author_id": author, "reviewer": by}
        )
        if drawn:  # else somebody else drew it at this moment
            return audit
    raise AppError("nothing_to_audit", "There is no approved annotation left for a second look.", status=404)


def access_audit(user: User, audit_id: int) -> Audit:
    """For its own reviewer only."""
    audit = Audit.objects.filter(pk=audit_id).first()
    if audit is None:
        raise not_found("second look")
    try:
        audit.annotation = access_annotation(user, audit.annotation_id, need=REVIEW)
    except AppError as error:
        raise not_found("second look") if error.code == "not_found" else error from None
    if audit.reviewer_id != user.pk:
        raise not_found("second look")
    return audit


@transaction.atomic
def audit_give(
    *, audit: Audit, by: User, erroneous: bool, comment: str, permissions: frozenset[str]
) -> Audit:
    """Say whether the approved annotation has an error; it goes back to its author then. Locks both rows.

    Raises `reason_needed` for an error without words, `decided` for a second answer, and `stale_base` when
    the annotation was changed meanwhile.
    """
    annotation = Annotation.objects.select_for_update().get(pk=audit.annotation_id)
    row = Audit.objects.select_for_update().get(pk=audit.pk)
    if row.decided is not None:
        raise conflict("decided", "This second look is over.")
    if annotation.revision != row.revision or annotation.state != Annotation.State.APPROVED:
        raise conflict("stale_base", "The annotation was changed after you opened it.")
    row.comment = require_reason(comment) if erroneous else comment.strip()
    row.erroneous, row.decided = erroneous, timezone.now()
    row.save(update_fields=["comment", "erroneous", "decided"])
    if erroneous:
        annotation_states.move(annotation, "recall", by=by, permissions=permissions, why=row.comment)
    return row


def audit_json(audit: Audit) -> dict[str, Any]:
    return {
        "id": audit.pk,
        "annotation": audit.annotation_id,
        "revision": audit.revision,
        "erroneous": audit.erroneous,
        "comment": audit.comment,
        "drawn": audit.drawn,
        "decided": audit.decided,
    }
