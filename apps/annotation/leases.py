"""Leases: one person has an episode in hand until they give it back or fall silent.

A lease keeps two people from doing the same work; it guards no data. Whoever lost one keeps their annotation.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.models import Lease
from apps.core.errors import AppError, conflict
from apps.episodes.models import Episode


def _until() -> datetime:
    return timezone.now() + timedelta(seconds=settings.LEASE_SECONDS)


def nobodys(prefix: str = "") -> Q:
    """In nobody's hand: given back, or silent for too long. `prefix` leads to the lease."""
    return Q(**{f"{prefix}holder": None}) | Q(**{f"{prefix}expires__lte": timezone.now()})


def lease_take(*, leases: QuerySet[Lease], by: User) -> bool:
    """Take one of `leases` if it is free, in one conditional UPDATE: of many who try, one gets it."""
    return leases.filter(nobodys() | Q(holder=by)).update(holder=by, expires=_until()) == 1


def lease_claim(*, episode: Episode, by: User) -> Lease:
    """Take or renew the lease; raises `lease_held` with the holder's name."""
    lease, _ = Lease.objects.get_or_create(episode=episode)
    if not lease_take(leases=Lease.objects.filter(pk=lease.pk), by=by):
        raise _held(episode)
    return Lease.objects.select_related("holder").get(pk=lease.pk)


def lease_renew(*, episode: Episode, by: User) -> Lease:
    """Heartbeat. A lease that ran out is taken again if it is still free."""
    return lease_claim(episode=episode, by=by)


def lease_release(*, episode: Episode, by: User) -> None:
    """Give it back; nothing happens when it is somebody else's."""
    Lease.objects.filter(episode=episode, holder=by).update(holder=None, expires=None)


def _held(episode: Episode) -> AppError:
    lease = Lease.objects.select_related("holder").get(episode=episode)
    who = lease.holder.username if lease.holder else "somebody"
    return conflict("lease_held", f"{who} has this episode in hand.", holder=who, expires_at=lease.expires)
