"""WebSocket: one project's news, for its members only."""

from typing import Any

from apps.accounts.models import User
from apps.accounts.permissions import REVIEW, access_project
from apps.core.consumers import LiveConsumer
from apps.core.live import project_group, queue_group, reviewers_group
from apps.core.sentences import say


class ProjectConsumer(LiveConsumer):
    """Episodes and the queue for every member, annotations for those who may see everybody's work."""

    def allowed(self) -> set[str]:
        project_id = self.scope["url_route"]["kwargs"]["project_id"]
        user = User.objects.filter(pk=self.scope["user"].pk, is_active=True).first() or self.scope["user"]
        project = access_project(user, project_id)
        groups = {project_group(project.pk), queue_group(project.pk)}
        return groups | {reviewers_group(project.pk)} if REVIEW in project.permissions else groups

    def said(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["type"] != "episode":
            return body
        return {**body, "episode": {**body["episode"], "rejection": say(body["episode"]["rejection"])}}
