"""`manage.py resume_jobs`: queue again what a stop of the site cut off."""

from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.core.jobs import jobs_resume
from apps.leaderboard.models import BenchmarkRun
from apps.leaderboard.services import TASK as RUN
from apps.leaderboard.states import run_states
from apps.releases.models import VqaBuild
from apps.releases.states import vqa_states
from apps.releases.vqa import TASK as BUILD


class Command(BaseCommand):
    help = "Queue jobs again that were under way when the site stopped."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--started",
            type=datetime.fromisoformat,
            help="when the worker was started: what was heard of since is in its hands (default: not yet)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        before = options["started"] or timezone.now()
        jobs_resume(VqaBuild, vqa_states, BUILD, before=before)
        jobs_resume(BenchmarkRun, run_states, RUN, before=before)
