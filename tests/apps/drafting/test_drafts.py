"""Drafts by template: what they say, what they leave alone, and for whom they are."""

from typing import Any

import pytest

from apps.annotation.guidance import Guidance
from apps.annotation.models import Annotation
from apps.drafting import template
from apps.drafting.models import Draft
from apps.episodes.services import task_update
from ml.symbols import Command, View, from_raw
from tests.people import Api, Cast, error_of
from tests.work import (
    COMMAND,
    COMMAND_TEXT,
    SUBTASKS,
    SYMBOLS,
    begin,
    decide,
    edit,
    failed,
    make_task,
    op,
    put,
    ready,
    submit,
)

E1 = ("events", "e1")


@pytest.fixture
def annotation(cast: Cast) -> Annotation:
    return edit(begin(ready(make_task(cast.project)), cast.ann), *failed())


def ask(user: Any, annotation: Annotation, event: str = "e1", **more: Any) -> Any:
    return Api.of(user).post(f"annotations/{annotation.pk}/drafts/", {"event": event, **more})


def test_a_draft_says_type_subtask_and_command(cast: Cast, annotation: Annotation) -> None:
    answer = ask(cast.ann, annotation)

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["provider"]) == ("ready", "template")
    assert set(body["texts"]) == {"reason", "avoidance", "correction"}
    assert SUBTASKS[1].rstrip(".") in body["texts"]["reason"]
    assert template.CAUSES["gripper 6d-pose"] in body["texts"]["reason"]
    assert COMMAND_TEXT[1:].rstrip(".") in body["texts"]["avoidance"]
    assert SUBTASKS[1].rstrip(".") in body["texts"]["correction"]
    assert "read it" in body["note"]


def test_a_draft_is_kept_with_where_it_came_from(cast: Cast, annotation: Annotation) -> None:
    body = ask(cast.ann, annotation).json()

    draft = Draft.objects.get(pk=body["id"])
    assert (draft.annotation, draft.event, draft.revision) == (annotation, "e1", annotation.revision)
    assert (draft.provider, draft.version, draft.by) == ("template", template.VERSION, cast.ann)
    assert (draft.state, draft.texts) == ("ready", body["texts"])


def test_a_draft_changes_nothing_of_the_annotation(cast: Cast, annotation: Annotation) -> None:
    ask(cast.ann, annotation)

    row = Annotation.objects.get(pk=annotation.pk)
    assert (row.document, row.revision) == (annotation.document, annotation.revision)


@pytest.mark.parametrize("failure_type", template.CAUSES)
def test_each_type_has_a_cause_of_its_own(cast: Cast, annotation: Annotation, failure_type: str) -> None:
    annotation = edit(annotation, put(*E1, "failure_type", value=failure_type))

    assert template.CAUSES[failure_type] in ask(cast.ann, annotation).json()["texts"]["reason"]


def test_every_type_of_the_taxonomy_has_a_cause(cast: Cast) -> None:
    types = {each["id"] for each in cast.project.taxonomy.content["failure_types"]}

    assert set(template.CAUSES) == types


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda each: each["type"])
def test_each_symbol_is_put_into_words(symbol: dict[str, Any]) -> None:
    raw = {name: value for name, value in symbol.items() if name != "id"}
    event = {"subtask": None, "failure_type": None}
    guidance = {
        "avoidance": Guidance(None, [from_raw(raw)] * 2, View()),
        "correction": Guidance(Command.from_json(COMMAND), [], View()),
    }

    texts = template.texts(event=event, guidance=guidance, subtasks=[])

    words = texts["avoidance"].removeprefix("Before the failure: ").rstrip(".")
    assert words
    assert ";" not in words
    assert "nothing" not in words


def test_what_is_not_chosen_yet_is_said_to_be_missing(cast: Cast) -> None:
    annotation = begin(ready(make_task(cast.project, subtasks=[])), cast.ann)
    annotation = edit(annotation, op("add_event", "events", value={"id": "e1"}))

    texts = ask(cast.ann, annotation).json()["texts"]

    assert "not chosen yet" in texts["reason"]
    assert "nothing is chosen yet" in texts["avoidance"]
    assert "go on with the task" in texts["correction"]


def test_a_subtask_that_the_task_lost_meanwhile_is_passed_over(cast: Cast, annotation: Annotation) -> None:
    task_update(task=annotation.episode.task, by=cast.ada, subtasks=["Wipe."])

    answer = ask(cast.ann, annotation)

    assert answer.status_code == 201
    assert answer.json()["texts"]["reason"].startswith("The task failed")


def test_an_event_that_is_not_there_is_refused(cast: Cast, annotation: Annotation) -> None:
    assert error_of(ask(cast.ann, annotation, "e9")) == (400, "invalid_operation")
    assert not Draft.objects.exists()


def test_a_provider_that_is_not_there_is_refused(cast: Cast, annotation: Annotation) -> None:
    assert error_of(ask(cast.ann, annotation, provider="oracle")) == (400, "invalid")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("ben", 404, "not_found"), ("rita", 409, "not_editable"), ("ada", 409, "not_editable"),
     ("otto", 403, "forbidden"), ("mallory", 404, "not_found")],
)  # fmt: skip
def test_nobody_drafts_for_other_peoples_work(
    cast: Cast, annotation: Annotation, who: str, status: int, code: str
) -> None:
    assert error_of(ask(cast.everybody()[who], annotation)) == (status, code)
    assert not Draft.objects.exists()


def test_nothing_is_drafted_for_what_is_handed_in(cast: Cast, annotation: Annotation) -> None:
    """Else a release of it would name other drafts each time it is packed."""
    annotation = submit(annotation)
    assert error_of(ask(cast.ann, annotation)) == (409, "not_editable")

    annotation = decide(annotation, cast.rita, "send_back", "Look again.")
    assert ask(cast.ann, annotation).status_code == 201
