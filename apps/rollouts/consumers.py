"""WebSockets of the live page: a robot publishes, members watch, operators order.

A robot connects with a token of the scope *publish live*; a person with the session. Outsiders and wrong
tokens get 4404, as for what does not exist; who may watch and not operate is told so for each order.
"""

import json
import time
from typing import Any

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from rest_framework.exceptions import AuthenticationFailed

from apps.accounts.models import Token, User
from apps.accounts.permissions import LIVE, VIEW, access_project
from apps.accounts.tokens import BearerAuthentication
from apps.core.errors import AppError, forbidden, not_found
from apps.core.models import Event
from apps.core.sentences import say
from apps.rollouts.live import (
    KEPT_ENTRIES,
    PRESENCE_SECONDS,
    publisher,
    robot_gone,
    robot_here,
    state_of,
    watchers,
)

REFUSED, REPLACED = 4404, 4409
MOST_BYTES, MOST_TEXT = 4 * 1024**2, 256 * 1024
TOLD = ("begin", "entry", "end", "refused", "alive")
IN_FLIGHT = 2  # pictures that a watcher has not said it has: more would only be late
RECHECK_SECONDS = 10.0


def _publisher_of(header: str, project_id: int) -> User:
    """Whoever made the token, when it may publish here; raises `not_found`."""
    request = HttpRequest()
    request.META["HTTP_AUTHORIZATION"] = header
    try:
        found = BearerAuthentication().authenticate(request)  # type: ignore[arg-type]
    except AuthenticationFailed:
        raise not_found("project") from None
    if found is None or Token.Scope.LIVE not in found[1].scopes:
        raise not_found("project")
    access_project(found[0], project_id, need=LIVE)
    return found[0]


class PublishConsumer(AsyncWebsocketConsumer):
    """The one connection that shows a robot; a newer one takes its place."""

    live = replaced = False

    async def connect(self) -> None:
        route = self.scope["url_route"]["kwargs"]
        self.project_id, self.robot = route["project_id"], route["robot"]
        header = dict(self.scope["headers"]).get(b"authorization", b"").decode("latin-1")
        await self.accept()
        try:
            await database_sync_to_async(_publisher_of)(header, self.project_id)
        except AppError:
            await self.close(code=REFUSED)
            return
        self.live, self.told = True, 0.0
        self.state: dict[str, Any] = {"begin": None, "entries": []}
        group = publisher(self.project_id, self.robot)
        await self.channel_layer.group_send(group, {"type": "live.replaced"})
        await self.channel_layer.group_add(group, self.channel_name)
        await self._keep()
        await self._show({"type": "live"})

    async def disconnect(self, code: int) -> None:
        if self.live:
            self.live = False
            await self.channel_layer.group_discard(publisher(self.project_id, self.robot), self.channel_name)
            if not self.replaced:
                await database_sync_to_async(robot_gone)(self.project_id, self.robot)
                await self._show({"type": "gone"})

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.live or len(bytes_data or b"") > MOST_BYTES or len(text_data or "") > MOST_TEXT:
            await self.close(code=REFUSED)
        elif bytes_data:
            await self._picture(bytes_data)
        elif text_data:
            await self._text(text_data)

    async def _picture(self, data: bytes) -> None:
        group = watchers(self.project_id, self.robot)
        await self.channel_layer.group_send(group, {"type": "live.picture", "data": data, "at": time.time()})
        if time.monotonic() > self.told + PRESENCE_SECONDS / 4:
            await self._keep()

    async def _text(self, text: str) -> None:
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict) or message.get("type") not in TOLD:
            return
        if message["type"] == "alive":
            await self._keep()
            return
        if message["type"] == "begin":
            self.state = {"begin": message, "entries": []}
        else:
            self.state["entries"] = [*self.state["entries"], message][-KEPT_ENTRIES:]
        await self._keep()
        await self._show(message)

    async def _keep(self) -> None:
        self.told = time.monotonic()
        await database_sync_to_async(robot_here)(self.project_id, self.robot, self.state)

    async def _show(self, message: dict[str, Any]) -> None:
        group = watchers(self.project_id, self.robot)
        await self.channel_layer.group_send(group, {"type": "live.message", "message": message})

    async def live_order(self, event: dict[str, Any]) -> None:
        await self.send(json.dumps({"type": "order", "order": event["order"]}))

    async def live_replaced(self, event: dict[str, Any]) -> None:
        self.replaced = True
        await self.close(code=REPLACED)


class WatchConsumer(AsyncWebsocketConsumer):
    """Somebody who looks at a robot. Pictures go out one by one as the page says that it has them."""

    live = False

    async def connect(self) -> None:
        route = self.scope["url_route"]["kwargs"]
        self.project_id, self.robot, self.user = route["project_id"], route["robot"], self.scope["user"]
        await self.accept()
        try:
            project = await self._access(VIEW)
        except AppError:
            await self.close(code=REFUSED)
            return
        self.live, self.checked = True, time.monotonic()
        self.in_flight = 0
        self.latest: bytes | None = None
        await self.channel_layer.group_add(watchers(self.project_id, self.robot), self.channel_name)
        state = await database_sync_to_async(state_of)(self.project_id, self.robot)
        operates = LIVE in project.permissions
        await self._tell({"type": "ready", "state": state, "operates": operates, "me": self.user.username})

    async def disconnect(self, code: int) -> None:
        if self.live:
            self.live = False
            await self.channel_layer.group_discard(watchers(self.project_id, self.robot), self.channel_name)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if not self.live or text_data is None or len(text_data) > MOST_TEXT:
            return
        try:
            message = json.loads(text_data)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and message.get("type") == "shown":
            await self._shown()
        elif isinstance(message, dict) and message.get("type") == "order":
            await self._order(message.get("order"))

    async def _shown(self) -> None:
        """The page has a picture on its screen: it may have the newest one."""
        self.in_flight = max(0, self.in_flight - 1)
        if time.monotonic() > self.checked + RECHECK_SECONDS:
            self.checked = time.monotonic()
            try:
                await self._access(VIEW)
            except AppError:
                await self.close(code=REFUSED)
                return
        await self._send_latest()

    async def _order(self, order: Any) -> None:
        """Hand an order on under the asker's own name; it is written down before the robot gets it."""
        if not isinstance(order, dict) or not isinstance(order.get("order"), str):
            return
        try:
            await self._access(LIVE)
        except AppError as error:
            language = self.user.preferences.get("language") or settings.LANGUAGE_CODE
            with translation.override(language):
                await self._tell({"type": "error", "message": say(error.message)})
            return
        named = {**order, "by": self.user.username}
        await database_sync_to_async(_note)(self.user, self.project_id, self.robot, order["order"])
        group = publisher(self.project_id, self.robot)
        await self.channel_layer.group_send(group, {"type": "live.order", "order": named})

    async def _access(self, need: str) -> Any:
        return await database_sync_to_async(_watcher)(self.user, self.project_id, need)

    async def _tell(self, message: dict[str, Any]) -> None:
        await self.send(json.dumps(message, default=str))

    async def live_message(self, event: dict[str, Any]) -> None:
        await self._tell(event["message"])

    async def live_picture(self, event: dict[str, Any]) -> None:
        self.latest = event["data"]
        await self._send_latest()

    async def _send_latest(self) -> None:
        if self.latest is not None and self.in_flight < IN_FLIGHT:
            data, self.latest = self.latest, None
            self.in_flight += 1
            await self.send(bytes_data=data)


def _watcher(user: User, project_id: int, need: str) -> Any:
    """The project, for a person with a session as they are now: roles change while somebody looks."""
    if not user.is_authenticated:
        raise not_found("project")
    fresh = User.objects.filter(pk=user.pk, is_active=True).first()
    if fresh is None:
        raise forbidden("none", need)
    return access_project(fresh, project_id, need=need)


def _note(user: User, project_id: int, robot: str, order: str) -> None:
    """Orders are part of the event log; `act` comes many times a second and is the record's alone."""
    if order != "act":
        Event.objects.create(by=user, kind="live", subject=project_id, verb=order[:32], why=robot[:200])
