"""Drafts of a real server that misbehaves in every way: tried again where it helps, else said."""

import base64
import hashlib
import logging
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import Settings

from apps.annotation.document import SIDES
from apps.annotation.drawing import drawn_keyframe
from apps.annotation.models import Annotation
from apps.drafting.models import Call, Draft, Drafting
from apps.drafting.prompting import samples_of
from apps.drafting.services import draft_make, draft_request
from apps.episodes.storage import blob_read
from tests.apps.drafting.conftest import SECRET, choose
from tests.apps.drafting.servers import (
    ANSWER,
    TEXTS,
    USAGE,
    ModelServer,
    Step,
    endless,
    event,
    fail,
    say,
    send,
    serving,
    silence,
)
from tests.people import Cast
from tests.work import COMMAND_TEXT, SAMPLES, SUBTASKS

pytestmark = pytest.mark.usefixtures("allowed")
DRAFTED = dict(zip(("reason", "avoidance", "correction"), TEXTS.values(), strict=True))


def draft(cast: Cast, annotation: Annotation) -> Draft:
    """Asked for by ann, and made as the worker does."""
    draft = draft_request(annotation=annotation, event_id="e1", by=cast.ann)
    draft_make(draft=draft)
    return Draft.objects.select_related("call").get(pk=draft.pk)


def drafted_with(
    cast: Cast, annotation: Annotation, *steps: Step, **fields: Any
) -> tuple[Draft, ModelServer]:
    with serving(*steps) as server:
        choose(cast, server.url, **fields)
        return draft(cast, annotation), server


def test_the_model_gets_every_fact_and_every_picture(cast: Cast, annotation: Annotation) -> None:
    made, server = drafted_with(cast, annotation, say())

    assert (made.state, made.texts) == ("ready", DRAFTED)
    (asked,) = server.asked
    assert asked.headers["Authorization"] == f"Bearer {SECRET}"
    assert asked.body["model"] == "vlm"
    told = [annotation.episode.task.description, *SUBTASKS, "gripper 6d-pose", COMMAND_TEXT, "Draw Lock"]
    assert [text for text in told if text not in asked.text] == []
    stills = [blob_read(still.blob) for still in samples_of(annotation.episode)]
    drawn = [drawn_keyframe(annotation=annotation, event_id="e1", side=side) for side in SIDES]
    pictures = [base64.b64decode(url.removeprefix("data:image/jpeg;base64,")) for url in asked.pictures]
    assert pictures == [*stills, *drawn]
    assert len(stills) == len(SAMPLES)


def test_a_draft_keeps_where_it_came_from(cast: Cast, annotation: Annotation) -> None:
    made, server = drafted_with(cast, annotation, say())

    call = made.call
    assert call is not None
    assert (call.provider, call.model, call.adapter, call.state) == ("127.0.0.1", "vlm", "openai", "answered")
    assert call.prompt_version.startswith("vifailback-drafting 1 (")
    assert len(call.prompt_hash) == 64
    pictures = [base64.b64decode(url.partition(",")[2]) for url in server.asked[0].pictures]
    assert call.frame_hashes == [hashlib.sha256(each).hexdigest() for each in pictures]
    assert (call.input_tokens, call.output_tokens, call.is_estimate) == (1000, 50, False)
    assert call.cost == Decimal("0.0024")
    assert call.latency is not None
    assert 0 < call.latency < 5
    assert call.retries == 0


TRANSIENT = {
    "busy": fail(429, Retry_After="0"),
    "busy until a date": fail(429, Retry_After="Mon, 01 Jan 2024 00:00:00 GMT"),
    "fault": fail(500),
    "gateway": fail(502, "<html>"),
    "away": fail(503, Retry_After="0.01"),
    "silent": silence(0.5),
    "cut at once": send(length=1000),
    "cut in the middle": send(event(ANSWER[:30]), length=100_000),
    "cut between events": send(event(ANSWER[:30])),
    "not the asked JSON": say("The gripper missed the eraser."),
    "empty": say(""),
    "page of a proxy": send(b"<html>Please log in</html>", kind="text/html"),
    "broken event": send(b"data: {oops\n\n"),
    "fault inside the stream": send(b'data: {"error": {"message": "overloaded"}}\n\n'),
    "strange event": send(b'data: {"choices": [{"delta": 5}]}\n\n'),
    "list": send(b"data: [1]\n\n"),
}


@pytest.mark.parametrize("trouble", TRANSIENT.values(), ids=TRANSIENT)
def test_what_may_go_better_is_tried_again(cast: Cast, annotation: Annotation, trouble: Step) -> None:
    with serving(trouble, say()) as server:
        choose(cast, server.url, timeout=0.25 if trouble is TRANSIENT["silent"] else 5)
        made = draft(cast, annotation)

    assert (made.state, made.texts, made.problem) == ("ready", DRAFTED, "")
    assert made.call is not None
    assert made.call.retries == 1
    assert len(server.asked) == 2


FINAL = {
    "wrong key": (
        fail(401, '{"error": {"message": "sk-very-secret-0123456789 is wrong"}}'),
        "accept the key",
    ),
    "no such model": (fail(404), "does not know this model"),
    "redirect": (fail(307, Location="http://127.0.0.1:9/v1"), "another address"),
    "later": (fail(429, Retry_After="3600"), "come back in 3600 seconds"),
    "refusal": (send(event(refusal="I'd rather not."), event(finish="stop")), "declined"),
    "refusal in words": (say("I'm sorry, but I can't help with that."), "declined"),
    "filter": (say("", finish="content_filter"), "declined"),
    "50,000 words": (say(" ".join(["word"] * 50_000)), "far too long"),
    "comments for ever": (endless, "far too long"),
}


@pytest.mark.parametrize(("trouble", "words"), FINAL.values(), ids=FINAL)
def test_what_will_not_go_better_is_said_at_once(
    cast: Cast, annotation: Annotation, trouble: Step, words: str
) -> None:
    made, server = drafted_with(cast, annotation, trouble, say(), timeout=5)

    assert (made.state, made.texts) == ("failed", {})
    assert words in made.problem
    assert made.problem.endswith(".")
    assert made.problem.count(". ") == 0
    assert SECRET not in made.problem
    assert len(server.asked) == 1
    assert made.call is not None
    assert made.call.state == "failed"


def test_a_server_that_refuses_to_count_tokens_is_asked_without(cast: Cast, annotation: Annotation) -> None:
    made, server = drafted_with(cast, annotation, fail(422), say(usage=None))

    assert made.state == "ready"
    assert ["stream_options" in asked.body for asked in server.asked] == [True, False]
    assert made.call is not None
    assert (made.call.is_estimate, made.call.retries) == (True, 0)


@pytest.mark.parametrize(
    ("trouble", "words", "tries"),
    [
        (fail(400), "refused the request (HTTP 400)", 2),
        (fail(503), "fault (HTTP 503)", 4),
        (say("never mind"), "not in the form", 2),
        (say(""), "nothing", 2),
    ],
)
def test_in_the_end_it_is_said(
    cast: Cast, annotation: Annotation, trouble: Step, words: str, tries: int
) -> None:
    made, server = drafted_with(cast, annotation, trouble)

    assert made.state == "failed"
    assert words in made.problem
    assert len(server.asked) == tries


def test_retry_after_is_heeded(cast: Cast, annotation: Annotation) -> None:
    _, server = drafted_with(cast, annotation, fail(429, Retry_After="0.4"), say())

    first, second = server.asked
    assert second.at - first.at >= 0.4


def test_nobody_there(cast: Cast, annotation: Annotation) -> None:
    with serving(say()) as server:
        url = server.url
    choose(cast, url)

    assert draft(cast, annotation).problem == "The server cannot be reached."


def test_manual_work_goes_on_whatever_happens(cast: Cast, annotation: Annotation) -> None:
    before = annotation.document
    drafted_with(cast, annotation, fail(401))

    row = Annotation.objects.get(pk=annotation.pk)
    assert (row.document, row.revision) == (before, annotation.revision)


def test_tries_that_wrote_something_are_paid_for(cast: Cast, annotation: Annotation) -> None:
    made, _ = drafted_with(cast, annotation, say("no"), say(usage=None))

    assert made.call is not None
    assert made.call.is_estimate
    assert made.call.input_tokens > USAGE["prompt_tokens"]


def test_asking_again_asks_anew_and_the_same_draft_never_twice(cast: Cast, annotation: Annotation) -> None:
    with serving(say()) as server:
        choose(cast, server.url)
        first, second = draft(cast, annotation), draft(cast, annotation)
        assert (first.take, second.take, len(server.asked)) == (0, 1, 2)

        Draft.objects.filter(pk=first.pk).update(state="streaming", texts={})  # killed before it was kept
        draft_make(draft=Draft.objects.get(pk=first.pk))

        assert len(server.asked) == 2
        assert Draft.objects.get(pk=first.pk).texts == DRAFTED


@pytest.mark.parametrize(
    ("limits", "asked"),
    [({"budget": Decimal(0)}, 0), ({"budget": Decimal("0.03")}, 1), ({"token_budget": 100}, 0), ({}, 2)],
)
def test_a_budget_stops_calls_and_says_so(
    cast: Cast, annotation: Annotation, limits: dict[str, Any], asked: int
) -> None:
    Drafting.objects.create(project=cast.project, **limits)
    with serving(say()) as server:
        choose(cast, server.url)
        drafts = [draft(cast, annotation) for _ in range(2)]

    assert len(server.asked) == asked
    problems = {each.problem for each in drafts[asked:]}
    assert problems <= {
        "This project's budget for language models is reached, so no model is asked any more."
    }
    assert len(Call.objects.all()) == asked


def test_a_private_address_is_refused_at_the_call_too(
    cast: Cast, annotation: Annotation, settings: Settings
) -> None:
    settings.DRAFTING_ALLOW_PRIVATE = False

    made, server = drafted_with(cast, annotation, say())

    assert "private address" in made.problem
    assert server.asked == []


def test_the_key_is_in_no_log_row_or_answer(
    cast: Cast, annotation: Annotation, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    made, server = drafted_with(cast, annotation, fail(500, SECRET), say())

    assert len(server.asked) == 2
    assert SECRET not in caplog.text
    rows = [vars(row) for model in (Call, Draft) for row in model.objects.all()]
    endpoint = cast.project.endpoints.get()
    assert SECRET not in f"{rows} {vars(endpoint)} {made}"
    assert endpoint.sealed_key
