"""Writes of drafts."""

from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.checks import without_id
from apps.annotation.document import SIDES, find_event
from apps.annotation.models import Annotation
from apps.annotation.selectors import setting_of
from apps.annotation.services import require_editable
from apps.core.states import SYSTEM
from apps.drafting import template
from apps.drafting.models import Draft
from apps.drafting.states import draft_states
from ml.symbols import Command, Symbol, from_raw


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
    arms = setting_of(annotation).arms
    guidance = {side: _guidance(event[side], arms) for side in SIDES}
    texts = template.texts(event=event, guidance=guidance, subtasks=annotation.episode.task.subtasks)
    draft_states.move(draft, "finish", by=None, permissions=SYSTEM, texts=texts)
    return draft


def _guidance(side: dict[str, Any], arms: tuple[str, ...]) -> tuple[Command | None, list[Symbol]]:
    command = Command.from_json(side["command"], arms=arms) if side["command"] else None
    return command, [from_raw(without_id(symbol)) for symbol in side["symbols"]]
