"""Handing in: what is missing is said in order; then it is out of the annotator's hands."""

from typing import Any

import pytest

from apps.annotation.checks import problems
from apps.annotation.document import apply, empty_document
from apps.annotation.models import Annotation, Lease
from apps.core.models import Event
from apps.episodes.services import task_update
from tests.people import Api, Cast, error_of
from tests.work import (
    ARROW,
    SUBTASKS,
    begin,
    cannot_tell,
    edit,
    failed,
    make_task,
    op,
    put,
    ready,
    submit,
    successful,
)

E1 = ["events", "e1"]
MISSING = [
    [*E1, "avoidance", "frame"],
    [*E1, "correction", "frame"],
    [*E1, "subtask"],
    [*E1, "failure_type"],
    [*E1, "avoidance", "command"],
    [*E1, "correction", "command"],
    [*E1, "reason"],
    [*E1, "avoidance", "high_level"],
    [*E1, "correction", "high_level"],
]  # in the order of the stages


@pytest.fixture
def annotation(cast: Cast) -> Annotation:
    return begin(ready(make_task(cast.project)), cast.ann)


def document_of(*operations: dict[str, Any]) -> dict[str, Any]:
    document = empty_document()
    for each in operations:
        document = apply(document, each)
    return document


def paths(*operations: dict[str, Any], subtasks: int = len(SUBTASKS)) -> list[list[str]]:
    rows = problems(document_of(*operations), subtasks=subtasks)
    assert all(row["message"].endswith(".") for row in rows)
    return [row["path"] for row in rows]


def test_the_outcome_comes_first() -> None:
    assert paths() == [["outcome"]]


def test_a_success_needs_nothing_else() -> None:
    assert paths(*successful()) == []


def test_who_cannot_tell_says_why() -> None:
    assert paths(put("outcome", value="cannot_tell")) == [["note"]]
    assert paths(put("outcome", value="cannot_tell"), put("note", value="  \n")) == [["note"]]
    assert paths(*cannot_tell()) == []


def test_a_failure_needs_an_event() -> None:
    assert paths(put("outcome", value="failed")) == [["events"]]


def test_an_empty_event_lacks_everything_in_the_order_of_the_stages() -> None:
    assert paths(put("outcome", value="failed"), op("add_event", "events", value={"id": "e1"})) == MISSING


def test_a_complete_event_lacks_nothing() -> None:
    assert paths(*failed()) == []


@pytest.mark.parametrize("path", MISSING, ids="/".join)
def test_each_thing_is_missed_alone(path: list[str]) -> None:
    empty = "" if path[-1] in ("reason", "high_level") else None
    taken = [put(*path, value=empty)]
    if path[-1] == "command":
        taken += [op("remove_symbol", *path[:-1], "symbols", s["id"]) for s in _symbols_at(path[2])]

    assert paths(*failed(), *taken) == [path]


def _symbols_at(side: str) -> list[dict[str, Any]]:
    return document_of(*failed())["events"][0][side]["symbols"]


def test_a_keyframe_needs_a_command_or_a_symbol_either_will_do() -> None:
    without_command = put(*E1, "avoidance", "command", value=None)
    without_symbol = op("remove_symbol", *E1, "avoidance", "symbols", ARROW["id"])

    assert paths(*failed(), without_command) == []
    assert paths(*failed(), without_symbol) == []
    assert paths(*failed(), without_command, without_symbol) == [[*E1, "avoidance", "command"]]


@pytest.mark.parametrize(
    ("avoid", "correct", "wrong"), [(5, 7, False), (5, 6, False), (5, 5, True), (7, 5, True)]
)
def test_the_correction_comes_after_the_avoidance(avoid: int, correct: int, wrong: bool) -> None:
    assert paths(*failed(avoid=avoid, correct=correct)) == ([[*E1, "correction", "frame"]] if wrong else [])


def test_blanks_are_no_text() -> None:
    assert paths(*failed(), put(*E1, "reason", value=" \t\n ")) == [[*E1, "reason"]]


def test_a_task_without_subtasks_asks_for_none() -> None:
    assert paths(*failed(), put(*E1, "subtask", value=None), subtasks=0) == []


def test_a_subtask_that_the_task_lost_meanwhile_has_to_be_chosen_again() -> None:
    assert paths(*failed(), subtasks=1) == [[*E1, "subtask"]]


def test_each_event_is_looked_at_in_its_order() -> None:
    more = [op("add_event", "events", value={"id": each}) for each in ("e2", "e0")]

    assert [path[1] for path in paths(*failed(), *more)] == ["e2"] * 9 + ["e0"] * 9


def test_what_is_incomplete_is_not_taken_and_stays_in_hand(cast: Cast, annotation: Annotation) -> None:
    annotation = edit(annotation, put("outcome", value="failed"))

    answer = Api.of(cast.ann).post(f"annotations/{annotation.pk}/submit/", {"revision": 1})

    assert error_of(answer) == (409, "incomplete")
    assert [row["path"] for row in answer.json()["error"]["data"]["problems"]] == [["events"]]
    assert Annotation.objects.get(pk=annotation.pk).state == "open"
    assert Lease.objects.get().holder == cast.ann


def test_what_is_handed_in_is_submitted_logged_and_out_of_hand(cast: Cast, annotation: Annotation) -> None:
    annotation = edit(annotation, *failed())

    answer = Api.of(cast.ann).post(f"annotations/{annotation.pk}/submit/", {"revision": annotation.revision})

    assert answer.status_code == 200
    body = answer.json()
    assert (body["state"], body["editable"], body["lease"]) == ("submitted", False, None)
    assert Lease.objects.get().holder is None
    assert Annotation.objects.get(pk=annotation.pk).submitted is not None
    assert (
        Event.objects.filter(kind="annotation", verb="submit", by=cast.ann, target="submitted").count() == 1
    )


@pytest.mark.parametrize("revision", [0, 2])
def test_only_the_revision_that_is_there_is_handed_in(
    cast: Cast, annotation: Annotation, revision: int
) -> None:
    edit(annotation, *successful())

    answer = Api.of(cast.ann).post(f"annotations/{annotation.pk}/submit/", {"revision": revision})

    assert error_of(answer) == (409, "stale_base")
    assert answer.json()["error"]["data"]["revision"] == 1
    assert Annotation.objects.get(pk=annotation.pk).state == "open"


def test_nothing_is_handed_in_twice(cast: Cast, annotation: Annotation) -> None:
    annotation = submit(edit(annotation, *successful()))

    answer = Api.of(cast.ann).post(f"annotations/{annotation.pk}/submit/", {"revision": annotation.revision})

    assert error_of(answer) == (409, "not_editable")
    assert Event.objects.filter(verb="submit").count() == 1


def test_a_task_may_lose_subtasks_while_somebody_works(cast: Cast, annotation: Annotation) -> None:
    """The work stays readable, says what is to be chosen again, and is not handed in as it is."""
    annotation = edit(annotation, *failed())
    task_update(task=annotation.episode.task, by=cast.ada, subtasks=["Wipe."])
    address = f"annotations/{annotation.pk}/"

    assert [row["path"] for row in Api.of(cast.ann).get(address).json()["problems"]] == [[*E1, "subtask"]]
    answer = Api.of(cast.ann).post(f"{address}submit/", {"revision": annotation.revision})
    assert error_of(answer) == (409, "incomplete")
