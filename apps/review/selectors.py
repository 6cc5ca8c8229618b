"""Reads of review: what waits for a verdict, what was approved, and how much of it is wrong."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from apps.accounts.models import Project, User
from apps.annotation.models import Annotation, Gold
from apps.annotation.selectors import RELATED
from apps.episodes.models import Episode
from apps.review.models import Audit, Verdict
from ml.bench.statistics import wilson

WAITING = (Annotation.State.SUBMITTED, Annotation.State.IN_REVIEW)


def waiting_for(user: User, project_id: int) -> QuerySet[Annotation]:
    """Submitted annotations that `user` may judge, which leaves out their own; longest waiting first.

    Neither answers to gold episodes nor what a reviewer passed over for another annotation wait for anybody.
    """
    rows = Annotation.objects.filter(episode__project_id=project_id, state__in=WAITING)
    rows = rows.filter(episode__state=Episode.State.READY)
    rows = rows.exclude(annotator=user).exclude(pk__in=_gold_answers(project_id).values("pk"))
    rows = rows.filter(Q(episode__resolution=None) | Q(episode__resolution__chosen=F("pk")))
    return rows.select_related(*RELATED).order_by("submitted")


def _gold_answers(project_id: int) -> QuerySet[Annotation]:
    gold = Gold.objects.filter(annotation__episode__project_id=project_id)
    rows = Annotation.objects.filter(episode__in=gold.values("annotation__episode"))
    return rows.exclude(pk__in=gold.values("annotation"))


def approved_in(project_id: int) -> QuerySet[Annotation]:
    """The approved annotations of a project, by task and episode: the guard of every release.

    Each has an approving verdict of somebody else than its author on the very revision that it has, and an
    episode whose media are there.
    """
    approval = Verdict.objects.filter(
        annotation=OuterRef("pk"), revision=OuterRef("revision"), decision=Verdict.Decision.APPROVE
    ).exclude(reviewer=OuterRef("annotator"))
    rows = Annotation.objects.filter(episode__project_id=project_id, state=Annotation.State.APPROVED)
    rows = rows.filter(Exists(approval), episode__state=Episode.State.READY)
    return rows.select_related(*RELATED).order_by("episode__task__name", "episode__number", "pk")


@dataclass(frozen=True)
class ResidualError:
    """The share of approved annotations that are wrong, with its 95 % interval, from `n` second looks.

    `estimate` is None where nobody has looked: the interval is then [0, 1].
    """

    estimate: float | None
    low: float
    high: float
    n: int


def residual_error(project: Project) -> ResidualError:
    """Errors found by second looks at randomly drawn approved annotations; Wilson's score interval.

    It is about what approval let through: errors found this way are corrected, and so the share that is left
    is rather less.
    """
    looks = Audit.objects.filter(annotation__episode__project=project).exclude(decided=None)
    n, wrong = looks.count(), looks.filter(erroneous=True).count()
    interval = wilson(wrong, n)
    return ResidualError(wrong / n if n else None, interval.low, interval.high, n)


def verdicts_json(annotation: Annotation) -> list[dict[str, Any]]:
    rows = annotation.verdicts.select_related("reviewer")
    return [
        {
            "reviewer": verdict.reviewer.username,
            "decision": verdict.decision,
            "comment": verdict.comment,
            "created": verdict.created,
            "revision": verdict.revision,
            "batch": verdict.batch,
        }
        for verdict in rows
    ]
