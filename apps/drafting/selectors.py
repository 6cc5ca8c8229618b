"""Reads of drafts: how they go, what they said, and what became of it."""

import re
from typing import Any

from rapidfuzz.distance import Levenshtein

from apps.accounts.models import User
from apps.accounts.permissions import ANNOTATE
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.core.errors import not_found
from apps.core.sentences import say
from apps.drafting.contents import parts_of
from apps.drafting.models import Call, Draft, Proposal

NOTE = "Put together by a template from your earlier choices: read it and make it say what really happened."

WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+|[^\w\s]")


def access_draft(user: User, draft_id: int, *, need: str = ANNOTATE) -> Draft:
    """The draft for who may see its annotation; else `not_found` or `forbidden`."""
    draft = Draft.objects.select_related("call").filter(pk=draft_id).first()
    if draft is None:
        raise not_found("annotation")
    draft.annotation = access_annotation(user, draft.annotation_id, need=need)
    return draft


def draft_json(draft: Draft) -> dict[str, Any]:
    """The draft with where it comes from; `problem` and `note` are sentences in English, see `said`."""
    call = draft.call
    note = NOTE if draft.provider == "template" else ""
    return {
        "id": draft.pk,
        "event": draft.event,
        "revision": draft.revision,
        "state": draft.state,
        "provider": draft.provider,
        "model": call.model if call else "",
        "version": draft.version,
        "texts": draft.texts,
        "problem": draft.problem,
        "note": note,
        "uses": {use.field: use.accepted for use in draft.uses.all()} if draft.state == "ready" else {},
        "call": call_json(call) if call else None,
    }


def said(body: dict[str, Any]) -> dict[str, Any]:
    """A draft's JSON with its sentences in the reader's language."""
    return {**body, "problem": say(body["problem"]), "note": say(body["note"])}


def call_json(call: Call) -> dict[str, Any]:
    """What is known of a call, but not its answer. Cost is a number in the currency of the prices."""
    return {
        "provider": call.provider,
        "model": call.model,
        "prompt_version": call.prompt_version,
        "prompt_hash": call.prompt_hash,
        "frame_hashes": call.frame_hashes,
        "input_tokens": call.input_tokens,
        "output_tokens": call.output_tokens,
        "is_estimate": call.is_estimate,
        "cost": float(call.cost),
        "latency": call.latency,
        "retries": call.retries,
    }


def drafts_of(annotation: Annotation) -> list[Draft]:
    """All of the annotation's, oldest first."""
    return list(annotation.drafts.select_related("call").prefetch_related("uses"))


def latest_drafts(annotation: Annotation) -> dict[str, Draft]:
    """The last draft that became ready, for each event."""
    return {draft.event: draft for draft in annotation.drafts.all() if draft.state == Draft.State.READY}


def drafted_texts(annotation: Annotation) -> list[dict[str, Any]]:
    """Each text of the document beside what the last draft of its event had for it.

    `accepted` is null where the person neither took nor turned down the draft's text; `distance` is how many
    of the words were changed, from 0, all kept, to 1 (Levenshtein over words, by the longer text).
    """
    latest = latest_drafts(annotation)
    rows = []
    for event in annotation.document["events"]:
        if draft := latest.get(event["id"]):
            uses = {use.field: use.accepted for use in draft.uses.all()}
            rows += [_drafted_text(draft, event, field, uses.get(field)) for field in draft.texts]
    return rows


def _drafted_text(draft: Draft, event: dict[str, Any], field: str, accepted: bool | None) -> dict[str, Any]:
    drafted, final = draft.texts[field], text_of(event, field)
    return {
        "event": event["id"],
        "field": field,
        "draft": draft.pk,
        "provider": draft.provider,
        "model": draft.call.model if draft.call else "",
        "drafted": drafted,
        "final": final,
        "accepted": accepted,
        "distance": word_distance(drafted, final),
    }


def text_of(event: dict[str, Any], field: str) -> str:
    """The event's text that a draft calls `field`."""
    return event["reason"] if field == "reason" else event[field]["high_level"]


def word_distance(before: str, after: str) -> float:
    """The share of words changed, 0 to 1; characters of scripts without blanks count as words."""
    return Levenshtein.normalized_distance(WORD.findall(before), WORD.findall(after))


def access_proposal(annotation: Annotation, proposal_id: int) -> Proposal:
    proposal = Proposal.objects.filter(pk=proposal_id, episode_id=annotation.episode_id).first()
    if proposal is None:
        raise not_found("proposal")
    return proposal


def proposals_for(annotation: Annotation) -> list[Proposal]:
    """Those for the annotation's episode, oldest first."""
    return list(annotation.episode.proposals.all())


def proposal_json(proposal: Proposal, annotation: Annotation) -> dict[str, Any]:
    """As it is shown; which of its parts is wrong on purpose is not told."""
    decisions = proposal.decisions.filter(annotation=annotation)
    return {
        "id": proposal.pk,
        "origin": proposal.origin,
        "source": proposal.source,
        "document": proposal.content,
        "parts": ["/".join(path) for path in parts_of(proposal.content)],
        "decided": {each.part: each.accepted for each in decisions},
    }
