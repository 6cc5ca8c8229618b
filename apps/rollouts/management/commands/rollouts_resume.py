"""`manage.py rollouts_resume`: queue again the rollouts that arrived and were not taken in; see `prepare`."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.rollouts.services import rollouts_resume
from apps.rollouts.tus import uploads_expire


class Command(BaseCommand):
    help = "Queue again the rollouts that arrived and were not taken in; erase uploads whose time is over."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--started", type=datetime.fromisoformat, help="leave what came since (default: now)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        uploads_expire()
        rollouts_resume(before=options["started"] or timezone.now())
