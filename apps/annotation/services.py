"""Writes of annotations: begin, edit by operations, submit. There is no other way to write one."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.checks import check, check_size, problems
from apps.annotation.document import Document, apply, difference, empty_document, refuse
from apps.annotation.leases import lease_claim, lease_release
from apps.annotation.models import Annotation, Lease, Operation, Skip, task_text
from apps.annotation.selectors import EDITABLE, setting_of
from apps.annotation.states import annotation_states
from apps.core.errors import conflict
from apps.core.models import Event
from apps.episodes.models import Episode


def annotation_begin(*, episode: Episode, by: User) -> Annotation:
    """This person's annotation of the episode: the one there is, or a new one on the project's taxonomy."""
    known = Annotation.objects.filter(episode=episode, annotator=by).first()
    taxonomy = episode.project.taxonomy
    with transaction.atomic():
        if known is None:
            known, created = Annotation.objects.get_or_create(
                episode=episode, annotator=by, defaults={"taxonomy": taxonomy}
            )
            if created:
                Event.record("annotation", known, "begin", by=by, target=known.state)
        Skip.objects.filter(episode=episode, by=by).delete()  # they want it after all
    return known


def episode_claim(*, episode: Episode, by: User) -> tuple[Annotation, Lease | None]:
    """Take the episode in hand; raises `lease_held`, or `not_ready` before it is ingested.

    Somebody whose annotation is no longer theirs to edit gets it without a lease, to look at.
    """
    if episode.state != Episode.State.READY:
        raise conflict("not_ready", f"This episode is {episode.state}; only ready ones can be annotated.")
    done = Annotation.objects.filter(episode=episode, annotator=by).exclude(state__in=EDITABLE).first()
    if done is not None:
        return done, None
    lease = lease_claim(episode=episode, by=by)
    return annotation_begin(episode=episode, by=by), lease


@transaction.atomic
def operations_apply(
    *, annotation: Annotation, by: User, base: int, operations: list[dict[str, Any]]
) -> Annotation:
    """Apply a batch of edits to the annotation, all or none; returns it with its new revision and document.

    Locks the annotation's row. Operations already known are passed over before `base` is looked at, so a
    batch may be sent again, also with more behind it. Raises `stale_base` (409) with the difference when
    somebody else's edits came in between, `invalid_operation`, `not_editable`.
    """
    row = Annotation.objects.select_for_update().get(pk=annotation.pk)
    known = _known_ids(row, operations)
    new = [each for each in operations if each["id"] not in known]
    if not new:
        return row
    require_editable(row, by)
    if row.operations.filter(revision__gt=base).exclude(pk__in=known).exists() or base > row.revision:
        raise _stale(row, Q(revision__lte=base) | Q(pk__in=known), new)
    _append(row, new)
    return row


def _known_ids(annotation: Annotation, operations: list[dict[str, Any]]) -> set[UUID]:
    ids = [each["id"] for each in operations]
    if len(set(ids)) != len(ids):
        raise refuse("Two operations of one batch have the same id.")
    rows = dict(Operation.objects.filter(pk__in=ids).values_list("pk", "annotation_id"))
    if any(owner != annotation.pk for owner in rows.values()):
        raise refuse("An operation's id is that of an operation on another annotation.")
    return set(rows)


def require_editable(annotation: Annotation, by: User) -> None:
    """Raises `not_editable` unless it is `by`'s own work and not handed in."""
    if annotation.annotator_id != by.pk:
        raise conflict("not_editable", "This annotation is somebody else's work; only they can change it.")
    if annotation.state not in EDITABLE:
        raise conflict(
            "not_editable", f"This annotation is {annotation.get_state_display()} and cannot be changed now."
        )


def _append(annotation: Annotation, new: list[dict[str, Any]]) -> None:
    setting = setting_of(annotation)
    document = annotation.document
    for each in new:
        body = {name: value for name, value in each.items() if name != "id"}
        body = check(body, setting)
        document = apply(document, body)
        annotation.revision += 1
        Operation.objects.create(
            pk=each["id"], annotation=annotation, revision=annotation.revision, body=body
        )
    check_size(document)
    annotation.document = document
    annotation.save(update_fields=["document", "revision"])


def document_at(annotation: Annotation, revision: int) -> Document:
    """The document as it was at `revision`: its operations, replayed."""
    return _replayed(annotation, Q(revision__lte=revision))


def _replayed(annotation: Annotation, which: Q) -> Document:
    document = empty_document()
    for body in annotation.operations.filter(which).values_list("body", flat=True):
        document = apply(document, body)
    return document


def _stale(annotation: Annotation, seen: Q, new: list[dict[str, Any]]) -> Exception:
    """`seen` are the operations that the sender knows of."""
    yours = _replayed(annotation, seen)
    for each in new:
        yours = apply(yours, each)
    return conflict(
        "stale_base",
        "This annotation was changed elsewhere in the meantime; nothing of yours is lost.",
        revision=annotation.revision,
        document=annotation.document,
        difference=difference(annotation.document, yours),
    )


@transaction.atomic
def annotation_submit(
    *, annotation: Annotation, by: User, revision: int, permissions: frozenset[str]
) -> Annotation:
    """Hand the annotation in for review. Locks its row; the lease is given back.

    Raises `incomplete` with the list of what is missing, `stale_base` when `revision` is not the latest.
    """
    row = Annotation.objects.select_for_update().get(pk=annotation.pk)
    require_editable(row, by)
    if revision != row.revision:
        raise _stale(row, Q(revision__lte=revision), [])
    missing = problems(row.document, subtasks=len(row.episode.task.subtasks))
    if missing:
        raise conflict("incomplete", f"{len(missing)} things are missing.", problems=missing)
    annotation_states.move(
        row,
        "submit",
        by=by,
        permissions=permissions,
        submitted=timezone.now(),
        first_revision=row.revision if row.first_revision is None else row.first_revision,
        task_text=task_text(row.episode.task),
    )
    lease_release(episode=row.episode, by=by)
    return row
