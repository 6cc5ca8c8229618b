"""`manage.py prepare`: what has to be there before the site serves; quick when it is there already."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.accounts.models import Project
from apps.episodes.sample_project import sample_project_create
from apps.episodes.services import ingest_resume, uploads_purge


class Command(BaseCommand):
    help = "Bring the database up to date; make the sample project on the first start; resume ingests."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--started",
            type=datetime.fromisoformat,
            help="when the worker was started: what was uploaded since is in its hands (default: not yet)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0, skip_checks=True)
        if not Project.objects.exists():
            for progress in sample_project_create():
                self.stdout.write(progress)
        uploads_purge()
        started = options["started"] or timezone.now()
        ingest_resume(before=started)
        for command in settings.PREPARE_ALSO:
            call_command(command, started=started)
