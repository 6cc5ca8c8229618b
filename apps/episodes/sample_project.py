"""The sample project of a first start: people with fresh passwords, tasks, drawn recordings."""

import json
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from apps.accounts.models import Project, Role, User
from apps.accounts.services import member_set, project_create, user_create
from apps.episodes.models import Task
from apps.episodes.sample import SampleRecording, make_sample_recordings
from apps.episodes.services import episode_create, task_create
from apps.episodes.storage import blob_store_path
from apps.episodes.video import group_recordings

NAME = "Sample project"
PEOPLE = {
    "annotator": Role.ANNOTATOR,
    "annotator2": Role.ANNOTATOR,
    "reviewer": Role.REVIEWER,
    "admin": Role.ADMIN,
}


def sample_project_create() -> Iterator[str]:
    """Make it, and yield a sentence for each step. The passwords are in `logins.json`, for its owner only."""
    yield "Making the sample project ..."
    admin = _people()["admin"]
    project = project_create(name=NAME, by=admin)
    for username, role in PEOPLE.items():
        member_set(project=project, username=username, role=role, by=admin)
    if not settings.SAMPLE_RECORDINGS:
        return
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as folder:
        recordings = make_sample_recordings(Path(folder))
        _episodes(project, recordings, admin)
    yield f"{len(recordings)} recordings drawn; they are ingested as soon as the site runs."


def _people() -> dict[str, User]:
    passwords = {username: secrets.token_urlsafe(9) for username in PEOPLE}
    file = settings.DATA_DIR / "logins.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(passwords, indent=1))
    return {name: user_create(username=name, password=password) for name, password in passwords.items()}


def _episodes(project: Project, recordings: list[SampleRecording], by: User) -> None:
    tasks: dict[str, Task] = {}
    for sample in recordings:
        told = sample.task
        if told.name not in tasks:
            tasks[told.name] = task_create(
                project=project,
                name=told.name,
                description=told.description,
                subtasks=list(told.subtasks),
                by=by,
            )
        (recording,) = group_recordings([str(path) for path in sample.files])
        sources = {name: blob_store_path(Path(path)) for name, path in recording.cameras.items()}
        episode_create(task=tasks[told.name], stem=Path(recording.stem).name, sources=sources, by=by)
