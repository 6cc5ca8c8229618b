"""Two annotations of one episode: how far they are apart, and a reviewer who picks one or merges them."""

from typing import Any

import pytest

from apps.annotation.models import Annotation
from apps.episodes.models import Camera, Episode
from apps.review.agreement import agreement_json, compared, double_pairs, gold_pairs
from apps.review.models import Resolution
from tests.people import Api, Cast, error_of
from tests.work import decide, edit, failed, make_task, put, ready, submit, submitted, successful

REASON = "It closes beside it."


@pytest.fixture
def episode(cast: Cast) -> Episode:
    """Two tenths of a second from frame to frame."""
    episode = ready(make_task(cast.project))
    Camera.objects.filter(episode=episode).update(fps=5.0, seconds=2.2)
    return Episode.objects.get(pk=episode.pk)


@pytest.fixture
def two(cast: Cast, episode: Episode) -> tuple[Annotation, Annotation]:
    """ben chose another type, a correction keyframe 0.6 s later, and other words than ann."""
    other = [
        put("events", "e1", "failure_type", value="task planning"),
        put("events", "e1", "correction", "frame", value=10),
        put("events", "e1", "reason", value=REASON),
    ]
    first = submitted(episode, cast.ann, failed())
    return first, submitted(episode, cast.ben, [*failed(), *other])


def resolve(user: Any, episode: Episode, **body: Any) -> Any:
    return Api.of(user).post(f"episodes/{episode.pk}/comparison/", body)


def listed(user: Any, cast: Cast) -> list[Any]:
    return Api.of(user).get(f"projects/{cast.project.pk}/disagreements/").json()


def test_what_differs_is_listed_field_by_field(cast: Cast, two: Any, episode: Episode) -> None:
    (row,) = listed(cast.rita, cast)

    assert [each["id"] for each in row["annotations"]] == [each.pk for each in two]
    (how,) = row["differences"]
    assert (how["outcome"], how["failure_type"], how["subtask"], how["commands"]) == (True, False, True, True)
    assert (how["avoidance_seconds"], how["symbols"]) == (0.0, 1.0)
    assert how["correction_seconds"] == pytest.approx(0.6)
    body = Api.of(cast.rita).get(f"episodes/{episode.pk}/comparison/").json()
    differing = {field["path"]: field["values"] for field in body["fields"] if not field["same"]}
    assert set(differing) == {"failure_type", "correction/frame", "reason"}
    assert differing["reason"][str(two[1].pk)] == REASON


def test_two_who_say_the_same_are_no_disagreement(cast: Cast, episode: Episode) -> None:
    for who in (cast.ann, cast.ben):
        submitted(episode, who, failed())

    assert listed(cast.rita, cast) == []


def test_one_is_picked_and_the_other_waits_no_longer(cast: Cast, two: Any, episode: Episode) -> None:
    _, second = two
    answer = resolve(
        cast.rita, episode, kind="pick", annotation=second.pk, revision=second.revision, why="Sharper."
    )

    assert answer.status_code == 201, answer.content
    assert [Annotation.objects.get(pk=each.pk).state for each in two] == ["submitted", "approved"]
    assert Api.of(cast.ada).get(f"projects/{cast.project.pk}/review/").json() == []
    assert listed(cast.rita, cast) == []
    assert Resolution.objects.get().why == "Sharper."


def test_two_are_merged_into_the_reviewers_own_which_somebody_else_approves(
    cast: Cast, two: Any, episode: Episode
) -> None:
    first, second = two

    answer = resolve(
        cast.rita, episode, kind="merge", annotation=first.pk, take={"reason": second.pk, "note": second.pk}
    )

    assert answer.status_code == 201, answer.content
    merged = Annotation.objects.get(pk=answer.json()["chosen"])
    assert (merged.annotator, merged.state) == (cast.rita, "submitted")
    event, base = merged.document["events"][0], first.document["events"][0]
    assert event == {**base, "reason": REASON}
    waiting = [row["id"] for row in Api.of(cast.ada).get(f"projects/{cast.project.pk}/review/").json()]
    assert waiting == [merged.pk]
    assert Api.of(cast.rita).get(f"projects/{cast.project.pk}/review/").json() == []
    assert decide(merged, cast.ada).state == "approved"


def test_who_made_one_of_them_does_not_choose(cast: Cast, episode: Episode) -> None:
    mine = submitted(episode, cast.rita, failed())
    submitted(episode, cast.ann, successful())

    assert listed(cast.rita, cast) == []
    answer = resolve(cast.rita, episode, kind="pick", annotation=mine.pk, revision=mine.revision)
    assert error_of(answer) == (403, "own_work")
    assert len(listed(cast.ada, cast)) == 1


def test_what_cannot_be_chosen_is_refused(cast: Cast, two: Any, episode: Episode) -> None:
    first, second = two

    def code(**body: Any) -> str:
        return error_of(resolve(cast.rita, episode, **body))[1]

    assert code(kind="pick", annotation=first.pk, revision=0) == "stale_base"
    assert code(kind="pick", annotation=99_999) == "no_such_annotation"
    assert code(kind="merge", annotation=first.pk, take={"id": second.pk}) == "no_such_field"
    assert code(kind="merge", annotation=first.pk, take={"reason": 99_999}) == "no_such_annotation"
    other = ready(make_task(cast.project, "other"))
    assert error_of(resolve(cast.rita, other, kind="pick", annotation=1)) == (409, "nothing_to_choose")
    assert not Resolution.objects.exists()


def test_agreement_is_of_what_was_first_handed_in(cast: Cast, two: Any) -> None:
    """ann took ben's type after a reviewer had spoken: they did not agree before."""
    first, _ = two
    decide(first, cast.rita, "send_back", "Another type.")
    type_ = put("events", "e1", "failure_type", value="task planning")
    submit(edit(Annotation.objects.get(pk=first.pk), type_))

    found = agreement_json(compared(double_pairs(cast.project.pk)))

    assert (found["pairs"], found["failure_type"]["observed"], found["detection"]["observed"]) == (
        1,
        0.0,
        1.0,
    )
    assert found["keyframes"]["correction"]["median"] == pytest.approx(0.6)
    assert found["symbols"] == {"n": 1, "mean": 1.0}


def test_answers_to_gold_are_measured_by_the_approved_form_and_are_no_pair(cast: Cast, two: Any) -> None:
    first, second = two
    approved = decide(first, cast.rita)
    Api.of(cast.ada).post(f"projects/{cast.project.pk}/gold/", {"annotation": approved.pk})

    assert double_pairs(cast.project.pk) == []
    assert [pair[0].pk for pair in gold_pairs(cast.project.pk)] == [second.pk]
    found = agreement_json(compared(gold_pairs(cast.project.pk), gold=True))
    assert found["failure_type"]["observed"] == 0.0
