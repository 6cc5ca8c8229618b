"""`manage.py send_digests`: send the e-mail digests that are due; for cron, where no Celery beat runs."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.notifications.digests import digests_send


class Command(BaseCommand):
    help = "Send the e-mail digests that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.EMAIL_URL:
            raise CommandError("This site sends no e-mail: set EMAIL_URL.")
        sent, failed = digests_send(now=timezone.now())
        self.stdout.write(f"{sent} sent")
        if failed:
            raise CommandError(f"{failed} could not be sent; they are tried again next time.")
