"""`manage.py import_videos PATH... --project NAME --task NAME --description TEXT`"""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.accounts.selectors import project_named
from apps.core.errors import AppError
from apps.episodes.imports import import_recordings, task_for_import
from apps.episodes.signals import is_sidecar
from apps.episodes.video import group_recordings

VIDEO_SUFFIXES = {".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm", ".ts", ".mpg", ".mpeg"}


class Command(BaseCommand):
    help = (
        "Import recordings (files, or folders of them) as episodes of a task; ingest runs at once. Signals "
        "beside a recording, in NAME_signals.csv or NAME_signals.parquet, come with it."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--project", required=True, help="name or slug")
        parser.add_argument("--task", required=True, help="made when it is new")
        parser.add_argument("--description", help="what the robot is asked to do; needed for a new task")
        parser.add_argument("--subtask", action="append", default=[], help="in order; may be repeated")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 when nothing came in."""
        files = [str(path) for path in self._files(options["paths"])]
        try:
            task = task_for_import(
                project=project_named(options["project"]),
                name=options["task"],
                description=options["description"],
                subtasks=options["subtask"],
            )
        except AppError as error:
            raise CommandError(error.message) from None
        taken = 0
        for imported in import_recordings(task=task, recordings=group_recordings(files)):
            self.stdout.write(imported.sentence.encode(errors="replace").decode())
            taken += imported.taken
        if not taken:
            raise CommandError("No recording was taken in.")

    def _files(self, paths: list[Path]) -> list[Path]:
        found = []
        for path in paths:
            if not path.exists():
                raise CommandError(f"There is no file or folder {path}.")
            inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in VIDEO_SUFFIXES)
            found += inside if path.is_dir() else [path] if not is_sidecar(path) else []
        if not found:
            raise CommandError(f"There is no video in {', '.join(map(str, paths))}.")
        return found
