"""WebSocket: the drafts of one annotation as they are written, for those who may see it."""

from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings
from django.utils import translation

from apps.annotation.selectors import access_annotation
from apps.core.errors import AppError
from apps.drafting.live import group_of
from apps.drafting.selectors import said


class DraftsConsumer(AsyncJsonWebsocketConsumer):
    """Closes with 4404 for those who may not see the annotation, as for one that does not exist."""

    group = ""
    language = ""

    async def connect(self) -> None:
        annotation_id = self.scope["url_route"]["kwargs"]["annotation_id"]
        await self.accept()
        try:
            await database_sync_to_async(access_annotation)(self.scope["user"], annotation_id)
        except AppError:
            await self.close(code=4404)
            return
        self.group = group_of(annotation_id)
        self.language = self.scope["user"].preferences.get("language") or settings.LANGUAGE_CODE
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.send_json({"type": "ready"})

    async def disconnect(self, code: int) -> None:
        if self.group:
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def draft_message(self, event: dict[str, Any]) -> None:
        """What the worker said in English, in this person's language."""
        body = event["body"]
        with translation.override(self.language):
            await self.send_json({**body, "draft": said(body["draft"])})
