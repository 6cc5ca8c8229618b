"""`manage.py import_recordings PATH... --project NAME`: ALOHA HDF5 files and LeRobot data sets."""

import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from apps.accounts.selectors import project_named
from apps.core.errors import AppError
from apps.episodes.imports import Imported, task_for_import
from apps.episodes.ingest import episode_ingest
from apps.episodes.models import Task
from apps.episodes.recordings import Said, picture_of_both, recordings_import, recordings_in
from apps.episodes.video import encode_jpeg
from robot.formats import HEAD_CAMERA, ORDERS, FormatRejected, Found


class Command(BaseCommand):
    help = (
        "Import recordings of robots: ALOHA HDF5 files, LeRobot data sets (v2.1, v3.0), folders and archives "
        "of them. Ingest runs at once; joint and gripper units are those of the project's embodiment profile."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--project", required=True, help="name or slug")
        parser.add_argument(
            "--task", help="made when it is new; else each recording's own text names its task"
        )
        parser.add_argument("--description", help="what the robot is asked to do; needed for a new task")
        parser.add_argument("--subtask", action="append", default=[], help="in order; may be repeated")
        parser.add_argument("--fps", type=float, help="for files that do not state their frame rate")
        parser.add_argument("--channel-order", choices=ORDERS, help="for files that do not state it")
        parser.add_argument("--head", default="", help=f"the head camera, where none is named {HEAD_CAMERA}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Exits with 1 when nothing came in."""
        try:
            taken = sum(self._import(path, options) for path in options["paths"])
        except AppError as error:
            raise CommandError(error.message) from None
        if not taken:
            raise CommandError("No recording was taken in.")

    def _import(self, path: Path, options: dict[str, Any]) -> int:
        """How many recordings of this path are in the project now."""
        if not path.exists():
            raise CommandError(f"There is no file or folder {path}.")
        project = project_named(options["project"])
        with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir:
            found = recordings_in(path, Path(workdir))
            if not options["channel_order"]:
                self._show_both(found)
            said = Said(options["fps"], options["channel_order"], options["head"], self._task(options))
            outcomes = recordings_import(
                project=project, found=found, said=said, by=None, ingest=lambda e: episode_ingest(episode=e)
            )
            return sum(self._tell(each) for each in outcomes)

    def _task(self, options: dict[str, Any]) -> Task | None:
        if not options["task"]:
            return None
        return task_for_import(
            project=project_named(options["project"]),
            name=options["task"],
            description=options["description"],
            subtasks=options["subtask"],
        )

    def _tell(self, imported: Imported) -> bool:
        self.stdout.write(imported.sentence.encode(errors="replace").decode())
        return imported.taken

    def _show_both(self, found: list[Found]) -> None:
        """A picture of the first frame both ways, of the first recording that states no channel order."""
        for each in found:
            try:
                recording = each.read()
                if recording.order is None:
                    picture = picture_of_both(recording, next(iter(recording.cameras)))
                    place = settings.DATA_DIR / "channel-order.jpg"
                    place.write_bytes(encode_jpeg(picture))
                    self.stdout.write(f"Both ways, rgb on the left and bgr on the right: {place}")
                    return
            except FormatRejected:  # said when its turn comes
                continue
