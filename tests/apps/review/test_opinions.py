"""Marks on fields, comments pinned to frames and fields, and approving many at once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.annotation.models import Annotation
from apps.review.models import Verdict
from apps.review.selectors import approved_in
from tests.people import Api, Cast, error_of
from tests.work import FRAMES, decide, edit, failed, make_task, put, ready, submit, submitted, successful


@pytest.fixture
def annotation(cast: Cast) -> Annotation:
    """ann's, of a failure, handed in."""
    return submitted(ready(make_task(cast.project)), cast.ann, failed())


def mark(user: Any, annotation: Annotation, path: str, mark: str, comment: str = "") -> Any:
    body = {"path": path, "mark": mark, "comment": comment, "revision": annotation.revision}
    return Api.of(user).post(f"annotations/{annotation.pk}/field-verdicts/", body)


def judge(user: Any, annotation: Annotation, decision: str, comment: str = "") -> Any:
    body = {"decision": decision, "comment": comment, "revision": annotation.revision}
    return Api.of(user).post(f"annotations/{annotation.pk}/verdicts/", body)


def test_a_field_marked_wrong_keeps_from_approving_and_says_what_to_change(
    cast: Cast, annotation: Annotation
) -> None:
    mark(cast.rita, annotation, "events/e1/subtask", "right")
    rows = mark(cast.rita, annotation, "events/e1/reason", "wrong", "It closes too early.").json()
    assert [(row["path"], row["mark"]) for row in rows] == [
        ("events/e1/subtask", "right"),
        ("events/e1/reason", "wrong"),
    ]

    assert error_of(judge(cast.rita, annotation, "approve")) == (409, "field_wrong")
    assert judge(cast.rita, annotation, "send_back").status_code == 201

    assert Verdict.objects.get().comment == "To be changed: events/e1/reason."
    seen = Api.of(cast.ann).get(f"annotations/{annotation.pk}/field-verdicts/").json()
    assert seen[1]["comment"] == "It closes too early."


def test_a_mark_can_be_changed_and_taken_back(cast: Cast, annotation: Annotation) -> None:
    for letter in ("wrong", "right"):
        mark(cast.rita, annotation, "outcome", letter)
    assert [row["mark"] for row in mark(cast.rita, annotation, "note", "wrong").json()] == ["right", "wrong"]
    assert [row["path"] for row in mark(cast.rita, annotation, "note", "").json()] == ["outcome"]

    assert judge(cast.rita, annotation, "approve").status_code == 201


def test_a_mark_of_an_older_revision_binds_nobody(cast: Cast, annotation: Annotation) -> None:
    mark(cast.rita, annotation, "events/e1/reason", "wrong")
    decide(annotation, cast.rita, "send_back", "The reason.")
    again = submit(edit(Annotation.objects.get(pk=annotation.pk), put("note", value="better")))

    assert error_of(mark(cast.rita, annotation, "note", "right")) == (409, "stale_base")
    assert judge(cast.rita, again, "approve").status_code == 201


@pytest.mark.parametrize("path", ["events/e9/reason", "events/e1", "id", "events/e1/avoidance/x"])
def test_there_is_nothing_to_mark_or_pin_to_where_no_field_is(
    cast: Cast, annotation: Annotation, path: str
) -> None:
    assert error_of(mark(cast.rita, annotation, path, "wrong")) == (400, "no_such_field")
    answer = Api.of(cast.rita).post(f"annotations/{annotation.pk}/comments/", {"text": "No.", "path": path})
    assert error_of(answer) == (400, "no_such_field")


def test_nobody_marks_their_own(cast: Cast) -> None:
    own = submitted(ready(make_task(cast.project)), cast.rita, successful())

    assert error_of(mark(cast.rita, own, "outcome", "right")) == (403, "own_work")


def test_a_comment_is_pinned_answered_and_settled(cast: Cast, annotation: Annotation) -> None:
    rita, ann, address = Api.of(cast.rita), Api.of(cast.ann), f"annotations/{annotation.pk}/comments/"

    pinned = rita.post(address, {"text": "See here.", "frame": 7, "path": "events/e1/reason"}).json()
    ann.post(address, {"text": "I see."})

    assert (pinned["camera"], pinned["frame"], pinned["by"]) == ("cam_high", 7, "rita")
    assert [row["text"] for row in ann.get(address).json()] == ["See here.", "I see."]
    settled = ann.post(f"comments/{pinned['id']}/", {"resolved": True}).json()
    assert (settled["resolved_by"], settled["resolved"] is None) == ("ann", False)
    assert rita.post(f"comments/{pinned['id']}/", {"resolved": False}).json()["resolved"] is None
    assert error_of(ann.delete(f"comments/{pinned['id']}/")) == (403, "not_own_work")
    assert rita.delete(f"comments/{pinned['id']}/").status_code == 204


def test_a_comment_is_for_the_author_and_reviewers_only(cast: Cast, annotation: Annotation) -> None:
    pk = Api.of(cast.rita).post(f"annotations/{annotation.pk}/comments/", {"text": "Look."}).json()["id"]

    for who in (cast.ben, cast.mallory):
        assert error_of(Api.of(who).get(f"annotations/{annotation.pk}/comments/")) == (404, "not_found")
        assert error_of(Api.of(who).post(f"comments/{pk}/", {"resolved": True})) == (404, "not_found")


@pytest.mark.parametrize("pin", [{"frame": FRAMES}, {"frame": 1, "camera": "cam_left_wrist"}])
def test_a_comment_is_pinned_to_what_is_there(
    cast: Cast, annotation: Annotation, pin: dict[str, Any]
) -> None:
    answer = Api.of(cast.rita).post(f"annotations/{annotation.pk}/comments/", {"text": "Look.", **pin})

    assert error_of(answer) == (400, "no_such_frame")


def test_many_are_approved_each_on_what_was_seen_and_none_keeps_another_back(cast: Cast) -> None:
    task = make_task(cast.project)
    good, changed, own = (
        submitted(ready(task, name), who, successful())
        for name, who in (("good", cast.ann), ("changed", cast.ben), ("own", cast.rita))
    )
    elsewhere = submitted(ready(make_task(cast.elsewhere)), cast.mallory, successful())
    seen = [{"id": each.pk, "revision": each.revision} for each in (good, changed, own, elsewhere)]
    seen[1]["revision"] += 1

    answer = Api.of(cast.rita).post(f"projects/{cast.project.pk}/review/approve/", {"annotations": seen})

    assert [(row["approved"], row["code"]) for row in answer.json()] == [
        (True, ""),
        (False, "stale_base"),
        (False, "own_work"),
        (False, "not_found"),
    ]
    assert Verdict.objects.get().batch
    assert [each.pk for each in approved_in(cast.project.pk)] == [good.pk]


def test_the_queue_is_narrowed_by_what_is_asked(cast: Cast) -> None:
    task, other = make_task(cast.project), make_task(cast.project, "other")
    first = submitted(ready(task, "first"), cast.ann, successful())
    second = submitted(ready(other, "second"), cast.ben, failed())
    api = Api.of(cast.rita)

    def waiting(**query: Any) -> list[int]:
        return [row["id"] for row in api.get(f"projects/{cast.project.pk}/review/", query).json()]

    assert waiting() == [first.pk, second.pk]
    assert waiting(task=other.pk) == waiting(annotator="ben") == waiting(outcome="failed") == [second.pk]
    assert waiting(state="in_review") == waiting(max_risk=0.0) == []
    assert error_of(api.get(f"projects/{cast.project.pk}/review/?order=x")) == (400, "invalid")


def test_what_contradicts_itself_is_first_and_can_be_left_out(cast: Cast) -> None:
    """The arrow points right and backward: one command says so, the other says left."""
    task = make_task(cast.project)

    def commanding(*directions: str) -> list[dict[str, Any]]:
        moves = [{"direction": each, "magnitude": "slightly"} for each in directions]
        command = {"hold": False, "arms": [{"arm": "left", "move": moves}]}
        return [*failed(), put("events", "e1", "avoidance", "command", value=command)]

    plain = submitted(ready(task, "plain"), cast.ann, commanding("right", "backward"))
    odd = submitted(ready(task, "odd"), cast.ann, commanding("left", "backward"))
    api, address = Api.of(cast.rita), f"projects/{cast.project.pk}/review/"

    rows = api.get(address, {"order": "risk"}).json()

    assert [row["id"] for row in rows] == [odd.pk, plain.pk]
    assert rows[0]["signs"][0]["kind"] == "contradiction"
    assert [row["id"] for row in api.get(address, {"without": "contradiction"}).json()] == [plain.pk]


def test_the_database_refuses_a_verdict_on_own_work(annotation: Annotation, cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Verdict.objects.create(
            annotation=annotation, revision=1, author=cast.ann, reviewer=cast.ann, decision="approve"
        )


def test_a_state_alone_releases_nothing(annotation: Annotation, cast: Cast) -> None:
    """Whoever wrote `approved` into the database would still lack somebody else's word on this revision."""
    Annotation.objects.filter(pk=annotation.pk).update(state="approved")
    assert not approved_in(cast.project.pk).exists()

    verdict = Verdict.objects.create(
        annotation=annotation, revision=1, author=cast.ann, reviewer=cast.rita, decision="approve"
    )
    assert not approved_in(cast.project.pk).exists()
    Verdict.objects.filter(pk=verdict.pk).update(revision=annotation.revision)
    assert approved_in(cast.project.pk).exists()
