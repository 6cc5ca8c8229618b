"""News over WebSocket: each group's to those who may hear it, asked again when a role changes."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator

from annotation_site.asgi import application
from apps.accounts.models import User
from apps.accounts.services import member_remove, member_set
from apps.annotation.models import Annotation
from apps.core.live import check_again, person_group, queue_group, tell
from apps.core.models import Event
from tests.people import Api, Cast, make_cast
from tests.work import decide, failed, make_task, ready, submitted

Talk = Callable[[WebsocketCommunicator], Awaitable[Any]]
END = {"type": "end"}


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Of its own for each test: what is told is told after the commit."""
    return make_cast()


@pytest.fixture
def handed_in(cast: Cast) -> Annotation:
    return submitted(ready(make_task(cast.project)), cast.ann, failed())


def talk(user: User | None, path: str, conversation: Talk) -> Any:
    """Connect as the page does, with the session's cookie, and have the conversation."""
    cookie = Api.of(user).cookies.output(header="", sep=";").strip()
    headers = [(b"cookie", cookie.encode()), (b"origin", b"http://localhost")]

    async def connected() -> Any:
        socket = WebsocketCommunicator(application, path, headers=headers)
        try:
            assert (await socket.connect())[0]
            return await conversation(socket)
        finally:
            await socket.disconnect()

    return async_to_sync(connected)()


def heard(user: User, path: str, act: Callable[[], Any], last: str) -> list[dict[str, Any]]:
    """Everything that `user` hears there of what `act` does; `last` is a group in which they hear the end."""

    async def conversation(socket: WebsocketCommunicator) -> list[dict[str, Any]]:
        assert await socket.receive_json_from() == {"type": "ready"}
        await sync_to_async(act)()
        await sync_to_async(tell)((last, END))
        told = []
        while (body := await socket.receive_json_from()) != END:
            told.append(body)
        return told

    return talk(user, path, conversation)


def types(news: list[dict[str, Any]]) -> list[str]:
    return [body["type"] for body in news]


def test_the_author_hears_the_verdict_and_is_notified(cast: Cast, handed_in: Annotation) -> None:
    news = heard(
        cast.ann,
        "/ws/me/",
        lambda: decide(handed_in, cast.rita, "send_back", "Which finger?"),
        person_group(cast.ann.pk),
    )

    assert sorted(types(news)) == ["annotation", "notification", "queue"]
    by_type = {body["type"]: body for body in news}
    assert by_type["annotation"]["annotation"]["state"] == "sent_back"
    assert by_type["notification"]["notification"]["words"] == "Which finger?"


def test_it_is_said_in_the_hearers_language_and_not_in_the_actors(cast: Cast, handed_in: Annotation) -> None:
    cast.ann.preferences = {"language": "zh-hans"}
    cast.ann.save()

    news = heard(cast.ann, "/ws/me/", lambda: decide(handed_in, cast.rita), person_group(cast.ann.pk))

    (told,) = [body["notification"] for body in news if body["type"] == "notification"]
    assert "rita" in told["sentence"]
    assert "approved" not in told["sentence"]


@pytest.mark.parametrize(("name", "hears"), [("rita", True), ("ada", True), ("ben", False), ("otto", False)])
@pytest.mark.parametrize("path", ["/ws/me/", "/ws/projects/{project}/"])
def test_another_annotators_work_is_news_for_reviewers_alone(
    cast: Cast, handed_in: Annotation, path: str, name: str, hears: bool
) -> None:
    address = path.format(project=cast.project.pk)
    act = lambda: Event.record("annotation", handed_in, "start_review", by=None)  # noqa: E731

    news = heard(cast.everybody()[name], address, act, queue_group(cast.project.pk))

    assert ("annotation" in types(news)) is hears
    assert "queue" in types(news)
    assert "notification" not in types(news)


def test_nothing_of_a_foreign_project_is_heard(cast: Cast, handed_in: Annotation) -> None:
    news = heard(cast.mallory, "/ws/me/", lambda: decide(handed_in, cast.rita), person_group(cast.mallory.pk))

    assert news == []


def test_nobody_has_no_news_of_their_own(cast: Cast) -> None:
    async def conversation(socket: WebsocketCommunicator) -> int:
        return (await socket.receive_output())["code"]

    assert talk(None, "/ws/me/", conversation) == 4404


def test_who_is_taken_out_is_turned_away_at_once(cast: Cast) -> None:
    async def conversation(socket: WebsocketCommunicator) -> int:
        await socket.receive_json_from()
        await sync_to_async(member_remove)(project=cast.project, username="ben", by=cast.ada)
        return (await socket.receive_output())["code"]

    assert talk(cast.ben, f"/ws/projects/{cast.project.pk}/", conversation) == 4404


def test_who_loses_a_role_hears_no_more_of_others_work(cast: Cast, handed_in: Annotation) -> None:
    def act() -> None:
        member_set(project=cast.project, username="rita", role="annotator", by=cast.ada)

    async def conversation(socket: WebsocketCommunicator) -> list[str]:
        await socket.receive_json_from()
        await sync_to_async(act)()
        await socket.send_json_to({"type": "ping"})  # asks again too, and is answered when that is done
        assert await socket.receive_json_from() == {"type": "pong"}
        await sync_to_async(Event.record)("annotation", handed_in, "start_review", by=None)
        await sync_to_async(tell)((queue_group(cast.project.pk), END))
        told = []
        while (body := await socket.receive_json_from()) != END:
            told.append(body["type"])
        return told

    assert talk(cast.rita, f"/ws/projects/{cast.project.pk}/", conversation) == ["queue"]


def test_an_account_that_was_closed_hears_nothing_any_more(cast: Cast) -> None:
    async def conversation(socket: WebsocketCommunicator) -> int:
        await socket.receive_json_from()
        await sync_to_async(User.objects.filter(pk=cast.ben.pk).update)(is_active=False)
        await sync_to_async(check_again)(person_group(cast.ben.pk))
        return (await socket.receive_output())["code"]

    assert talk(cast.ben, "/ws/me/", conversation) == 4404


@pytest.mark.parametrize("message", [[], "x", {"type": "news"}, {"type": "subscribe", "group": "person-1"}])
def test_a_page_can_ask_for_nothing_but_a_pong(cast: Cast, message: Any) -> None:
    async def conversation(socket: WebsocketCommunicator) -> Any:
        await socket.receive_json_from()
        await socket.send_json_to(message)
        await socket.send_json_to({"type": "ping"})
        return await socket.receive_json_from()

    assert talk(cast.ben, "/ws/me/", conversation) == {"type": "pong"}
