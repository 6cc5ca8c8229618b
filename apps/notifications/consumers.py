"""WebSocket: one person's own news, on whatever page they are."""

from typing import Any

from apps.accounts.models import User
from apps.accounts.permissions import REVIEW, ROLE_PERMISSIONS
from apps.accounts.selectors import projects_of
from apps.core.consumers import LiveConsumer
from apps.core.errors import AppError
from apps.core.live import person_group, queue_group, reviewers_group
from apps.core.sentences import say


class PersonConsumer(LiveConsumer):
    """Their notifications and work; of their projects, that something changed in the queue or the review."""

    def allowed(self) -> set[str]:
        user = User.objects.filter(pk=self.scope["user"].pk, is_active=True).first()
        if user is None:
            raise AppError("not_authenticated", "Please log in first.", status=401)
        memberships = list(projects_of(user))
        reviewing = [each for each in memberships if REVIEW in ROLE_PERMISSIONS[each.role]]
        groups = {person_group(user.pk), *(queue_group(each.project_id) for each in memberships)}
        return groups | {reviewers_group(each.project_id) for each in reviewing}

    def said(self, body: dict[str, Any]) -> dict[str, Any]:
        if body["type"] != "notification":
            return body
        told = body["notification"]
        said = {**told, "sentence": say(told["sentence"]), "words": say(told["words"])}
        return {**body, "notification": said}
