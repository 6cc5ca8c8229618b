"""`manage.py export_release --project NAME --out DIR`"""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.selectors import project_named
from apps.core.errors import AppError
from apps.releases.services import release_export


def folder(text: str) -> Path:
    """The path of an option; nothing at all would mean the current folder, which nobody asked for."""
    if not text.strip():
        raise ArgumentTypeError("name a folder")
    return Path(text)


class Command(BaseCommand):
    help = "Write the release of a project's approved annotations to a folder."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--project", required=True, help="name or slug")
        parser.add_argument(
            "--out", required=True, type=folder, metavar="DIR", help="new, empty or a release"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            project = project_named(options["project"])
            release = release_export(project=project, target=options["out"].absolute(), by=None)
        except AppError as error:
            raise CommandError(error.message) from None
        except OSError as error:
            raise CommandError(f"The release cannot be written: {error}.") from None
        counts = ", ".join(f"{n} {name}" for name, n in release.counts.items() if isinstance(n, int))
        self.stdout.write(f"{project} v{release.version}: {counts}; in {options['out']}")
