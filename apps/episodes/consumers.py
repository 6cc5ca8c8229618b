"""WebSocket: one project's news, for its members only."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import translation

from apps.accounts.permissions import access_project
from apps.core.errors import AppError
from apps.core.sentences import say
from apps.episodes.live import group_of


class ProjectConsumer(AsyncJsonWebsocketConsumer):
    """Closes with 4404 for outsiders, as for a project that does not exist."""

    group = ""
    language = ""

    async def connect(self) -> None:
        project_id = self.scope["url_route"]["kwargs"]["project_id"]
        await self.accept()
        try:
            await database_sync_to_async(access_project)(self.scope["user"], project_id)
        except AppError:
            await self.close(code=4404)
            return
        self.group = group_of(project_id)
        self.language = self.scope["user"].preferences.get("language") or settings.LANGUAGE_CODE
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_json({"type": "ready"})

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def project_message(self, event: dict[str, Any]) -> None:
        """What the worker said in English, in this person's language."""
        body = event["body"]
        with translation.override(self.language):
            episode = {**body["episode"], "rejection": say(body["episode"]["rejection"])}
        await self.send_json({**body, "episode": episode})
