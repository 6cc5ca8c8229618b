"""The queue: which episode somebody is given next, and how it is taken so that nobody else gets it."""

import secrets
from collections.abc import Iterator

from django.db.models import Count, Exists, F, FloatField, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, TruncDate

from apps.accounts.models import User
from apps.accounts.permissions import ANNOTATE, permissions_of
from apps.accounts.selectors import projects_of
from apps.annotation.leases import lease_release, lease_take, nobodys
from apps.annotation.models import Annotation, Flag, Gold, Lease, Prediction, QueueSettings, Skip
from apps.episodes.models import Episode

BATCH = 100
chance = secrets.SystemRandom()
ORDER = ("-priority", "-task__priority", "day", "-unsure", "created", "pk")


def settings_of(project_id: int) -> QueueSettings:
    """The project's, or the defaults."""
    found = QueueSettings.objects.filter(project_id=project_id).first()
    return found or QueueSettings(project_id=project_id)


def _possible(project_id: int, user: User) -> QuerySet[Episode]:
    """Ready, under no flag, not assigned to others, neither begun nor skipped by `user`."""
    own = Annotation.objects.filter(annotator=user, episode=OuterRef("pk"))
    skipped = Skip.objects.filter(by=user, episode=OuterRef("pk"))
    flagged = Flag.objects.filter(resolved=None, episode=OuterRef("pk"))
    mine = Q(assignee=None) | Q(assignee=user)
    rows = Episode.objects.filter(mine, project_id=project_id, state=Episode.State.READY)
    return rows.exclude(Exists(own)).exclude(Exists(skipped)).exclude(Exists(flagged))


def _gold(project_id: int) -> QuerySet[Gold]:
    return Gold.objects.filter(annotation__episode__project_id=project_id)


def open_episodes(project_id: int, user: User) -> QuerySet[Episode]:
    """The episodes that `next` may give to `user`, best first."""
    return wanted_episodes(project_id, user).filter(in_nobodys_hand())


def in_nobodys_hand(prefix: str = "") -> Q:
    """Of episodes, or of what `prefix` leads from to one."""
    return Q(**{f"{prefix}lease": None}) | nobodys(f"{prefix}lease__")


def wanted_episodes(project_id: int, user: User) -> QuerySet[Episode]:
    """Those that still lack something `user` could do, best first; somebody may have them in hand.

    They lack an annotation that was handed in: one, or two where chance and the project's share ask for a
    second person. What somebody began and left when their lease ran out is open again; what an admin gave to
    `user` is open to them whatever others did. The admins' order of episodes and tasks comes first, then the
    day they came, within a day those of which a model is least sure, then their time.
    """
    handed_in = Annotation.objects.filter(episode=OuterRef("pk")).exclude(state=Annotation.State.OPEN)
    done = handed_in.values("episode").annotate(n=Count("pk")).values("n")
    words = Prediction.objects.filter(episode=OuterRef("pk")).values("episode")
    unsure = words.annotate(most=Max("uncertainty")).values("most")
    share = settings_of(project_id).double_share
    lacking = Q(done=0) | Q(done=1, draw__lt=share) | Q(assignee=user)
    return (
        _possible(project_id, user)
        .exclude(pk__in=_gold(project_id).values("annotation__episode"))
        .annotate(
            done=Coalesce(Subquery(done), 0),
            unsure=Coalesce(Subquery(unsure), Value(0.0), output_field=FloatField()),
            day=TruncDate("created"),
        )
        .filter(lacking)
        .order_by(F("assignee").desc(nulls_last=True), *ORDER)
    )


def gold_episodes(project_id: int, user: User) -> QuerySet[Episode]:
    """Gold episodes that `user` has not done: they measure, and are given as if they were any others."""
    golden = Episode.objects.filter(pk__in=_gold(project_id).values("annotation__episode")).values("pk")
    return _possible(project_id, user).filter(pk__in=golden).order_by("?")


def returned_to(project_id: int, user: User) -> QuerySet[Annotation]:
    """What came back to `user` and is in nobody's hand, longest waiting first."""
    rows = Annotation.objects.filter(in_nobodys_hand("episode__"), annotator=user)
    rows = rows.filter(episode__project_id=project_id)
    rows = rows.filter(state=Annotation.State.SENT_BACK, episode__state=Episode.State.READY)
    return rows.select_related("episode").order_by("submitted", "pk")


def queue_next(*, project_id: int, by: User) -> Episode | None:
    """Lease the best open episode to `by`; None only when there is none. What came back to them is first."""
    for annotation in returned_to(project_id, by):
        if _lease(annotation.episode_id, by):
            return annotation.episode
    share = settings_of(project_id).gold_share
    if share and chance.random() < share:
        found = _take(gold_episodes(project_id, by), by)
        if found is not None:
            return found
    return _take(wanted_episodes(project_id, by), by)


def _lease(episode: int, by: User) -> bool:
    """Not when it is in their own hand already: two windows of one person get two episodes."""
    leases = Lease.objects.filter(nobodys(), episode=episode)
    if lease_take(leases=leases, by=by):
        return True
    Lease.objects.bulk_create([Lease(episode_id=episode)], ignore_conflicts=True)  # there may be none
    return lease_take(leases=leases, by=by)


def queue_next_anywhere(*, by: User) -> Episode | None:
    """As `queue_next`, over all projects that `by` annotates in, those of high priority first."""
    found = (queue_next(project_id=project, by=by) for project in _projects(by))
    return next((episode for episode in found if episode is not None), None)


def _projects(user: User) -> Iterator[int]:
    """What came back in any of them is before anything new."""
    rows = projects_of(user).annotate(rank=Coalesce(F("project__queue_settings__priority"), 0))
    ids = [
        row.project_id
        for row in rows.order_by("-rank", "project__created", "pk")
        if ANNOTATE in permissions_of(user, row)
    ]
    returned = [project for project in ids if returned_to(project, user).exists()]
    yield from returned
    yield from (project for project in ids if project not in returned)


def _take(episodes: QuerySet[Episode], by: User) -> Episode | None:
    """Lease the first of `episodes`; None when there is none left.

    They are read without a lock, and each is tried by one conditional UPDATE: of many who ask at once each
    gets another, and nobody waits while another thinks. Who loses the first to somebody else tries the next
    ones in any order, so that a crowd does not run after the same one again; who loses all reads again.
    A lease that ran out while its holder handed in is given back: it was read before they did.
    """
    while batch := list(episodes.filter(in_nobodys_hand()).values_list("pk", flat=True)[:BATCH]):
        for pk in [batch[0], *chance.sample(batch[1:], len(batch) - 1)]:
            if _lease(pk, by):
                found = episodes.filter(pk=pk).order_by().first()
                if found is not None:
                    return found
                lease_release(episode=Episode(pk=pk), by=by)
    return None
