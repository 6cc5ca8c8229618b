"""Celery tasks of notifications."""

from celery import shared_task
from django.utils import timezone

from apps.notifications.digests import digests_send


@shared_task(time_limit=600)
def send_digests() -> None:
    digests_send(now=timezone.now())
