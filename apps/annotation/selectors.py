"""Reads of annotations, and who may see one."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import REVIEW, VIEW, access_project
from apps.annotation.checks import Setting, problems
from apps.annotation.models import Annotation, Lease
from apps.core.errors import not_found
from apps.episodes.selectors import head_camera
from ml.symbols import Size

EDITABLE = (Annotation.State.OPEN, Annotation.State.SENT_BACK)
RELATED = ("annotator", "taxonomy", "episode__task", "episode__project__taxonomy")


def access_annotation(user: User, annotation_id: int, *, need: str = VIEW) -> Annotation:
    """The annotation for its own annotator and for those who may review; `not_found` for everybody else.

    Annotators do not see each other's work, so that two annotations of one episode stay independent.
    """
    annotation = Annotation.objects.select_related(*RELATED).filter(pk=annotation_id).first()
    if annotation is None:
        raise not_found("annotation")
    project = access_project(user, annotation.episode.project_id, need=need, what="annotation")
    if annotation.annotator_id != user.pk and REVIEW not in project.permissions:
        raise not_found("annotation")
    annotation.episode.project = project
    return annotation


def annotations_of(user: User, project_id: int) -> QuerySet[Annotation]:
    """Those of the project that `user` may see."""
    project = access_project(user, project_id)
    rows = Annotation.objects.filter(episode__project=project).select_related(*RELATED)
    return rows if REVIEW in project.permissions else rows.filter(annotator=user)


def setting_of(annotation: Annotation) -> Setting:
    episode, taxonomy = annotation.episode, annotation.taxonomy.content
    camera = head_camera(episode)
    return Setting(
        size=Size(camera.width, camera.height),
        frame_count=camera.frame_count,
        subtasks=len(episode.task.subtasks),
        failure_types=tuple(each["id"] for each in taxonomy["failure_types"]),
        symbols=tuple(taxonomy["symbols"]),
        arms=tuple(episode.project.embodiment["arms"]),
        magnitudes=tuple(taxonomy["magnitudes"]),
    )


def problems_of(annotation: Annotation) -> list[dict[str, Any]]:
    return problems(annotation.document, subtasks=len(annotation.episode.task.subtasks))


def lease_json(lease: Lease | None) -> dict[str, Any] | None:
    """None when nobody has it in hand now."""
    if lease is None or lease.holder is None or lease.expires <= timezone.now():
        return None
    return {"holder": lease.holder.username, "expires_at": lease.expires}


def annotation_json(annotation: Annotation, user: User) -> dict[str, Any]:
    lease = Lease.objects.select_related("holder").filter(episode=annotation.episode).first()
    return {
        **annotation_row(annotation),
        "project": annotation.episode.project_id,
        "revision": annotation.revision,
        "document": annotation.document,
        "problems": problems_of(annotation),
        "lease": lease_json(lease),
        "taxonomy": annotation.taxonomy.content,
        "editable": annotation.state in EDITABLE and annotation.annotator_id == user.pk,
    }


def annotation_row(annotation: Annotation) -> dict[str, Any]:
    return {
        "id": annotation.pk,
        "episode": annotation.episode_id,
        "annotator": annotation.annotator.username,
        "state": annotation.state,
    }
