"""Saving as the browser does, and what is stored then."""

from typing import Any
from uuid import UUID

import pytest

from apps.annotation.models import Annotation
from apps.annotation.services import operations_apply
from apps.core.errors import AppError


def save(annotation: Annotation, base: int, *operations: dict[str, Any]) -> Annotation:
    return operations_apply(
        annotation=annotation, by=annotation.annotator, base=base, operations=list(operations)
    )


def refusal(annotation: Annotation, base: int, *operations: dict[str, Any]) -> AppError:
    with pytest.raises(AppError) as refused:
        save(annotation, base, *operations)
    return refused.value


def stored(annotation: Annotation) -> tuple[int, Any, list[UUID]]:
    """Revision, document and the ids of the operations, as they are in the database."""
    row = Annotation.objects.get(pk=annotation.pk)
    return row.revision, row.document, list(row.operations.values_list("pk", flat=True))
