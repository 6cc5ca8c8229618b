"""ASGI entry point: HTTP by Django, WebSockets by Channels behind the same session and an origin check."""

import os

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "annotation_site.settings")
http = get_asgi_application()

from annotation_site.sockets import websocket_urlpatterns  # noqa: E402 (needs the app registry that the line above fills)

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
