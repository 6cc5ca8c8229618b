"""WebSocket routes of all apps."""

from django.urls import path

from apps.drafting.consumers import DraftsConsumer
from apps.episodes.consumers import ProjectConsumer
from apps.rollouts.consumers import PublishConsumer, WatchConsumer

websocket_urlpatterns = [
    path("ws/projects/<int:project_id>/", ProjectConsumer.as_asgi()),
    path("ws/projects/<int:project_id>/live/<slug:robot>/", WatchConsumer.as_asgi()),
    path("ws/projects/<int:project_id>/live/<slug:robot>/publish/", PublishConsumer.as_asgi()),
    path("ws/annotations/<int:annotation_id>/drafts/", DraftsConsumer.as_asgi()),
]
