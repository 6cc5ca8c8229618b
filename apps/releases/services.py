"""Writes of releases: fix a version, write it as a folder or an archive."""

import tempfile
import zipfile
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.accounts.models import Project, User
from apps.core.errors import conflict
from apps.core.models import Event
from apps.episodes.storage import blob_store_path
from apps.releases.content import Content, content_of, revisions_of
from apps.releases.folder import folder_check, folder_made
from apps.releases.models import Release, ReleaseItem
from apps.releases.quality import quality_of
from apps.releases.records import in_order
from apps.releases.selectors import annotations_in, released_annotations
from apps.releases.tree import MANIFEST, FolderSink, Sink, ZipSink, json_bytes, write_episode


def release_create(*, project: Project, by: User | None) -> tuple[Release, Content]:
    """The release of what is approved now: a new version, or the one there is of the same content.

    Locks the project's row, but decodes stills before it does; where approvals changed in between, it looks
    again. Raises `nothing_approved`.
    """
    while True:
        content = content_of(Project.objects.get(pk=project.pk), released_annotations(project))
        if not content.episodes:
            raise conflict("nothing_approved", "There is no approved annotation to release yet.")
        with transaction.atomic():
            locked = Project.objects.select_for_update().get(pk=project.pk)
            if revisions_of(released_annotations(locked)) == content.revisions:
                known = locked.releases.filter(fingerprint=content.fingerprint).first()
                return known or _new_release(locked, content, by), content


def _new_release(project: Project, content: Content, by: User | None) -> Release:
    last = project.releases.order_by("-version").values_list("version", flat=True).first() or 0
    release = Release.objects.create(
        project=project,
        version=last + 1,
        fingerprint=content.fingerprint,
        counts=content.about["counts"],
        about={**content.about, **quality_of(project, [files.annotation for files in content.episodes])},
        by=by,
    )
    ReleaseItem.objects.bulk_create(
        ReleaseItem(release=release, annotation_id=pk, revision=revision)
        for pk, revision in content.revisions.items()
    )
    Event.record("release", release, "create", by=by)
    return release


def release_export(*, project: Project, target: Path, by: User | None) -> Release:
    """Write the release of what is approved now to the folder `target`, whole or not at all.

    Raises `folder_in_use`, `nothing_approved`, and OSError where the folder cannot be written.
    """
    folder_check(target)
    with folder_made(target) as made:
        release, content = release_create(project=project, by=by)
        _write(release, content, FolderSink(made))
    return release


def release_pack(*, release: Release) -> None:
    """Make the archive of a release that has none yet, from the revisions that it names.

    Raises `content_changed` when a name in it was changed since: the release can no longer be made.
    """
    if release.archive is not None:
        return
    content = content_of(release.project, annotations_in(release))
    if content.fingerprint != release.fingerprint:
        raise conflict(
            "content_changed", "The project or a task was renamed or changed meanwhile: make a new release."
        )
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
    files = dict(content.digests)
    for name, data in content.records.items():
        sink.write(name, data)
    for episode in content.episodes:
        files.update(write_episode(episode, sink))
    manifest = {
        **content.about,
        **in_order(release.about),
        "version": release.version,
        "fingerprint": release.fingerprint,
        "files": files,
    }
    sink.write(MANIFEST, json_bytes(manifest))
