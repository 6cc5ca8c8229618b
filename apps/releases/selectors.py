"""Reads of releases."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Max
from django.urls import reverse

from apps.accounts.models import Project, User
from apps.accounts.permissions import VIEW, access_project
from apps.annotation.models import Annotation
from apps.annotation.selectors import RELATED
from apps.annotation.services import document_at
from apps.core.errors import not_found
from apps.drafting.models import Draft
from apps.releases.models import Release
from apps.review.selectors import approved_in


def released_annotations(project: Project) -> list[Annotation]:
    """One approved annotation an episode, by task and number; of several the one approved last."""
    rows = approved_in(project.pk).annotate(approved=Max("verdicts__pk"))
    last: dict[int, Annotation] = {}
    for annotation in rows.prefetch_related("episode__cameras__source"):
        rival = last.get(annotation.episode_id)
        if rival is None or annotation.approved > rival.approved:
            last[annotation.episode_id] = annotation
    return list(last.values())


def annotations_in(release: Release) -> list[Annotation]:
    """The annotations of a release with the documents of the revisions that it names, in its order."""
    revisions = dict(release.items.values_list("annotation_id", "revision"))
    rows = Annotation.objects.filter(pk__in=revisions).select_related(*RELATED)
    annotations = list(rows.order_by("episode__task__name", "episode__number"))
    for annotation in annotations:
        annotation.revision = revisions[annotation.pk]
        annotation.document = document_at(annotation, annotation.revision)
    return annotations


def draft_versions(annotation_ids: Iterable[int]) -> list[str]:
    """The versions of the drafting prompts and templates that helped with these annotations."""
    rows = Draft.objects.filter(annotation__in=list(annotation_ids), state=Draft.State.READY)
    return sorted(set(rows.values_list("version", flat=True)))


def access_release(user: User, release_id: int, *, need: str = VIEW) -> Release:
    release = Release.objects.select_related("archive").filter(pk=release_id).first()
    if release is None:
        raise not_found("release")
    release.project = access_project(user, release.project_id, need=need, what="release")
    return release


def release_json(release: Release) -> dict[str, Any]:
    packed = release.archive is not None
    return {
        "id": release.pk,
        "version": release.version,
        "fingerprint": release.fingerprint,
        "counts": release.counts,
        "created": release.created,
        "state": "packed" if packed else "failed" if release.problem else "packing",
        "problem": release.problem,
        "size": release.archive.size if packed else None,
        "download": reverse("api-release-download", args=(release.pk,)) if packed else None,
    }
