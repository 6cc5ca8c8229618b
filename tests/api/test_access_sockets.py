"""Who may listen at which WebSocket; from the table of `test_access.py`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from asgiref.sync import async_to_sync
from channels.testing import WebsocketCommunicator

from annotation_site.asgi import application
from annotation_site.sockets import websocket_urlpatterns
from tests.api.scene import Scene, address, make_scene, person, token_of
from tests.api.test_access import PAGE_WHO, SOCKETS, SOCKETS_OF_TOKENS
from tests.people import Api, make_cast


def test_every_socket_has_a_row() -> None:
    missing = {str(each.pattern) for each in websocket_urlpatterns} - set(SOCKETS)
    lines = "".join(f'\n    "{route}": "{"?" * len(PAGE_WHO)}",' for route in sorted(missing))
    assert not missing, f"add to SOCKETS, with what {', '.join(PAGE_WHO)} get:{lines}"


@pytest.fixture
def own_scene(transactional_db: None, film: Callable[[int], Path]) -> Scene:
    """Written for good, for Channels closes the connection and with it whatever a transaction held."""
    return make_scene(make_cast(), film)


@pytest.mark.parametrize("who", [*PAGE_WHO, "token"])
def test_the_table_of_sockets_holds(who: str, own_scene: Scene) -> None:
    """A token is no session: it gets what nobody gets, but the socket that is for robots."""
    headers = [(b"origin", b"http://localhost")]
    if who == "token":
        token = token_of(own_scene.cast, own_scene.cast.ada, "read", "upload", "live")
        headers.append((b"authorization", token._credentials["HTTP_AUTHORIZATION"].encode()))
    else:
        cookies = Api.of(person(who, own_scene)).cookies
        headers.append((b"cookie", cookies.output(header="", sep=";").strip().encode()))
    column = PAGE_WHO.index(who) if who in PAGE_WHO else 0

    found = {route: _stays_open(address(route, own_scene), headers) for route in SOCKETS}

    own = dict.fromkeys(SOCKETS_OF_TOKENS, "y") if who == "token" else {}
    assert found == {route: row[column] for route, row in SOCKETS.items()} | own


def _stays_open(path: str, headers: list[tuple[bytes, bytes]]) -> str:
    async def ask() -> str:
        socket = WebsocketCommunicator(application, path, headers=headers)
        accepted, _ = await socket.connect(timeout=10)
        try:
            return "y" if accepted and not await _closes(socket) else "n"
        finally:
            await socket.disconnect()

    return async_to_sync(ask)()


async def _closes(socket: WebsocketCommunicator) -> bool:
    """Whether the first thing that it says is that it closes; one that says nothing stays open."""
    if await socket.receive_nothing(timeout=0.5):
        return False
    return (await socket.receive_output())["type"] == "websocket.close"
