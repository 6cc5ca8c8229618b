"""The event log, heard: every change of state makes news for open pages, and some of it a notification."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from apps.core.models import Event
from apps.notifications.news import spread
from apps.notifications.services import notify


@receiver(post_save, sender=Event, dispatch_uid="notifications")
def happened(instance: Event, created: bool, **_rest: Any) -> None:
    """In the event's own transaction the notification is written; pages are told once it is sure."""
    if created:
        told = notify(event=instance)
        transaction.on_commit(lambda: spread(instance, told))
