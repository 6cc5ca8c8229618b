"""What became of drafts and proposals, for a project's statistics."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q

from apps.accounts.models import Project, User
from apps.annotation.models import Annotation
from apps.drafting.models import Batch, Call, Decision, Plan
from apps.drafting.selectors import drafted_texts


def acceptance(project: Project, annotator: User | None = None) -> dict[str, Any]:
    """How drafts and proposals were taken in the project, or by one annotator.

    `texts` are those of handed-in annotations whose event had a draft: `accepted` were taken from it,
    `unchanged` of all stand as drafted, `distance` is the mean share of words changed (None without texts).
    `parts` are of proposals; of `seeded` ones, wrong on purpose, `caught` were turned down.
    """
    texts = _texts(project, annotator)
    return {
        "texts": len(texts),
        "accepted": sum(row["accepted"] is True for row in texts),
        "unchanged": sum(row["distance"] == 0 for row in texts),
        "distance": _mean(row["distance"] for row in texts),
        **_decisions(project, annotator),
    }


def _texts(project: Project, annotator: User | None) -> list[dict[str, Any]]:
    handed_in = Annotation.objects.exclude(state=Annotation.State.OPEN).filter(
        episode__project=project, drafts__state="ready"
    )
    rows = handed_in.filter(annotator=annotator) if annotator else handed_in
    drafts = rows.distinct().prefetch_related("drafts__uses", "drafts__call")
    return [row for annotation in drafts for row in drafted_texts(annotation)]


def _mean(values: Iterable[float]) -> float | None:
    listed = list(values)
    return sum(listed) / len(listed) if listed else None


def _decisions(project: Project, annotator: User | None) -> dict[str, Any]:
    rows = Decision.objects.filter(annotation__episode__project=project)
    if annotator:
        rows = rows.filter(annotation__annotator=annotator)
    honest, seeded = Q(was_wrong=False), Q(was_wrong=True)
    counts = rows.aggregate(
        parts=Count("pk", filter=honest),
        parts_accepted=Count("pk", filter=honest & Q(accepted=True)),
        seeded=Count("pk", filter=seeded),
        caught=Count("pk", filter=seeded & Q(accepted=False)),
    )
    return dict(counts)


def batch_json(batch: Batch) -> dict[str, Any]:
    """How far a batch is. `lost` calls were in flight when a worker was killed and were sent once more."""
    counts = dict(batch.calls.values_list("state").annotate(Count("pk")))
    made = (
        batch.drafts.filter(state__in=["ready", "failed"]).count()
        if batch.purpose == "explain"
        else batch.calls.filter(proposals__isnull=False).values("proposals").distinct().count()
    )
    return {
        "id": batch.pk,
        "purpose": batch.purpose,
        "state": batch.state,
        "subjects": len(batch.subjects),
        "made": made,
        "failed": counts.get(Call.State.FAILED, 0),
        "lost": counts.get(Call.State.LOST, 0),
        "problem": batch.problem,
    }


def waiting(project: Project) -> bool:
    """Whether something of the project is being drafted of which a page would show more soon."""
    return (
        Batch.objects.filter(project=project, state=Batch.State.RUNNING).exists()
        or Plan.objects.filter(task__project=project, is_wanted=True).exists()
    )
