"""`manage.py export_release --project NAME --out DIR`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.selectors import project_named
from apps.core.errors import AppError
from apps.releases.services import release_export


class Command(BaseCommand):
    help = "Write the release of a project's approved annotations to a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="name or slug")
        parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="new, empty or a release")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            project = project_named(options["project"])
            release = release_export(project=project, target=options["out"].absolute(), by=None)
        except AppError as error:
            raise CommandError(error.message) from None
        counts = ", ".join(f"{n} {name}" for name, n in release.counts.items() if isinstance(n, int))
        self.stdout.write(f"{project} v{release.version}: {counts}; in {options['out']}")
