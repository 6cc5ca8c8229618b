"""Writes of drafts."""

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.document import SIDES, find_event
from apps.annotation.guidance import read_guidance
from apps.annotation.models import Annotation
from apps.annotation.services import require_editable
from apps.core.states import SYSTEM
from apps.drafting import template
from apps.drafting.models import Draft
from apps.drafting.states import draft_states


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
        by=by,
    )
    project = annotation.episode.project
    guidance = {side: read_guidance(event[side], project) for side in SIDES}
    texts = template.texts(event=event, guidance=guidance, subtasks=annotation.episode.task.subtasks)
    draft_states.move(draft, "finish", by=None, permissions=SYSTEM, texts=texts)
    return draft
