"""The e-mail digest: what somebody has not read yet, in one message in their language."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext

from apps.accounts.models import User
from apps.accounts.preferences import preferences_of
from apps.core.sentences import say
from apps.notifications.models import Digest, Notification
from apps.notifications.selectors import link_of, notifications_of, sentence_of

logger = logging.getLogger(__name__)

PERIODS = {Digest.Every.HOUR: timedelta(hours=1), Digest.Every.DAY: timedelta(days=1)}


def digests_send(*, now: datetime) -> tuple[int, int]:
    """Send the digests that are due; how many went out, and how many could not.

    Each is claimed by a conditional UPDATE first, so that of two who send at once one does. What could not be
    sent is due again at once; what was sent is never sent again.
    """
    sent = [_send(digest, now) for digest in _due(now)]
    return sent.count(True), sent.count(False)


def _due(now: datetime) -> Iterable[Digest]:
    late = Q(sent=None)
    for every, period in PERIODS.items():
        late |= Q(every=every, sent__lte=now - period)
    rows = Digest.objects.filter(late, user__is_active=True).exclude(every=Digest.Every.NEVER)
    return rows.exclude(user__email="").select_related("user")


def _send(digest: Digest, now: datetime) -> bool | None:
    """True for sent, False for failed, None where there is nothing to say or somebody else says it."""
    unread = notifications_of(digest.user).filter(read=None, mailed=None)
    rows = list(unread.order_by("id"))
    mine = Digest.objects.filter(pk=digest.pk, sent=digest.sent)
    if not rows or not mine.update(sent=now):
        return None
    try:
        message_for(digest.user, rows).send()
    except (SMTPException, OSError) as problem:
        logger.warning("the digest of %s could not be sent: %s", digest.user, problem)
        Digest.objects.filter(pk=digest.pk, sent=now).update(sent=digest.sent)
        return False
    _mark_mailed(unread, rows, now)
    return True


def _mark_mailed(unread: QuerySet[Notification], rows: list[Notification], now: datetime) -> None:
    unread.filter(pk__in=[row.pk for row in rows]).order_by().update(mailed=now)


def message_for(user: User, rows: list[Notification]) -> EmailMessage:
    language = preferences_of(user)["language"] or settings.LANGUAGE_CODE
    with translation.override(language):
        news = [
            {
                "sentence": say(sentence_of(row)),
                "words": say(row.words),
                "link": settings.SITE_URL + link_of(row),
            }
            for row in rows
        ]
        count = len(rows)
        subject = ngettext(
            "ViFailback: %(count)s thing for you", "ViFailback: %(count)s things for you", count
        ) % {"count": count}
        context = {"name": user.username, "news": news, "site": settings.SITE_URL}
        body = render_to_string("notifications/digest.txt", context)
    return EmailMessage(subject, body, to=[user.email])
