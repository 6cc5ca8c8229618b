"""The figures of a project page: funnel, throughput, times, agreement, drafts, failure types, people.

What tells of one person is theirs and the admins': everybody else gets their own figures.
"""

from collections import Counter, defaultdict
from datetime import date, datetime, time, timedelta
from statistics import fmean, median
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from apps.accounts.models import Project, User
from apps.accounts.permissions import MANAGE
from apps.annotation.models import Annotation, WorkSession
from apps.annotation.times import STAGES
from apps.core.models import Event
from apps.drafting.statistics import acceptance
from apps.episodes.models import Episode
from apps.review.agreement import agreement_json, compared, double_pairs, gold_pairs
from apps.review.selectors import residual_error

APPROVED = Annotation.State.APPROVED


def statistics(project: Project, user: User, *, days: int, task: int | None = None) -> dict[str, Any]:
    """`project` as `access_project` returned it. `days` counts back from today; `task` narrows all to one."""
    everybody = MANAGE in project.permissions
    work = Annotation.objects.filter(episode__project=project)
    episodes = Episode.objects.filter(project=project)
    if task is not None:
        work, episodes = work.filter(episode__task=task), episodes.filter(task=task)
    whose = work if everybody else work.filter(annotator=user)
    error = residual_error(project)
    return {
        "days": days,
        "scope": "all" if everybody else "own",
        "funnel": funnel(episodes),
        "throughput": throughput(whose, days),
        "time": times(whose),
        "agreement": _agreement(project, user, everybody),
        "gold": agreement_json(compared(gold_pairs(project.pk), gold=True)) if everybody else None,
        "drafts": drafts(project, None if everybody else user),
        "failure_types": failure_types(work),
        "tasks": by_task(episodes, whose),
        "people": people(project, work, None if everybody else user),
        "residual_error": {"estimate": error.estimate, "low": error.low, "high": error.high, "n": error.n},
    }


def funnel(episodes: QuerySet[Episode]) -> dict[str, int]:
    """How many episodes got at least so far: each step holds the next one."""
    work = Annotation.objects.filter(episode=OuterRef("pk"))
    ready = Q(state=Episode.State.READY)
    begun = ready & Q(Exists(work.filter(revision__gt=0)))
    handed_in, approved = work.exclude(first_revision=None), work.filter(state=APPROVED)
    released = approved.exclude(releaseitem=None)
    steps = {
        "imported": Q(),
        "ready": ready,
        "begun": begun,
        "handed_in": ready & Q(Exists(handed_in)),
        "approved": ready & Q(Exists(approved)),
        "released": ready & Q(Exists(released)),
        "sent_back": ready & Q(Exists(work.filter(state=Annotation.State.SENT_BACK))),
        "rejected": Q(state=Episode.State.REJECTED),
        "withdrawn": Q(state=Episode.State.WITHDRAWN),
    }
    return {name: episodes.filter(condition).count() for name, condition in steps.items()}


def throughput(work: QuerySet[Annotation], days: int) -> list[dict[str, Any]]:
    """For each of the last `days` days, today last: what was handed in, approved and sent back."""
    today = timezone.localdate()
    first = today - timedelta(days=days - 1)
    since = timezone.make_aware(datetime.combine(first, time.min))
    verbs = {"submit": "handed_in", "approve": "approved", "send_back": "sent_back"}
    events = Event.objects.filter(
        kind="annotation", verb__in=verbs, at__gte=since, subject__in=work.values("pk")
    )
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for day, verb, n in events.values_list(TruncDate("at"), "verb").annotate(n=Count("pk")).order_by():
        counts[day][verbs[verb]] = n
    dates = [first + timedelta(days=i) for i in range(days)]
    return [{"date": day, **{name: counts[day][name] for name in verbs.values()}} for day in dates]


def times(work: QuerySet[Annotation]) -> dict[str, Any]:
    """Active seconds for each annotation that was handed in, stage by stage; `review` is the reviewers'."""
    handed_in = work.exclude(first_revision=None)
    own = _seconds(handed_in, person=F("annotation__annotator"))
    others = _seconds(handed_in, ~Q(person=F("annotation__annotator")))
    stages = {stage: [row[stage] for row in own.values()] for stage in STAGES[:-1]}
    total = [sum(row[stage] for stage in STAGES[:-1]) for row in own.values()]
    review = [row["review"] for row in others.values()]
    return {
        **{name: _spread(v) for name, v in stages.items()},
        "review": _spread(review),
        "total": _spread(total),
    }


def _seconds(work: QuerySet[Annotation], *conditions: Q, **fields: Any) -> dict[int, dict[str, float]]:
    rows = WorkSession.objects.filter(*conditions, annotation__in=work.values("pk"), **fields)
    sums = rows.values("annotation").annotate(**{f"sum_{stage}": Sum(stage) for stage in STAGES}).order_by()
    return {row["annotation"]: {stage: row[f"sum_{stage}"] for stage in STAGES} for row in sums}


def _spread(seconds: list[float]) -> dict[str, Any]:
    known = [value for value in seconds if value > 0]
    if not known:
        return {"n": 0, "median": None, "mean": None}
    return {"n": len(known), "median": median(known), "mean": fmean(known)}


def _agreement(project: Project, user: User, everybody: bool) -> dict[str, Any]:
    pairs = double_pairs(project.pk)
    mine = [pair for pair in pairs if everybody or user.pk in (pair[0].annotator_id, pair[1].annotator_id)]
    return agreement_json(compared(mine))


def drafts(project: Project, annotator: User | None) -> dict[str, Any]:
    """What became of drafted texts and proposed parts; of parts wrong on purpose, how many were caught."""
    found = acceptance(project, annotator)
    share = found["accepted"] / found["texts"] if found["texts"] else None
    return {**found, "acceptance": share}


def failure_types(work: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """For each task, how often each failure type is in what was handed in; every event counts once."""
    counts: dict[tuple[int, str], Counter[str]] = defaultdict(Counter)
    rows = work.exclude(first_revision=None).order_by("episode__task__name")
    for task, name, document in rows.values_list("episode__task", "episode__task__name", "document"):
        events = document["events"] if document["outcome"] == "failed" else []
        counts[task, name].update(event["failure_type"] for event in events if event["failure_type"])
    return [{"task": task, "name": name, "counts": dict(found)} for (task, name), found in counts.items()]


def by_task(episodes: QuerySet[Episode], whose: QuerySet[Annotation]) -> list[dict[str, Any]]:
    """For each task its episodes by how far they are, and the seconds of each annotation of `whose`."""
    seconds: dict[int, list[float]] = defaultdict(list)
    handed_in = whose.exclude(first_revision=None)
    tasks = dict(handed_in.values_list("pk", "episode__task"))
    for pk, row in _seconds(handed_in, person=F("annotation__annotator")).items():
        seconds[tasks[pk]].append(sum(row[stage] for stage in STAGES[:-1]))
    done = Annotation.objects.filter(episode=OuterRef("pk"))
    rows = (
        episodes.values("task", "task__name")
        .order_by("task__name")
        .annotate(
            imported=Count("pk"),
            handed_in=Count("pk", filter=Exists(done.exclude(first_revision=None))),
            approved=Count("pk", filter=Exists(done.filter(state=APPROVED))),
        )
    )
    return [
        {
            "task": row["task"],
            "name": row["task__name"],
            **{name: row[name] for name in ("imported", "handed_in", "approved")},
            "seconds": _spread(seconds[row["task"]]),
        }
        for row in rows
    ]


def people(project: Project, work: QuerySet[Annotation], only: User | None) -> list[dict[str, Any]]:
    """A row for each annotator: what became of their work, their times, agreement and gold."""
    work = work.exclude(first_revision=None)
    rows = work.filter(annotator=only) if only else work
    names = dict(rows.values_list("annotator", "annotator__username").order_by("annotator__username"))
    gold, doubles = _by_person(gold_pairs(project.pk)[:], True), _by_person(double_pairs(project.pk), False)
    return [
        {
            "username": name,
            **_counts(work.filter(annotator=pk)),
            "seconds": times(work.filter(annotator=pk))["total"],
            "agreement": agreement_json(compared(doubles[pk])),
            "gold": None if only else agreement_json(compared(gold[pk], gold=True)),
        }
        for pk, name in names.items()
    ]


def _by_person(pairs: list[Any], gold: bool) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for pair in pairs:
        for annotation in pair[:1] if gold else pair:
            found[annotation.annotator_id].append(pair)
    return found


def _counts(work: QuerySet[Annotation]) -> dict[str, int]:
    verdicts = work.values_list("verdicts__decision")
    return {
        "handed_in": work.count(),
        "approved": work.filter(state=APPROVED).count(),
        "sent_back": verdicts.filter(verdicts__decision="send_back").count(),
    }
