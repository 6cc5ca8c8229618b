"""Celery tasks of releases."""

from celery import shared_task
from django.db import transaction

from apps.core.errors import AppError
from apps.releases.models import Release
from apps.releases.services import release_pack


@shared_task
def pack_release(release_id: int) -> None:
    release = Release.objects.select_related("project").get(pk=release_id)
    try:
        release_pack(release=release)
    except AppError as error:
        Release.objects.filter(pk=release_id).update(problem=error.message)


def enqueue_pack(release: Release) -> None:
    """Pack after the current transaction; nothing to do for a release that has its archive."""
    if release.archive_id is None:
        transaction.on_commit(lambda: pack_release.delay(release.pk))
