"""Saving: batches of operations on a base revision, all or none, as often as they are sent."""

from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.annotation.document import empty_document
from apps.annotation.models import Annotation
from apps.annotation.services import document_at
from tests.apps.annotation.saving import refusal, save, stored
from tests.people import Api, Cast, error_of
from tests.work import (
    begin,
    decide,
    edit,
    failed,
    make_task,
    op,
    put,
    ready,
    submit,
    successful,
)


def test_a_batch_is_acknowledged_with_the_new_revision_document_and_problems(
    cast: Cast, annotation: Annotation
) -> None:
    batch = failed("e2")
    sent = [{**each, "id": str(each["id"])} for each in batch]

    answer = Api.of(cast.ann).post(
        f"annotations/{annotation.pk}/operations/", {"base": 1, "operations": sent}
    )

    assert answer.status_code == 200
    body = answer.json()
    assert body["revision"] == 1 + len(batch)
    assert body["acknowledged"] == [each["id"] for each in sent]
    assert [event["id"] for event in body["document"]["events"]] == ["e1", "e2"]
    assert {row["path"][1] for row in body["problems"]} == {"e1"}
    assert Api.of(cast.ann).get(f"annotations/{annotation.pk}/").json()["document"] == body["document"]


def test_every_revision_can_be_had_again_by_replaying(annotation: Annotation) -> None:
    seen = {0: empty_document(), 1: annotation.document}
    for each in failed("e2"):
        annotation = edit(annotation, each)
        seen[annotation.revision] = annotation.document

    assert {revision: document_at(annotation, revision) for revision in seen} == seen
    assert Annotation.objects.get(pk=annotation.pk).document == seen[annotation.revision]


cuts = st.lists(st.integers(0, 16), max_size=6)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=cuts)
def test_however_often_a_journal_is_sent_from_its_beginning_it_counts_once(
    annotation: Annotation, cuts: list[int]
) -> None:
    """A client that lost an answer sends all that it is not sure of again, also with more behind it."""
    here = begin(ready(make_task(annotation.episode.project, f"task{uuid4().hex}")), annotation.annotator)
    journal = failed()

    for cut in [*cuts, len(journal), len(journal)]:
        save(here, 0, *journal[:cut])

    revision, document, ids = stored(here)
    assert revision == len(journal) == len(ids)
    assert ids == [each["id"] for each in journal]
    assert document == document_at(here, revision)


def test_a_batch_sent_again_is_acknowledged_though_others_came_after_it(annotation: Annotation) -> None:
    first, second = put("note", value="one"), put("note", value="two")
    save(annotation, 1, first)
    save(annotation, 2, second)

    again = save(annotation, 1, first)

    assert (again.revision, again.document["note"]) == (3, "two")


def test_a_batch_sent_again_is_acknowledged_even_after_submission(cast: Cast) -> None:
    annotation = begin(ready(make_task(cast.project)), cast.ann)
    batch = successful()
    submit(save(annotation, 0, *batch))

    assert save(annotation, 0, *batch).revision == 1


def test_a_stale_base_is_409_with_the_difference_and_writes_nothing(
    cast: Cast, annotation: Annotation
) -> None:
    save(annotation, 1, put("note", value="theirs"), put("outcome", value="failed"))
    before = stored(annotation)
    mine = [put("note", value="mine"), put("events", "e1", "reason", value="why")]
    sent = [{**each, "id": str(each["id"])} for each in mine]

    answer = Api.of(cast.ann).post(
        f"annotations/{annotation.pk}/operations/", {"base": 1, "operations": sent}
    )

    assert error_of(answer) == (409, "stale_base")
    data = answer.json()["error"]["data"]
    assert (data["revision"], data["document"]) == (3, before[1])
    assert sorted(data["difference"], key=lambda row: row["path"]) == [
        {"path": ["events", "e1", "reason"], "theirs": "", "yours": "why"},
        {"path": ["note"], "theirs": "theirs", "yours": "mine"},
        {"path": ["outcome"], "theirs": "failed", "yours": None},
    ]
    assert stored(annotation) == before


def test_a_stale_batch_that_builds_on_its_own_kept_part_is_409_too(annotation: Annotation) -> None:
    """The answer to the first part was lost, another window wrote, then the whole journal came again."""
    add, fill = op("add_event", "events", value={"id": "mine"}), put("events", "mine", "reason", value="why")
    save(annotation, 1, add)
    save(annotation, 2, put("note", value="theirs"))

    error = refusal(annotation, 1, add, fill)

    assert (error.status, error.code) == (409, "stale_base")
    assert error.data["difference"] == [
        {"path": ["note"], "theirs": "theirs", "yours": ""},
        {"path": ["events", "mine", "reason"], "theirs": "", "yours": "why"},
    ]


def test_a_base_that_is_not_there_yet_is_stale(annotation: Annotation) -> None:
    before = stored(annotation)

    assert refusal(annotation, 7, put("note", value="x")).code == "stale_base"
    assert stored(annotation) == before


INVALID = {
    "unknown operation": op("rename", "note", value="x"),
    "unknown field": put("nothing", value="x"),
    "unknown event": put("events", "e9", "reason", value="x"),
    "value out of the choices": put("outcome", value="maybe"),
    "symbol without an id": op("put_symbol", "events", "e1", "avoidance", "symbols", value={"type": "lock"}),
    "a second event of that id": op("add_event", "events", value={"id": "e1"}),
}


@pytest.mark.parametrize("bad", INVALID.values(), ids=INVALID)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_invalid_operation_anywhere_leaves_all_as_it_was(
    cast: Cast, annotation: Annotation, bad: dict[str, Any], place: int
) -> None:
    before = stored(annotation)
    batch = [put("note", value="one"), put("note", value="two")]
    batch.insert(place, bad)
    sent = [{**each, "id": str(each["id"])} for each in batch]

    answer = Api.of(cast.ann).post(
        f"annotations/{annotation.pk}/operations/", {"base": 1, "operations": sent}
    )

    assert error_of(answer) == (400, "invalid_operation")
    assert stored(annotation) == before


def test_one_id_cannot_name_two_operations(cast: Cast, annotation: Annotation) -> None:
    one = put("note", value="one")
    assert (
        refusal(annotation, 1, one, {**put("note", value="two"), "id": one["id"]}).code == "invalid_operation"
    )

    save(annotation, 1, one)
    other = begin(ready(make_task(cast.project, "other")), cast.ann)
    assert refusal(other, 0, one).code == "invalid_operation"
    assert stored(other)[0] == 0


@pytest.mark.parametrize(("who", "status", "code"), [("ben", 404, "not_found"), ("rita", 409, "not_editable"),
                                                     ("ada", 409, "not_editable"), ("otto", 403, "forbidden"),
                                                     ("mallory", 404, "not_found")])  # fmt: skip
def test_only_the_annotator_writes(
    cast: Cast, annotation: Annotation, who: str, status: int, code: str
) -> None:
    before = stored(annotation)
    body = {"base": 1, "operations": [{**put("note", value="x"), "id": str(uuid4())}]}
    api = Api.of(cast.everybody()[who])

    assert error_of(api.post(f"annotations/{annotation.pk}/operations/", body)) == (status, code)
    assert error_of(api.post(f"annotations/{annotation.pk}/submit/", {"revision": 1})) == (status, code)
    assert stored(annotation) == before


@pytest.mark.parametrize("state", ["submitted", "in_review", "approved"])
def test_what_is_handed_in_cannot_be_changed(annotation: Annotation, state: str) -> None:
    Annotation.objects.filter(pk=annotation.pk).update(state=state)
    before = stored(annotation)

    error = refusal(annotation, 1, put("note", value="late"))

    assert (error.status, error.code) == (409, "not_editable")
    assert state.replace("_", " ") in error.message
    assert stored(annotation) == before


def test_what_was_sent_back_can_be_changed_again(cast: Cast) -> None:
    annotation = submit(edit(begin(ready(make_task(cast.project)), cast.ann), *successful()))
    annotation = decide(annotation, cast.rita, "send_back", "Look again.")

    assert save(annotation, 1, put("note", value="better")).revision == 2
