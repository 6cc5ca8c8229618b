"""Drafts as they are written, over WebSocket: for those who may see the annotation, and nobody else."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from annotation_site.asgi import application
from apps.accounts.models import User
from apps.annotation.models import Annotation
from apps.drafting import live
from apps.drafting.live import texts_so_far
from apps.drafting.models import Draft
from apps.drafting.services import draft_make, draft_request
from tests.apps.drafting.conftest import choose
from tests.apps.drafting.servers import ANSWER, TEXTS, fail, say, serving
from tests.people import Api, Cast, make_cast
from tests.work import FRAMES, begin, edit, failed, filmed, make_task, ready

pytestmark = pytest.mark.usefixtures("allowed")
Talk = Callable[[WebsocketCommunicator], Awaitable[Any]]
OURS = ("reason", "avoidance", "correction")


@pytest.fixture
def cast(db: None) -> Cast:
    """Of its own for each test: Channels closes the connection, and with it whatever it held open."""
    return make_cast()


@pytest.fixture
def annotation(cast: Cast, film: Callable[[int], Path]) -> Annotation:
    return edit(begin(filmed(make_task(cast.project), cam_high=film(FRAMES)), cast.ann), *failed())


def talk(user: User | None, annotation_id: int, conversation: Talk) -> Any:
    cookie = Api.of(user).cookies.output(header="", sep=";").strip()
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://localhost")]

    async def connected() -> Any:
        socket = WebsocketCommunicator(
            application, f"/ws/annotations/{annotation_id}/drafts/", headers=headers
        )
        try:
            return await conversation(socket)
        finally:
            await socket.disconnect()

    return async_to_sync(connected)()


async def closed_with(socket: WebsocketCommunicator) -> int:
    accepted, code = await socket.connect()
    return (await socket.receive_output())["code"] if accepted else code


def told_while_made(user: User, draft: Draft) -> list[dict[str, Any]]:
    async def conversation(socket: WebsocketCommunicator) -> list[dict[str, Any]]:
        assert (await socket.connect())[0]
        assert await socket.receive_json_from() == {"type": "ready"}
        await sync_to_async(draft_make)(draft=draft)
        told = []
        while not told or told[-1]["state"] == "streaming":
            told.append((await socket.receive_json_from(timeout=5))["draft"])
        return told

    return talk(user, draft.annotation_id, conversation)


def test_a_draft_grows_before_its_readers_eyes(
    cast: Cast, annotation: Annotation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "EVERY", 0.0)
    with serving(say()) as server:
        choose(cast, server.url)
        draft = draft_request(annotation=annotation, event_id="e1", by=cast.ann)
        told = told_while_made(cast.ann, draft)

    reasons = [each["texts"].get("reason", "") for each in told]
    whole = TEXTS["failure_reason"]
    assert len(set(reasons)) >= 3
    assert all(whole.startswith(reason) for reason in reasons)
    assert (told[-1]["state"], told[-1]["texts"]["correction"]) == ("ready", TEXTS["high_level_correction"])
    assert told[-1]["model"] == "vlm"
    assert told[-1]["call"]["output_tokens"] == 50


def test_what_went_wrong_is_said_in_the_readers_language(cast: Cast, annotation: Annotation) -> None:
    cast.ann.preferences = {"language": "zh-hans"}
    cast.ann.save()
    with serving(fail(401)) as server:
        choose(cast, server.url)
        draft = draft_request(annotation=annotation, event_id="e1", by=cast.ann)
        told = told_while_made(cast.ann, draft)

    assert told[-1]["state"] == "failed"
    assert told[-1]["problem"] == "服务器不接受此项目的密钥。"


@pytest.mark.parametrize("who", ["ben", "otto", "mallory", None])
def test_who_may_not_see_the_annotation_is_turned_away(cast: Cast, who: str | None) -> None:
    annotation = begin(ready(make_task(cast.project)), cast.ann)
    user = cast.everybody()[who] if who else None

    assert talk(user, annotation.pk, closed_with) == 4404


def test_one_that_is_not_there_is_refused_alike(cast: Cast) -> None:
    assert talk(cast.ann, 987654, closed_with) == 4404


def test_a_reviewer_may_look_on(cast: Cast) -> None:
    annotation = begin(ready(make_task(cast.project)), cast.ann)

    async def first(socket: WebsocketCommunicator) -> Any:
        await socket.connect()
        return await socket.receive_json_from()

    assert talk(cast.rita, annotation.pk, first) == {"type": "ready"}


def test_without_a_broker_the_draft_is_made_all_the_same(
    cast: Cast, annotation: Annotation, settings: Settings
) -> None:
    layer = {**settings.CHANNEL_LAYERS["default"], "CONFIG": {"hosts": ["unix:///nowhere/valkey.sock"]}}
    settings.CHANNEL_LAYERS = {"default": layer}
    with serving(say()) as server:
        choose(cast, server.url)
        draft = draft_request(annotation=annotation, event_id="e1", by=cast.ann)
        draft_make(draft=draft)

    assert draft.state == "ready"


@given(st.integers(min_value=0, max_value=len(ANSWER)))
def test_any_beginning_of_an_answer_is_a_beginning_of_its_texts(length: int) -> None:
    found = texts_so_far(ANSWER[:length])

    whole = dict(zip(OURS, TEXTS.values(), strict=True))
    assert all(whole[name].startswith(text) for name, text in found.items())


@given(st.text())
def test_no_beginning_is_a_fault(answer: str) -> None:
    assert set(texts_so_far("{" + answer)) <= set(OURS)
