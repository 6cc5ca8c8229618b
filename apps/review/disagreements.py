"""Episodes that two people annotated differently: a reviewer picks one, or merges them field by field."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import uuid4

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.document import EVENT_FIELDS, GUIDANCE_FIELDS, SIDES, Document, Operation
from apps.annotation.models import Annotation
from apps.annotation.selectors import annotation_row
from apps.annotation.services import annotation_begin, annotation_submit, operations_apply
from apps.core.errors import AppError, conflict, invalid
from apps.episodes.models import Episode
from apps.review.comparison import clocks, difference, first_event, frame_size
from apps.review.models import Resolution, Verdict
from apps.review.selectors import waiting_for
from apps.review.services import verdict_give

EVENT_PATHS = (*EVENT_FIELDS, *(f"{side}/{name}" for side in SIDES for name in (*GUIDANCE_FIELDS, "symbols")))
PATHS = ("outcome", "note", *EVENT_PATHS)


def disagreements(user: User, project_id: int) -> list[dict[str, Any]]:
    """Episodes with two annotations or more that wait and differ, and that `user` made none of."""
    groups: dict[int, list[Annotation]] = defaultdict(list)
    for annotation in waiting_for(user, project_id).prefetch_related("episode__cameras"):
        groups[annotation.episode_id].append(annotation)
    several = {pk: rows for pk, rows in groups.items() if len(rows) > 1}
    own = set(
        Annotation.objects.filter(episode__in=several, annotator=user).values_list("episode", flat=True)
    )
    found = [_comparison(rows) for pk, rows in several.items() if pk not in own]
    return [each for each in found if not each["agrees"]]


def _comparison(rows: list[Annotation]) -> dict[str, Any]:
    """The annotations of one episode beside the first of them."""
    first, clock, size = rows[0], clocks(rows)[rows[0].episode_id], frame_size(rows[0])
    differences = [difference(first.document, row.document, clock=clock, size=size) for row in rows[1:]]
    return {
        "episode": first.episode_id,
        "task": first.episode.task.name,
        "number": first.episode.number,
        "agrees": all(each.agrees for each in differences),
        "differences": [each.to_json() for each in differences],
        "annotations": [{**annotation_row(row), "revision": row.revision} for row in rows],
    }


def comparison_json(user: User, episode: Episode) -> dict[str, Any]:
    """As a row of `disagreements`, with every field that can be picked side by side."""
    rows = _rivals(episode, user)
    told = [{row.pk: _value(row.document, path) for row in rows} for path in PATHS]
    fields = [
        {
            "path": path,
            "values": {str(pk): value for pk, value in values.items()},
            "same": _alike(values.values()),
        }
        for path, values in zip(PATHS, told, strict=True)
    ]
    return {**_comparison(rows), "fields": fields}


def _alike(values: Iterable[Any]) -> bool:
    values = list(values)
    return all(value == values[0] for value in values)


def _rivals(episode: Episode, user: User) -> list[Annotation]:
    """Those that wait. Raises `own_work` for who made one of them, `nothing_to_choose` for less than two."""
    if Annotation.objects.filter(episode=episode, annotator=user).exclude(submitted=None).exists():
        raise AppError("own_work", "Nobody reviews their own work.", status=403)
    rows = list(waiting_for(user, episode.project_id).filter(episode=episode))
    if len(rows) < 2:
        raise conflict("nothing_to_choose", "There are no two annotations of this episode that wait.")
    for row in rows:
        row.episode.project = episode.project
    return rows


def _value(document: Document, path: str) -> Any:
    """What the document says there, of its first failure event; None where it has none."""
    if path in ("outcome", "note"):
        return document[path]
    at: Any = first_event(document)
    for step in path.split("/"):
        at = at[step] if at is not None else None
    return at


@transaction.atomic
def disagreement_pick(
    *, episode: Episode, by: User, chosen: int, revision: int, why: str, permissions: frozenset[str]
) -> Resolution:
    """Approve one of the annotations that wait; the others wait no longer. Locks the episode."""
    Episode.objects.select_for_update().get(pk=episode.pk)
    annotation = _named(_rivals(episode, by), chosen)
    verdict_give(
        annotation=annotation,
        by=by,
        decision=Verdict.Decision.APPROVE,
        comment=why,
        revision=revision,
        permissions=permissions,
    )
    return _resolve(episode, annotation, Resolution.Kind.PICK, why, by)


@transaction.atomic
def disagreement_merge(
    *, episode: Episode, by: User, base: int, take: Mapping[str, int], why: str, permissions: frozenset[str]
) -> Resolution:
    """Hand in an annotation of the reviewer's own: `base`, with the fields of `take` (path to annotation).

    It is the reviewer's work, so somebody else approves it. Raises `incomplete` when what was put together
    is not whole. Locks the episode.
    """
    Episode.objects.select_for_update().get(pk=episode.pk)
    rows = _rivals(episode, by)
    document = _named(rows, base).document
    values = {path: _value(_named(rows, pk).document, path) for path, pk in take.items() if _known(path)}
    annotation = annotation_begin(episode=episode, by=by)
    operations = merged_operations(document, values)
    annotation = operations_apply(
        annotation=annotation, by=by, base=annotation.revision, operations=operations
    )
    annotation = annotation_submit(
        annotation=annotation, by=by, revision=annotation.revision, permissions=permissions
    )
    return _resolve(episode, annotation, Resolution.Kind.MERGE, why, by)


def _known(path: str) -> bool:
    if path not in PATHS:
        raise invalid(f"A field to take is one of {', '.join(PATHS)}.", code="no_such_field")
    return True


def _named(rows: list[Annotation], pk: int) -> Annotation:
    for row in rows:
        if row.pk == pk:
            return row
    raise invalid("This annotation is none of those that wait for this episode.", code="no_such_annotation")


def _resolve(episode: Episode, annotation: Annotation, kind: Any, why: str, by: User) -> Resolution:
    resolution, _ = Resolution.objects.update_or_create(
        episode=episode, defaults={"chosen": annotation, "kind": kind, "why": why.strip(), "by": by}
    )
    return resolution


def merged_operations(document: Document, values: Mapping[str, Any]) -> list[Operation]:
    """The operations that make an empty document into `document`, with `values` in its first event."""
    first = first_event(document)
    told = {path: values.get(path, _value(document, path)) for path in PATHS}
    operations = [_operation("set", [path], told[path]) for path in ("outcome", "note")]
    if told["outcome"] == "failed":
        name = first["id"] if first else "e1"
        operations += _event_operations(name, {path: told[path] for path in EVENT_PATHS})
        for event in document["events"][1:]:
            rest = {path: _value({"outcome": "failed", "events": [event]}, path) for path in EVENT_PATHS}
            operations += _event_operations(event["id"], rest)
    return operations


def _event_operations(name: str, told: Mapping[str, Any]) -> list[Operation]:
    operations = [_operation("add_event", ["events"], {"id": name})]
    for path, value in told.items():
        here = ["events", name, *path.split("/")]
        if here[-1] == "symbols":
            operations += [_operation("put_symbol", here, s) for s in value or ()]
        elif value is not None:
            operations.append(_operation("set", here, value))
    return operations


def _operation(op: str, path: list[str], value: Any) -> Operation:
    return {"id": uuid4(), "op": op, "path": path, "value": value}
