"""Writes of releases: fix a version, write it as a folder or an archive."""

import hashlib
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Project, User
from apps.annotation.models import Annotation
from apps.core.errors import conflict
from apps.core.models import Event
from apps.episodes.storage import blob_store_path
from apps.releases.layout import EpisodeFiles, episode_files
from apps.releases.models import Release, ReleaseItem
from apps.releases.records import full_record, raw_record
from apps.releases.selectors import annotations_in, draft_versions, released_annotations
from apps.releases.tree import (
    MANIFEST,
    FolderSink,
    Sink,
    ZipSink,
    folder_check,
    folder_replace,
    json_bytes,
    write_episode,
)

FORMAT = "vifailback-release-1"


@dataclass(frozen=True)
class Content:
    """What a release says, before any file is written."""

    episodes: list[EpisodeFiles]
    annotations_json: bytes
    events_json: bytes

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.annotations_json + self.events_json).hexdigest()


def content_of(annotations: Iterable[Annotation]) -> Content:
    """What a release of these annotations says. An outcome nobody could tell is in `events.json` only."""
    episodes = [episode_files(annotation) for annotation in annotations]
    told = [files for files in episodes if files.annotation.document["outcome"] != "cannot_tell"]
    return Content(
        episodes,
        json_bytes([raw_record(files) for files in told]),
        json_bytes([full_record(files) for files in episodes]),
    )


@transaction.atomic
def release_create(*, project: Project, by: User | None) -> tuple[Release, Content]:
    """The release of what is approved now: a new version, or the one there is of the same content.

    Locks the project's row. Raises `nothing_approved`.
    """
    Project.objects.select_for_update().get(pk=project.pk)
    content = content_of(released_annotations(project))
    if not content.episodes:
        raise conflict("nothing_approved", "There is no approved annotation to release yet.")
    known = project.releases.filter(fingerprint=content.fingerprint).first()
    return known or _new_release(project, content, by), content


def _new_release(project: Project, content: Content, by: User | None) -> Release:
    last = project.releases.order_by("-version").values_list("version", flat=True).first() or 0
    release = Release.objects.create(
        project=project,
        version=last + 1,
        fingerprint=content.fingerprint,
        counts=_counts(content),
        by=by,
    )
    ReleaseItem.objects.bulk_create(
        ReleaseItem(release=release, annotation=f.annotation, revision=f.annotation.revision)
        for f in content.episodes
    )
    Event.record("release", release, "create", by=by)
    return release


def _counts(content: Content) -> dict[str, Any]:
    documents = [files.annotation.document for files in content.episodes]
    events = [event for d in documents if d["outcome"] == "failed" for event in d["events"]]
    return {
        "episodes": len(documents),
        "tasks": len({files.annotation.episode.task_id for files in content.episodes}),
        "outcomes": dict(sorted(Counter(d["outcome"] for d in documents).items())),
        "failure_types": dict(sorted(Counter(event["failure_type"] for event in events).items())),
        "events": len(events),
        "images": sum(len(files.images) for files in content.episodes),
    }


def release_export(*, project: Project, target: Path, by: User | None) -> Release:
    """Write the release of what is approved now to the folder `target`, whole or not at all."""
    folder_check(target)
    release, content = release_create(project=project, by=by)
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.name}.") as workdir:
        made = Path(workdir) / "release"
        _write(release, content, FolderSink(made))
        folder_replace(made, target)
    return release


def release_pack(*, release: Release) -> None:
    """Make the archive of a release that has none yet, from the revisions that it names.

    Raises `content_changed` when a task's texts were edited since: the release can no longer be made.
    """
    if release.archive is not None:
        return
    content = content_of(annotations_in(release))
    if content.fingerprint != release.fingerprint:
        raise conflict("content_changed", "A task's texts were changed meanwhile: make a new release.")
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir:
        path = Path(workdir) / "release.zip"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
            _write(release, content, ZipSink(archive))
        with transaction.atomic():
            release.archive = blob_store_path(path)
            release.problem = ""
            release.save(update_fields=["archive", "problem"])


def _write(release: Release, content: Content, sink: Sink) -> None:
    files = {
        "annotations.json": hashlib.sha256(content.annotations_json).hexdigest(),
        "events.json": hashlib.sha256(content.events_json).hexdigest(),
    }
    sink.write("annotations.json", content.annotations_json)
    sink.write("events.json", content.events_json)
    for episode in content.episodes:
        files.update(write_episode(episode, sink))
    sink.write(MANIFEST, json_bytes(_manifest(release, content, files)))


def _manifest(release: Release, content: Content, files: dict[str, str]) -> dict[str, Any]:
    taxonomies = {f.annotation.taxonomy.version: f.annotation.taxonomy.content for f in content.episodes}
    return {
        "format": FORMAT,
        "project": release.project.name,
        "version": release.version,
        "fingerprint": release.fingerprint,
        "counts": release.counts,
        "taxonomy": taxonomies,
        "embodiment": release.project.embodiment,
        "prompts": {"drafts": draft_versions([f.annotation.pk for f in content.episodes])},
        "files": files,
    }
