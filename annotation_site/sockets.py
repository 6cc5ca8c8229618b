"""WebSocket routes of all apps."""

from django.urls import path

from apps.drafting.consumers import DraftsConsumer
from apps.episodes.consumers import ProjectConsumer
from apps.notifications.consumers import PersonConsumer

websocket_urlpatterns = [
    path("ws/me/", PersonConsumer.as_asgi()),
    path("ws/projects/<int:project_id>/", ProjectConsumer.as_asgi()),
    path("ws/annotations/<int:annotation_id>/drafts/", DraftsConsumer.as_asgi()),
]
