"""What models say about episodes: it decides who is asked first, and where a reviewer looks first."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from apps.annotation.document import Document, empty_document
from apps.annotation.facts import facts_of
from apps.annotation.models import Prediction
from apps.core.errors import not_found
from apps.episodes.models import Episode


@transaction.atomic
def predictions_put(*, project_id: int, source: str, rows: Iterable[dict[str, Any]]) -> int:
    """Keep a model's word on each episode (`episode`, `uncertainty`, `facts`); a later word replaces it.

    All or none: raises `not_found` when an episode is none of the project's. Returns how many were kept.
    """
    rows = list(rows)
    known = set(
        Episode.objects.filter(project_id=project_id, pk__in=[row["episode"] for row in rows]).values_list(
            "pk", flat=True
        )
    )
    if any(row["episode"] not in known for row in rows):
        raise not_found("episode")
    for row in rows:
        Prediction.objects.update_or_create(
            episode_id=row["episode"],
            source=source,
            defaults={"facts": row["facts"], "uncertainty": row["uncertainty"]},
        )
    return len(rows)


def prediction_keep(*, episode: Episode, source: str, document: Document, uncertainty: float | None) -> None:
    """Keep what a model's document says; who does not say how sure it is, is taken for half sure."""
    Prediction.objects.update_or_create(
        episode=episode,
        source=source[:120],
        defaults={
            "facts": facts_of({**empty_document(), **document}),
            "uncertainty": 0.5 if uncertainty is None else uncertainty,
        },
    )


def prediction_json(prediction: Prediction) -> dict[str, Any]:
    return {
        "episode": prediction.episode_id,
        "source": prediction.source,
        "facts": prediction.facts,
        "uncertainty": prediction.uncertainty,
        "created": prediction.created,
    }
