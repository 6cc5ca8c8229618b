"""WebSocket routes of all apps."""

from django.urls import path

from apps.episodes.consumers import ProjectConsumer

websocket_urlpatterns = [path("ws/projects/<int:project_id>/", ProjectConsumer.as_asgi())]
