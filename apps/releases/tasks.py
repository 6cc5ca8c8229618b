"""Celery tasks of releases."""

import logging

from celery import shared_task
from django.db import transaction

from apps.core.errors import AppError
from apps.core.jobs import FAULT, KILLED, job_died
from apps.releases.models import Release, VqaBuild
from apps.releases.services import release_pack
from apps.releases.states import vqa_states
from apps.releases.vqa import vqa_build

logger = logging.getLogger(__name__)


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


@shared_task(acks_late=False)  # given out once: a job goes on by being started again, never by itself
def build_vqa(build_id: int) -> None:
    build = (
        VqaBuild.objects.select_related("release__project", "release__archive").filter(pk=build_id).first()
    )
    if build is None:
        return
    try:
        vqa_build(build=build)
    except Exception:  # the boundary of the worker: logged with its trace, and said
        logger.exception("VQA build %s failed", build_id)
        job_died(build, vqa_states, why=FAULT)


@shared_task
def build_vqa_died(build_id: int) -> None:
    """Runs when the process that built was killed."""
    build = VqaBuild.objects.filter(pk=build_id).first()
    if build is not None:
        job_died(build, vqa_states, why=KILLED)
