"""What people write beside an annotation: marks on its fields, and comments pinned to a field or a frame."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.permissions import ANNOTATE
from apps.annotation.fields import require_field
from apps.annotation.models import Annotation
from apps.annotation.selectors import access_annotation
from apps.core.errors import AppError, invalid, not_found
from apps.review.models import Comment, FieldVerdict
from apps.review.services import require_not_own, require_revision


def field_mark(
    *, annotation: Annotation, by: User, revision: int, path: str, mark: str, comment: str
) -> FieldVerdict:
    """Say of one field that it is right or wrong; a second mark replaces the first."""
    require_not_own(annotation, by)
    require_revision(annotation, revision)
    require_field(annotation.document, path)
    verdict, _ = FieldVerdict.objects.update_or_create(
        annotation=annotation,
        revision=revision,
        reviewer=by,
        path=path,
        defaults={"mark": mark, "comment": comment.strip()},
    )
    return verdict


def field_unmark(*, annotation: Annotation, by: User, path: str) -> None:
    """Take one's own mark back."""
    FieldVerdict.objects.filter(
        annotation=annotation, revision=annotation.revision, reviewer=by, path=path
    ).delete()


def field_verdicts_json(annotation: Annotation) -> list[dict[str, Any]]:
    rows = annotation.field_verdicts.select_related("reviewer")
    return [
        {
            "path": row.path,
            "mark": row.mark,
            "comment": row.comment,
            "reviewer": row.reviewer.username,
            "revision": row.revision,
            "created": row.created,
        }
        for row in rows
    ]


def comment_add(
    *, annotation: Annotation, by: User, text: str, path: str = "", camera: str = "", frame: int | None = None
) -> Comment:
    """Raises `no_such_field` or `no_such_frame` where there is nothing to pin it to."""
    if path:
        require_field(annotation.document, path)
    if frame is not None:
        camera = _camera_of(annotation, camera, frame)
    return Comment.objects.create(
        annotation=annotation, by=by, text=text.strip(), path=path, camera=camera, frame=frame
    )


def _camera_of(annotation: Annotation, camera: str, frame: int) -> str:
    """The camera's name; the head camera's where none was named."""
    named = {"name": camera} if camera else {"is_head": True}
    found = annotation.episode.cameras.filter(**named).first()
    if found is None or frame >= found.frame_count:
        raise invalid("This episode has no such frame.", code="no_such_frame")
    return found.name


def access_comment(user: User, comment_id: int) -> Comment:
    """For whoever may see the annotation and work here."""
    comment = Comment.objects.select_related("by", "resolved_by").filter(pk=comment_id).first()
    if comment is None:
        raise not_found("comment")
    try:
        comment.annotation = access_annotation(user, comment.annotation_id, need=ANNOTATE)
    except AppError as error:
        raise not_found("comment") if error.code == "not_found" else error from None
    return comment


def comment_resolve(*, comment: Comment, by: User, resolved: bool) -> Comment:
    comment.resolved = timezone.now() if resolved else None
    comment.resolved_by = by if resolved else None
    comment.save(update_fields=["resolved", "resolved_by"])
    return comment


def comment_delete(*, comment: Comment, by: User) -> None:
    if comment.by_id != by.pk:
        raise AppError("not_own_work", "Only who wrote a comment can delete it.", status=403)
    comment.delete()


def comments_of(annotation: Annotation) -> QuerySet[Comment]:
    return annotation.comments.select_related("by", "resolved_by")


def comment_json(comment: Comment) -> dict[str, Any]:
    return {
        "id": comment.pk,
        "annotation": comment.annotation_id,
        "by": comment.by.username,
        "text": comment.text,
        "path": comment.path,
        "camera": comment.camera,
        "frame": comment.frame,
        "created": comment.created,
        "resolved": comment.resolved,
        "resolved_by": comment.resolved_by.username if comment.resolved_by else None,
    }
