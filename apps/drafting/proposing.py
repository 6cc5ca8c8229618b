"""Writes of proposals: what something proposes for an episode, and what a person does with each part."""

import random
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.annotation.services import require_editable
from apps.core.errors import conflict, invalid, not_found
from apps.core.models import Event
from apps.drafting.contents import content_read, parts_of, setting_for
from apps.drafting.models import Call, Decision, Drafting, Proposal
from apps.drafting.seeding import seed
from apps.episodes.models import Episode

_chance = random.SystemRandom()


@transaction.atomic
def propose(
    *,
    episode: Episode,
    origin: str,
    content: Any,
    source: str = "",
    uncertainty: float | None = None,
    calls: Sequence[Call] = (),
) -> Proposal:
    """Keep what `origin` (a `Proposal.Origin`) says of the episode, to be shown as ghosts to its annotators.

    `content` is a document as in `annotation.document`, of which any field may be absent:
    `{"outcome": "failed", "events": [{"failure_type", "subtask" (from 1), "avoidance": {"frame", "command",
    "symbols"}, "correction": {...}}]}`; a frame is its number in the head camera's film, symbols are raw and
    in source pixels, a command is `ml.symbols.Command.to_json`. `source` names which model or run it was;
    `uncertainty` is from 0, sure, to 1.

    Another proposal of the same origin and source takes the place of the earlier one until somebody has
    decided on a part of it; from then on the earlier one stays. Locks it. Raises `invalid_operation` for a
    content, `invalid` for an origin or an uncertainty that cannot be.
    """
    _check(origin, uncertainty)
    setting = setting_for(episode)
    document = content_read(content, setting)
    seeded: dict[str, Any] = {}
    if _chance.random() < _wrong_share(episode):
        document, seeded = seed(document, setting, _chance)
    known = {"episode": episode, "origin": origin, "source": source[:200]}
    proposal = Proposal.objects.select_for_update().filter(**known).first()
    if proposal is not None and proposal.decisions.exists():
        return proposal
    fields = {"content": document, "seeded": seeded, "uncertainty": uncertainty}
    proposal, _ = Proposal.objects.update_or_create(**known, defaults=fields)
    proposal.calls.set(calls)
    Event.record("proposal", proposal, "propose", by=None, target=origin)
    return proposal


def _check(origin: str, uncertainty: float | None) -> None:
    if origin not in Proposal.Origin.values:
        raise invalid(f"A proposal's origin is one of {', '.join(Proposal.Origin.values)}.")
    if uncertainty is not None and not 0 <= uncertainty <= 1:
        raise invalid("An uncertainty is from 0 to 1.")


def _wrong_share(episode: Episode) -> float:
    row = Drafting.objects.filter(project_id=episode.project_id).first()
    return row.wrong_share if row else 0.0


@transaction.atomic
def decision_record(
    *, proposal: Proposal, annotation: Annotation, part: str, accepted: bool, by: User
) -> Decision:
    """Record what the annotator does with one part, before the page does it; the first word counts.

    `was_wrong` of what is returned tells that the part was wrong on purpose: the page does not take it then.
    Raises `not_editable` for other people's work, `not_found` for a part that is not proposed.
    """
    require_editable(annotation, by)
    if proposal.episode_id != annotation.episode_id:
        raise not_found("proposal")
    if tuple(part.split("/")) not in parts_of(proposal.content):
        raise conflict("no_such_part", "This proposal does not say that any more; load the page again.")
    decision, _ = Decision.objects.get_or_create(
        proposal=proposal,
        annotation=annotation,
        part=part,
        defaults={"accepted": accepted, "was_wrong": part in proposal.seeded},
    )
    return decision
