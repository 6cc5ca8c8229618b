"""Active time: what the page measured, capped by what the server's own clock allows."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.models import Annotation, WorkSession
from apps.core.errors import invalid

STAGES = ("diagnosis", "guidance", "texts", "review")
SLACK = 5.0  # seconds that a report may be on its way


@transaction.atomic
def time_report(
    *, annotation: Annotation, by: User, session: UUID, seconds: Mapping[str, float]
) -> WorkSession:
    """Take one opened page's seconds so far, stage by stage. Locks the session's row.

    The seconds are sums since the page was opened, so that a report can be sent again, and an old one comes
    late without harm. A page reports first when it is opened: no more is believed than has passed since.
    """
    now = timezone.now()
    row, _ = WorkSession.objects.select_for_update().get_or_create(
        pk=session, defaults={"annotation": annotation, "person": by, "began": now, "last": now}
    )
    if (row.annotation_id, row.person_id) != (annotation.pk, by.pk):
        raise invalid("This session is of another page.", code="no_such_session")
    _count(row, seconds, now)
    row.save()
    return row


def _count(row: WorkSession, seconds: Mapping[str, float], now: datetime) -> None:
    """Grow each stage to what is told; all together by no more than the time that has passed allows."""
    told = {stage: max(seconds.get(stage, 0.0), getattr(row, stage)) for stage in STAGES}
    growth = sum(told.values()) - active_seconds(row)
    room = max(0.0, (now - row.began).total_seconds() + SLACK - active_seconds(row))
    share = min(1.0, room / growth) if growth else 0.0
    for stage in STAGES:
        before = getattr(row, stage)
        setattr(row, stage, before + share * (told[stage] - before))
    row.last = now


def active_seconds(row: WorkSession) -> float:
    return sum(getattr(row, stage) for stage in STAGES)
