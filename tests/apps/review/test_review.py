"""Review: four eyes, on the revision that was looked at, with words for who has to work on."""

from typing import Any

import pytest

from apps.accounts.models import Role
from apps.accounts.services import member_set
from apps.annotation.models import Annotation
from apps.core.errors import AppError
from apps.core.models import Event
from apps.episodes.models import Task
from apps.review.models import Verdict
from apps.review.services import verdict_give
from tests.people import Api, Cast, error_of
from tests.work import (
    begin,
    decide,
    edit,
    failed,
    make_task,
    permissions_on,
    put,
    ready,
    submit,
    submitted,
    successful,
)


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


@pytest.fixture
def annotation(cast: Cast, task: Task) -> Annotation:
    """ann's, handed in at revision 1."""
    return submitted(ready(task), cast.ann, successful())


def judge(user: Any, annotation: Annotation, decision: str, comment: str = "", revision: int = 1) -> Any:
    body = {"decision": decision, "comment": comment, "revision": revision}
    return Api.of(user).post(f"annotations/{annotation.pk}/verdicts/", body)


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


def test_what_is_handed_in_waits_for_reviewers_longest_first(cast: Cast, task: Task) -> None:
    first, second = (submitted(ready(task, name), cast.ann, successful()) for name in ("one", "two"))

    def waiting(who: Any) -> list[int]:
        return [row["id"] for row in Api.of(who).get(f"projects/{cast.project.pk}/review/").json()]

    assert waiting(cast.rita) == waiting(cast.ada) == [first.pk, second.pk]
    decide(first, cast.rita)
    assert waiting(cast.ada) == [second.pk]


def test_nobody_waits_for_themselves(cast: Cast, task: Task) -> None:
    submitted(ready(task), cast.rita, successful())

    assert Api.of(cast.rita).get(f"projects/{cast.project.pk}/review/").json() == []
    assert len(Api.of(cast.ada).get(f"projects/{cast.project.pk}/review/").json()) == 1


def test_an_approval_is_written_with_reviewer_and_revision(cast: Cast, annotation: Annotation) -> None:
    answer = judge(cast.rita, annotation, "approve", " Good. ")

    assert answer.status_code == 201
    (verdict,) = answer.json()
    assert (verdict["reviewer"], verdict["decision"], verdict["comment"]) == ("rita", "approve", "Good.")
    assert verdict["revision"] == 1
    assert state_of(annotation) == "approved"
    event = Event.objects.get(kind="annotation", verb="approve")
    assert (event.by, event.source, event.target, event.why) == (cast.rita, "submitted", "approved", "Good.")


def test_taking_into_review_is_a_state_of_its_own_and_may_be_repeated(
    cast: Cast, annotation: Annotation
) -> None:
    address = f"annotations/{annotation.pk}/review/"

    assert Api.of(cast.rita).post(address).json()["state"] == "in_review"
    assert Api.of(cast.ada).post(address).json()["state"] == "in_review"

    assert Event.objects.filter(verb="start_review").count() == 1
    assert judge(cast.ada, annotation, "approve").status_code == 201


@pytest.mark.parametrize("who", ["rita", "ada"])
def test_nobody_reviews_their_own_work_not_even_admins(cast: Cast, task: Task, who: str) -> None:
    user = cast.everybody()[who]
    own = submitted(ready(task), user, successful())

    for answer in (
        judge(user, own, "approve"),
        judge(user, own, "send_back", "No."),
        Api.of(user).post(f"annotations/{own.pk}/review/"),
    ):
        assert error_of(answer) == (403, "own_work")
    assert state_of(own) == "submitted"
    assert not Verdict.objects.exists()


def test_who_became_a_reviewer_still_cannot_review_what_they_made_before(
    cast: Cast, annotation: Annotation
) -> None:
    member_set(project=cast.project, username="ann", role=Role.REVIEWER, by=cast.ada)

    assert error_of(judge(cast.ann, annotation, "approve")) == (403, "own_work")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [
        ("ann", 403, "forbidden"),
        ("ben", 403, "forbidden"),
        ("otto", 403, "forbidden"),
        ("mallory", 404, "not_found"),
    ],
)
def test_only_reviewers_judge(cast: Cast, annotation: Annotation, who: str, status: int, code: str) -> None:
    assert error_of(judge(cast.everybody()[who], annotation, "approve")) == (status, code)
    assert state_of(annotation) == "submitted"


@pytest.mark.parametrize("comment", ["", "  \n\t"])
def test_sending_back_needs_words(cast: Cast, annotation: Annotation, comment: str) -> None:
    assert error_of(judge(cast.rita, annotation, "send_back", comment)) == (400, "comment_needed")
    assert state_of(annotation) == "submitted"
    assert not Verdict.objects.exists()


@pytest.mark.parametrize("decision", ["", "submit", "start_review", "withdraw", "approved"])
def test_a_decision_is_one_of_two(cast: Cast, annotation: Annotation, decision: str) -> None:
    assert error_of(judge(cast.rita, annotation, decision)) == (400, "invalid")
    with pytest.raises(AppError) as refused:
        verdict_give(
            annotation=annotation,
            by=cast.rita,
            decision=decision,
            comment="x",
            revision=1,
            permissions=permissions_on(annotation, cast.rita),
        )
    assert "approve, send_back" in refused.value.message
    assert state_of(annotation) == "submitted"
    assert not Verdict.objects.exists()


def test_what_was_sent_back_can_be_worked_on_and_handed_in_again(cast: Cast, annotation: Annotation) -> None:
    judge(cast.rita, annotation, "send_back", "It failed at the end.")
    api, address = Api.of(cast.ann), f"annotations/{annotation.pk}/"
    assert api.get(address).json()["editable"] is True
    assert api.get(f"{address}verdicts/").json()[0]["comment"] == "It failed at the end."

    again = submit(edit(Annotation.objects.get(pk=annotation.pk), *failed()))

    assert again.state == "submitted"
    assert judge(cast.rita, annotation, "approve", revision=again.revision).status_code == 201
    decisions = [row["decision"] for row in api.get(f"{address}verdicts/").json()]
    assert decisions == ["send_back", "approve"]


def test_a_verdict_on_another_revision_than_there_is_is_409(cast: Cast, annotation: Annotation) -> None:
    """The reviewer's page was open while it was sent back, changed and handed in again."""
    decide(annotation, cast.ada, "send_back", "Look again.")
    again = submit(edit(Annotation.objects.get(pk=annotation.pk), put("note", value="better")))

    for decision in ("approve", "send_back"):
        answer = judge(cast.rita, annotation, decision, "x", revision=1)
        assert error_of(answer) == (409, "stale_base")
        assert answer.json()["error"]["data"]["revision"] == again.revision == 2
    assert state_of(annotation) == "submitted"


@pytest.mark.parametrize("state", ["open", "sent_back", "approved"])
def test_what_is_not_handed_in_cannot_be_judged(cast: Cast, annotation: Annotation, state: str) -> None:
    Annotation.objects.filter(pk=annotation.pk).update(state=state)

    for decision in ("approve", "send_back"):
        assert error_of(judge(cast.rita, annotation, decision, "x")) == (409, "wrong_state")
    assert not Verdict.objects.exists()


def test_two_reviewers_cannot_both_decide(cast: Cast, annotation: Annotation) -> None:
    assert judge(cast.rita, annotation, "approve").status_code == 201
    assert error_of(judge(cast.ada, annotation, "send_back", "No.")) == (409, "wrong_state")

    assert Verdict.objects.count() == 1


def test_the_drawn_keyframe_is_not_there_before_it_is_chosen(cast: Cast, task: Task) -> None:
    annotation = edit(begin(ready(task), cast.ann), *failed()[:2])
    api, address = Api.of(cast.ann), f"annotations/{annotation.pk}/events"

    assert error_of(api.get(f"{address}/e1/avoidance/drawn.jpg")) == (404, "not_found")
    assert error_of(api.get(f"{address}/e1/between/drawn.jpg")) == (404, "not_found")
    assert error_of(api.get(f"{address}/e9/avoidance/drawn.jpg"))[0] in (400, 404)
