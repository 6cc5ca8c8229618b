"""News of a project over WebSocket: to its members, at once, and to nobody else."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.testing import WebsocketCommunicator
from pytest_django import Settings

from annotation_site.asgi import application
from apps.accounts.models import User
from apps.episodes.ingest import episode_ingest
from apps.episodes.live import announce
from apps.episodes.services import episode_create
from apps.episodes.storage import blob_store_path
from tests.people import Api, Cast, make_cast
from tests.work import FRAMES, make_task, ready

Talk = Callable[[WebsocketCommunicator], Awaitable[Any]]


@pytest.fixture
def cast(db: None) -> Cast:
    """Of its own for each test: Channels closes the connection, and with it whatever it held open."""
    return make_cast()


def talk(user: User | None, project_id: int, conversation: Talk, origin: str = "http://localhost") -> Any:
    """Connect as the page does, with the session's cookie, and have the conversation."""
    cookie = Api.of(user).cookies.output(header="", sep=";").strip()
    headers = [(b"cookie", cookie.encode()), (b"origin", origin.encode())]

    async def connected() -> Any:
        socket = WebsocketCommunicator(application, f"/ws/projects/{project_id}/", headers=headers)
        try:
            return await conversation(socket)
        finally:
            await socket.disconnect()

    return async_to_sync(connected)()


async def closed_with(socket: WebsocketCommunicator) -> int:
    accepted, code = await socket.connect()
    return (await socket.receive_output())["code"] if accepted else code


def test_a_member_is_told_of_every_step_of_an_ingest(cast: Cast, film: Callable[[int], Path]) -> None:
    sources = {"cam_high": blob_store_path(film(FRAMES))}
    episode, _ = episode_create(task=make_task(cast.project), stem="a", sources=sources, by=None)

    async def conversation(socket: WebsocketCommunicator) -> list[Any]:
        assert (await socket.connect())[0]
        assert await socket.receive_json_from() == {"type": "ready"}
        await sync_to_async(episode_ingest)(episode=episode)
        told = []
        while not told or told[-1]["episode"]["state"] == "ingesting":
            told.append(await socket.receive_json_from())
        return told

    told = talk(cast.otto, cast.project.pk, conversation)

    assert all(each["type"] == "episode" and each["episode"]["id"] == episode.pk for each in told)
    progress = [each["episode"]["progress"] for each in told]
    assert progress == sorted(progress)
    assert (told[-1]["episode"]["state"], progress[-1]) == ("ready", 1.0)
    assert "samples" not in told[-1]["episode"]["cameras"][0]


def test_news_of_another_project_does_not_come(cast: Cast) -> None:
    theirs, mine = ready(make_task(cast.elsewhere)), ready(make_task(cast.project))

    async def conversation(socket: WebsocketCommunicator) -> Any:
        await socket.connect()
        await socket.receive_json_from()
        await sync_to_async(announce)(theirs)
        await sync_to_async(announce)(mine)
        return await socket.receive_json_from()

    assert talk(cast.ann, cast.project.pk, conversation)["episode"]["id"] == mine.pk


def test_an_outsider_is_turned_away(cast: Cast) -> None:
    assert talk(cast.mallory, cast.project.pk, closed_with) == 4404


def test_who_asks_for_a_project_that_is_not_there_is_turned_away_alike(cast: Cast) -> None:
    assert talk(cast.mallory, 987654, closed_with) == 4404


def test_nobody_is_turned_away(cast: Cast) -> None:
    assert talk(None, cast.project.pk, closed_with) == 4404


def test_a_page_of_another_site_cannot_listen_with_a_members_session(cast: Cast) -> None:
    async def refused(socket: WebsocketCommunicator) -> bool:
        return (await socket.connect())[0]

    assert talk(cast.ann, cast.project.pk, refused, origin="http://evil.example") is False


def test_without_a_broker_an_ingest_goes_on(
    cast: Cast, settings: Settings, film: Callable[[int], Path]
) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            **settings.CHANNEL_LAYERS["default"],
            "CONFIG": {"hosts": ["unix:///nowhere/valkey.sock"]},
        }
    }
    sources = {"cam_high": blob_store_path(film(FRAMES))}
    episode, _ = episode_create(task=make_task(cast.project), stem="a", sources=sources, by=None)

    episode_ingest(episode=episode)

    assert episode.state == "ready"
