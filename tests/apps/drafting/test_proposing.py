"""Proposals: checked like annotations, kept apart from them, and now and then wrong on purpose."""

import random
from typing import Any

import pytest

from apps.annotation.models import Annotation, Prediction
from apps.core.errors import AppError
from apps.drafting.contents import content_read, parts_of, setting_for
from apps.drafting.models import Drafting, Proposal
from apps.drafting.proposing import decision_record, propose
from apps.drafting.seeding import seed
from apps.episodes.models import Camera, Episode
from tests.people import Cast
from tests.work import ARROW, COMMAND, LABEL, SYMBOLS, begin, make_task, ready

CONTENT = {
    "outcome": "failed",
    "events": [
        {
            "failure_type": "gripper state",
            "subtask": 2,
            "avoidance": {"frame": 4, "command": COMMAND, "symbols": [ARROW]},
            "correction": {"frame": 7, "symbols": [{k: v for k, v in LABEL.items() if k != "id"}]},
        }
    ],
}


@pytest.fixture
def episode(cast: Cast) -> Episode:
    return ready(make_task(cast.project))


def test_a_proposal_is_a_document_in_canonical_form(episode: Episode) -> None:
    proposal = propose(episode=episode, origin="supervisor", source="run 3", content=CONTENT, uncertainty=0.2)

    parts = parts_of(proposal.content)
    assert parts["outcome",] == "failed"
    assert parts["events", "p1", "failure_type"] == "gripper state"
    assert parts["events", "p1", "correction", "symbols", "p1-correction-1"]["text"] == "ON"
    assert ("events", "p1", "correction", "command") not in parts
    assert (proposal.origin, proposal.source, proposal.uncertainty) == ("supervisor", "run 3", 0.2)
    assert proposal.seeded == {}


def test_how_sure_it_is_is_told_to_the_queue(cast: Cast, episode: Episode) -> None:
    """With what was said, whatever is wrong on purpose in what is shown."""
    Drafting.objects.create(project=cast.project, wrong_share=1.0)
    propose(episode=episode, origin="model", source="silent", content=CONTENT)
    propose(episode=episode, origin="model", source="vlm", content=CONTENT, uncertainty=0.3)

    silent, said = Prediction.objects.order_by("pk")
    assert (silent.source, silent.uncertainty) == ("model silent", 0.5)
    assert (said.source, said.uncertainty) == ("model vlm", 0.3)
    assert said.facts["failure_type"] == "gripper state"
    assert (said.facts["avoidance_frame"], said.facts["subtask"]) == (4, 2)


def test_it_is_nobodys_work(cast: Cast, episode: Episode) -> None:
    propose(episode=episode, origin="simulator", content=CONTENT)

    assert not Annotation.objects.exists()
    assert begin(episode, cast.ann).document["outcome"] is None


def test_before_the_recording_is_ingested_any_frame_may_be_right(cast: Cast, episode: Episode) -> None:
    Camera.objects.filter(episode=episode).update(frame_count=0, width=0, height=0)
    far = {"outcome": "failed", "events": [{"avoidance": {"frame": 400}}]}

    assert propose(episode=Episode.objects.get(pk=episode.pk), origin="simulator", content=far)


@pytest.mark.parametrize(
    "content",
    [
        None,
        [],
        {"outcome": "maybe"},
        {"events": {}},
        {"events": [3]},
        {"events": [{"id": "no/slash"}]},
        {"events": [{"subtask": 9}]},
        {"events": [{"failure_type": "gremlins"}]},
        {"events": [{"avoidance": []}]},
        {"events": [{"avoidance": {"frame": 99}}]},
        {"events": [{"avoidance": {"symbols": [7]}}]},
        {"events": [{"avoidance": {"symbols": [{"type": "star"}]}}]},
        {"events": [{"avoidance": {"command": {"arms": 1}}}]},
        {"events": [{}] * 30},
    ],
)
def test_what_no_annotation_could_say_is_refused_in_a_sentence(episode: Episode, content: Any) -> None:
    with pytest.raises(AppError) as refused:
        propose(episode=episode, origin="model", content=content)

    assert refused.value.code == "invalid_operation"
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(("origin", "uncertainty"), [("oracle", None), ("model", 1.5)])
def test_an_origin_or_uncertainty_that_cannot_be(
    episode: Episode, origin: str, uncertainty: float | None
) -> None:
    with pytest.raises(AppError, match=r"origin|uncertainty"):
        propose(episode=episode, origin=origin, content=CONTENT, uncertainty=uncertainty)


def test_the_same_source_says_it_anew_until_somebody_decided(cast: Cast, episode: Episode) -> None:
    first = propose(episode=episode, origin="model", source="vlm", content={"outcome": "successful"})
    again = propose(episode=episode, origin="model", source="vlm", content=CONTENT)
    assert (again.pk, again.content["outcome"]) == (first.pk, "failed")

    annotation = begin(episode, cast.ann)
    decision_record(proposal=again, annotation=annotation, part="outcome", accepted=True, by=cast.ann)

    late = propose(episode=episode, origin="model", source="vlm", content={"outcome": "successful"})
    assert late.content["outcome"] == "failed"


def test_a_decision_is_the_annotators_own_and_counts_once(cast: Cast, episode: Episode) -> None:
    proposal = propose(episode=episode, origin="model", content=CONTENT)
    annotation = begin(episode, cast.ann)

    def decide(part: str, accepted: bool, by: Any = cast.ann) -> Any:
        return decision_record(proposal=proposal, annotation=annotation, part=part, accepted=accepted, by=by)

    assert decide("events/p1/subtask", True).accepted
    assert decide("events/p1/subtask", False).accepted
    with pytest.raises(AppError, match="somebody else's work"):
        decide("outcome", True, cast.rita)
    with pytest.raises(AppError, match="does not say that"):
        decide("events/p1/correction/command", True)


def test_a_share_is_wrong_in_one_part_and_knows_what_stood_there(cast: Cast, episode: Episode) -> None:
    Drafting.objects.create(project=cast.project, wrong_share=1.0)

    proposal = propose(episode=episode, origin="model", content=CONTENT)

    ((path, truth),) = proposal.seeded.items()
    shown = parts_of(proposal.content)[tuple(path.split("/"))]
    assert shown != truth
    whole = parts_of(content_read(CONTENT, setting_for(episode)))
    differing = [part for part, value in parts_of(proposal.content).items() if whole[part] != value]
    assert differing == [tuple(path.split("/"))]
    annotation = begin(episode, cast.ann)
    decision = decision_record(
        proposal=proposal, annotation=annotation, part=path, accepted=True, by=cast.ann
    )
    assert decision.was_wrong


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda each: each["type"])
def test_every_kind_of_symbol_can_be_made_wrong(episode: Episode, symbol: dict[str, Any]) -> None:
    """And what comes of it is a symbol that an annotation could hold."""
    setting = setting_for(episode)
    document = content_read({"events": [{"avoidance": {"symbols": [symbol]}}]}, setting)

    wrong, seeded = seed(document, setting, random.Random(1))

    assert seeded
    assert content_read(wrong, setting) == wrong != document


@pytest.mark.parametrize("number", range(8))
def test_what_is_wrong_is_still_a_document_that_could_be(episode: Episode, number: int) -> None:
    setting = setting_for(episode)
    document = content_read(CONTENT, setting)

    wrong, seeded = seed(document, setting, random.Random(number))

    assert len(seeded) == 1
    assert content_read(wrong, setting) == wrong != document


def test_where_nothing_can_be_wrong_nothing_is(episode: Episode) -> None:
    setting = setting_for(episode)
    document = content_read({"outcome": "successful"}, setting)

    assert seed(document, setting, random.Random(1)) == (document, {})
