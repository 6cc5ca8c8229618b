"""What every WebSocket of the site does: join the groups that its person may hear, and ask again."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import translation

from apps.core.errors import AppError

REFUSED = 4404  # as for something that does not exist


class LiveConsumer(AsyncJsonWebsocketConsumer):
    """Sends `ready` once it hears everything from then on: whoever reads the state then misses nothing.

    A page that lost its connection comes back and gets `ready` again, which is how it catches up. A page asks
    with `ping` whether the line still holds. With each, and whenever a role changes, it is checked again who
    may hear what; a person who may hear nothing any more is turned away (4404).
    """

    language = ""

    def allowed(self) -> set[str]:
        """The groups that the person may hear now; raises AppError for an outsider. Runs in a thread."""
        raise NotImplementedError

    def said(self, body: dict[str, Any]) -> dict[str, Any]:
        """`body` in the language that is active: the worker speaks English."""
        return body

    async def connect(self) -> None:
        self.heard: set[str] = set()
        await self.accept()
        self.language = getattr(self.scope["user"], "preferences", {}).get("language", "")
        if await self._join():
            await self.send_json({"type": "ready"})

    async def _join(self) -> bool:
        """Listen to what is allowed now and to nothing else; False when that is nothing."""
        try:
            groups = await database_sync_to_async(self.allowed)()
        except AppError:
            await self._leave(self.heard)
            await self.close(code=REFUSED)
            return False
        await self._leave(self.heard - groups)
        for group in groups - self.heard:
            await self.channel_layer.group_add(group, self.channel_name)
        self.heard = groups
        return True

    async def _leave(self, groups: set[str]) -> None:
        for group in groups:
            await self.channel_layer.group_discard(group, self.channel_name)

    async def disconnect(self, code: int) -> None:
        await self._leave(self.heard)

    async def receive_json(self, content: Any, **_rest: Any) -> None:
        if isinstance(content, dict) and content.get("type") == "ping" and await self._join():
            await self.send_json({"type": "pong"})

    async def check_again(self, event: dict[str, Any]) -> None:
        await self._join()

    async def news(self, event: dict[str, Any]) -> None:
        with translation.override(self.language or settings.LANGUAGE_CODE):
            body = self.said(event["body"])
        await self.send_json(body)
