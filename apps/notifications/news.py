"""From an event to the news of it: which groups hear what."""

from collections.abc import Sequence

from django.utils import translation

from apps.annotation.models import Annotation
from apps.annotation.selectors import annotation_row
from apps.core.live import (
    News,
    check_again,
    person_group,
    project_group,
    queue_group,
    reviewers_group,
    tell,
)
from apps.core.models import Event
from apps.drafting.models import Draft
from apps.episodes.live import announce
from apps.episodes.models import Episode
from apps.notifications.models import Notification
from apps.notifications.selectors import RELATED, notification_json

INGEST_VERBS = ("ingest", "finish", "reject")  # ingest announces these itself, with its progress


def spread(event: Event, told: Sequence[Notification] = ()) -> None:
    """Tell the pages of an event that is committed, and the people of their notifications.

    In English, whoever made it happen: it is translated for each who hears it.
    """
    with translation.override("en"):
        if (hear := HEARERS.get(event.kind)) is not None:
            hear(event)
        if told:
            _notifications([each.pk for each in told])


def _notifications(numbers: list[int]) -> None:
    rows = Notification.objects.filter(pk__in=numbers).select_related(*RELATED)
    news = [(row.user_id, {"type": "notification", "notification": notification_json(row)}) for row in rows]
    tell(*((person_group(user_id), body) for user_id, body in news))


def _annotation(event: Event) -> None:
    annotation = Annotation.objects.select_related("annotator", "episode").filter(pk=event.subject).first()
    if annotation is None:
        return
    body = {"type": "annotation", "annotation": annotation_row(annotation)}
    project = annotation.episode.project_id
    tell(
        (reviewers_group(project), body),
        (person_group(annotation.annotator_id), body),
        (queue_group(project), _queue(project)),
    )


def _queue(project_id: int) -> News:
    return {"type": "queue", "project": project_id}


def _draft(event: Event) -> None:
    draft = Draft.objects.select_related("annotation").filter(pk=event.subject).first()
    if draft is not None:
        body = {"type": "draft", "draft": draft.pk, "annotation": draft.annotation_id, "state": draft.state}
        tell((person_group(draft.annotation.annotator_id), body))


def _episode(event: Event) -> None:
    episode = Episode.objects.select_related("task").filter(pk=event.subject).first()
    if episode is None:
        return
    if event.verb not in INGEST_VERBS:
        announce(episode)
    tell((queue_group(episode.project_id), _queue(episode.project_id)))


def _project(event: Event) -> None:
    """Somebody came, went or got another role: who listens is asked again."""
    if event.verb == "member":
        check_again(project_group(event.subject), queue_group(event.subject))


HEARERS = {"annotation": _annotation, "draft": _draft, "episode": _episode, "project": _project}
