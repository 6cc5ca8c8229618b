"""Writes of drafts: asked for by a person, made by the worker or by a template, taken field by field."""

from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.document import SIDES, find_event
from apps.annotation.guidance import read_guidance
from apps.annotation.models import Annotation
from apps.annotation.services import document_at, require_editable
from apps.core.errors import AppError, invalid
from apps.core.states import SYSTEM
from apps.drafting import template
from apps.drafting.calls import UNDER_WAY, CallFailedError, ask
from apps.drafting.live import Telling, announce
from apps.drafting.models import Batch, Call, Draft, DraftUse
from apps.drafting.prompting import explain_prompt
from apps.drafting.queueing import enqueue_draft
from apps.drafting.states import draft_states
from apps.drafting.targets import model_for, pack_of, target_for
from ml.prompts import TEXTS, read_texts


def draft_request(*, annotation: Annotation, event_id: str, by: User, provider: str = "") -> Draft:
    """A draft of the event's three texts: `ready` at once from a template, else `requested` of a model.

    `provider` is `template`, or empty for what the project has chosen. Changes nothing of the annotation.
    Raises `not_editable` for other people's work and for what is handed in, `drafting_off`, `no_endpoint`.
    """
    require_editable(annotation, by)
    find_event(annotation.document, event_id)
    project = annotation.episode.project
    if "template" in (provider, target_for(project, "explain").adapter):
        return draft_from_template(annotation=annotation, event_id=event_id, by=by)
    adapter = model_for(project, "explain").adapter
    with transaction.atomic():
        draft = draft_create(annotation=annotation, event_id=event_id, adapter=adapter, by=by)
        transaction.on_commit(lambda: enqueue_draft(draft.pk))
    return draft


def draft_create(
    *, annotation: Annotation, event_id: str, adapter: str, by: User, batch: Batch | None = None
) -> Draft:
    """A draft that a model is still to make; each of an event is another take, which is asked for anew."""
    return Draft.objects.create(
        annotation=annotation,
        event=event_id,
        revision=annotation.revision,
        provider=adapter,
        version=pack_of(annotation.episode.project).label,
        take=annotation.drafts.filter(event=event_id).count(),
        batch=batch,
        by=by,
    )


@transaction.atomic
def draft_from_template(*, annotation: Annotation, event_id: str, by: User) -> Draft:
    """A draft of the event's three texts from what is annotated so far; changes nothing of the annotation.

    Raises `not_editable` for other people's work, and for what is handed in.
    """
    require_editable(annotation, by)
    event = find_event(annotation.document, event_id)
    draft = Draft.objects.create(
        annotation=annotation,
        event=event_id,
        revision=annotation.revision,
        provider="template",
        version=template.VERSION,
        take=annotation.drafts.filter(event=event_id).count(),
        by=by,
    )
    project = annotation.episode.project
    guidance = {side: read_guidance(event[side], project) for side in SIDES}
    texts = template.texts(event=event, guidance=guidance, subtasks=annotation.episode.task.subtasks)
    draft_states.move(draft, "finish", by=None, permissions=SYSTEM, texts=texts)
    return draft


def draft_make(*, draft: Draft) -> None:
    """Ask the model for a draft that was requested; it ends ready, or failed with the reason.

    May be called again for one that was cut off: an answer that is kept is not asked for again. Raises
    `call_under_way` while another process has it in hand, or was killed with it only just now.
    """
    if draft.state == Draft.State.REQUESTED:
        draft_states.move(draft, "stream", by=None, permissions=SYSTEM)
        announce(draft)
    if draft.state != Draft.State.STREAMING:
        return
    try:
        texts, call = _ask_texts(draft)
    except AppError as error:
        if error.code == UNDER_WAY:
            raise
        failed = error.call if isinstance(error, CallFailedError) else None
        _end(draft, "fail", problem=error.message, call=failed, texts={})
    else:
        _end(draft, "finish", texts=texts, call=call)


def _end(draft: Draft, name: str, **changes: Any) -> None:
    draft_states.move(draft, name, by=None, permissions=SYSTEM, **changes)
    announce(draft)


def _ask_texts(draft: Draft) -> tuple[dict[str, str], Call]:
    """From the annotation as it was when the draft was asked for, whenever this runs."""
    annotation = draft.annotation
    annotation.document = document_at(annotation, draft.revision)
    project = annotation.episode.project
    return ask(
        project=project,
        target=model_for(project, "explain"),
        prompt=explain_prompt(annotation, draft.event),
        take=draft.take,
        read=read_texts,
        told=Telling(draft),
        batch=draft.batch,
    )


def draft_use_record(*, draft: Draft, field: str, accepted: bool, by: User) -> DraftUse:
    """Record that the annotator took one text of the draft, or turned it down; the last word counts.

    Raises `not_editable` for other people's work and for what is handed in.
    """
    require_editable(draft.annotation, by)
    if field not in TEXTS.values():
        raise invalid(f"A draft's texts are {', '.join(TEXTS.values())}.")
    use, _ = DraftUse.objects.update_or_create(
        draft=draft, field=field, defaults={"accepted": accepted, "by": by}
    )
    return use


def draft_fail(*, draft: Draft, why: str) -> None:
    """End a draft that is not to come."""
    draft.refresh_from_db(fields=["state"])
    if draft.state in (Draft.State.REQUESTED, Draft.State.STREAMING):
        _end(draft, "fail", problem=why, texts={})
