"""The live sockets: only a token with the scope publishes, only members watch, only operators order."""

import json
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator

from annotation_site.asgi import application
from apps.accounts.models import Membership, Role, User
from apps.accounts.tokens import token_create, token_revoke
from apps.core.models import Event
from apps.rollouts.live import robots_of
from robot.rollout.live import packed
from tests.people import Api, Cast, make_cast
from tests.robot.conftest import cube

Talk = Callable[[WebsocketCommunicator], Awaitable[Any]]
ORIGIN = (b"origin", b"http://localhost")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """In a database that every connection sees: Channels closes those that it used."""
    return make_cast()


@asynccontextmanager
async def connected(path: str, *headers: tuple[bytes, bytes]) -> Any:
    """The socket, and the code it was closed with where the site refuses it."""
    socket = WebsocketCommunicator(application, path, headers=[ORIGIN, *headers])
    accepted, code = await socket.connect()
    try:
        yield socket, None if accepted else code
    finally:
        await socket.disconnect()


def publishing(cast: Cast, secret: str, robot: str = "aloha-1", project: int = 0) -> Any:
    path = f"/ws/projects/{project or cast.project.pk}/live/{robot}/publish/"
    return connected(path, (b"authorization", f"Bearer {secret}".encode()))


def watching(cast: Cast, cookie: str, robot: str = "aloha-1") -> Any:
    return connected(f"/ws/projects/{cast.project.pk}/live/{robot}/", (b"cookie", cookie.encode()))


def cookie_of(user: User | None) -> str:
    return Api.of(user).cookies.output(header="", sep=";").strip()


def secret_of(cast: Cast, by: User, *scopes: str) -> str:
    return token_create(project=cast.project, by=by, name="robot", scopes=list(scopes))[1]


async def closed_with(socket: WebsocketCommunicator) -> int:
    return (await socket.receive_output())["code"]


def refusal(cast: Cast, secret: str, project: int = 0) -> int:
    async def conversation() -> int:
        async with publishing(cast, secret, project=project) as (socket, _):
            return await closed_with(socket)

    return async_to_sync(conversation)()


def test_only_a_token_with_the_scope_publishes(cast: Cast) -> None:
    assert refusal(cast, secret_of(cast, cast.ada, "upload", "read")) == 4404
    assert refusal(cast, "vif_guessed") == 4404
    assert refusal(cast, secret_of(cast, cast.ann, "live")) == 4404  # annotators operate nothing
    assert refusal(cast, secret_of(cast, cast.otto, "live"), project=cast.elsewhere.pk) == 4404
    token, secret = token_create(project=cast.project, by=cast.otto, name="lost", scopes=["live"])
    token_revoke(token=token)
    assert refusal(cast, secret) == 4404


def test_a_session_cannot_publish(cast: Cast) -> None:
    async def conversation() -> int:
        path = f"/ws/projects/{cast.project.pk}/live/aloha-1/publish/"
        async with connected(path, (b"cookie", cookie_of(cast.ada).encode())) as (socket, _):
            return await closed_with(socket)

    assert async_to_sync(conversation)() == 4404


@pytest.mark.parametrize("who", ["mallory", None])
def test_only_members_watch(cast: Cast, who: str | None) -> None:
    cookie = cookie_of(getattr(cast, who) if who else None)

    async def conversation() -> int:
        async with watching(cast, cookie) as (socket, _):
            return await closed_with(socket)

    assert async_to_sync(conversation)() == 4404


def together(cast: Cast, watcher: User, conversation: Callable[[Any, Any], Awaitable[Any]]) -> Any:
    """A robot that publishes and somebody who watches it from then on."""
    secret, cookie = secret_of(cast, cast.otto, "live"), cookie_of(watcher)

    async def both() -> Any:
        async with publishing(cast, secret) as (robot, _), watching(cast, cookie) as (page, _):
            ready = await page.receive_json_from()
            assert ready["type"] == "ready"
            return await conversation(robot, page)

    return async_to_sync(both)()


def test_a_member_sees_the_pictures_bytes_as_they_were_sent(cast: Cast) -> None:
    data = packed({"index": 3}, cube(3, 0))

    async def conversation(robot: Any, page: Any) -> bytes:
        await robot.send_to(bytes_data=data)
        return await page.receive_from()

    assert together(cast, cast.ann, conversation) == data


def test_a_page_that_is_slow_gets_the_newest_and_never_more_than_it_can_show(cast: Cast) -> None:
    async def conversation(robot: Any, page: Any) -> list[bytes]:
        for number in range(9):
            await robot.send_to(bytes_data=b"%d" % number)
        got = [await page.receive_from(), await page.receive_from()]
        assert await page.receive_nothing()
        await page.send_json_to({"type": "shown"})
        return [*got, await page.receive_from()]

    assert together(cast, cast.ann, conversation) == [b"0", b"1", b"8"]


def test_who_comes_later_is_told_what_has_happened(cast: Cast) -> None:
    secret, cookie = secret_of(cast, cast.otto, "live"), cookie_of(cast.ann)
    begin = {"type": "begin", "rollout": "r1", "robot": "table", "task": "Do it.", "size": [64, 48]}
    entry = {"type": "entry", "kind": "query", "time": 3.0, "data": {"query": 1}}

    async def conversation() -> Any:
        async with publishing(cast, secret) as (robot, _):
            async with watching(cast, cookie) as (early, _):
                await early.receive_json_from()
                for message in (begin, entry):
                    await robot.send_json_to(message)
                    assert await early.receive_json_from() == message
            async with watching(cast, cookie) as (late, _):
                here = await sync_to_async(robots_of)(cast.project.pk)
                return here, await late.receive_json_from()

    here, ready = async_to_sync(conversation)()
    assert here == ["aloha-1"]
    assert ready["state"] == {"begin": begin, "entries": [entry]}
    assert robots_of(cast.project.pk) == []


def test_an_operators_order_reaches_the_robot_under_their_own_name_and_the_log(cast: Cast) -> None:
    order = {"order": "correct", "by": "somebody else", "symbols": [{"type": "lock", "pos": [3, 4]}]}

    async def conversation(robot: Any, page: Any) -> Any:
        await page.send_json_to({"type": "order", "order": order})
        return await robot.receive_json_from()

    told = together(cast, cast.otto, conversation)

    assert told == {"type": "order", "order": {**order, "by": "otto"}}
    event = Event.objects.get(kind="live")
    assert (event.verb, event.by, event.why) == ("correct", cast.otto, "aloha-1")


@pytest.mark.parametrize("who", ["ann", "rita"])
def test_who_is_no_operator_is_told_so_and_the_robot_hears_nothing(cast: Cast, who: str) -> None:
    async def conversation(robot: Any, page: Any) -> Any:
        await page.send_json_to({"type": "order", "order": {"order": "hold"}})
        said = await page.receive_json_from()
        assert await robot.receive_nothing()
        return said

    said = together(cast, getattr(cast, who), conversation)
    assert said["type"] == "error"
    assert "live" in said["message"]
    assert not Event.objects.filter(kind="live").exists()


def test_who_is_no_operator_any_more_orders_nothing(cast: Cast) -> None:
    async def conversation(robot: Any, page: Any) -> Any:
        rows = Membership.objects.filter(user=cast.otto)
        await sync_to_async(rows.update)(role=Role.ANNOTATOR)
        await page.send_json_to({"type": "order", "order": {"order": "hold"}})
        return await page.receive_json_from()

    assert together(cast, cast.otto, conversation)["type"] == "error"


def test_a_newer_connection_of_the_robot_takes_the_place_of_the_older(cast: Cast) -> None:
    secret = secret_of(cast, cast.otto, "live")

    async def conversation() -> Any:
        async with publishing(cast, secret) as (old, _), publishing(cast, secret) as (_new, _):
            code = await closed_with(old)
            await old.disconnect()
            return code, await sync_to_async(robots_of)(cast.project.pk)

    assert async_to_sync(conversation)() == (4409, ["aloha-1"])


@pytest.mark.parametrize("text", ["[1", "[]", "7", json.dumps({"type": "ready"}), "[" * 5000])
def test_what_is_no_message_is_passed_over(cast: Cast, text: str) -> None:
    async def conversation(robot: Any, page: Any) -> Any:
        await robot.send_to(text_data=text)
        await page.send_to(text_data=text)
        await robot.send_json_to({"type": "end"})
        return await page.receive_json_from()

    assert together(cast, cast.otto, conversation) == {"type": "end"}
