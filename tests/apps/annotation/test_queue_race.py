"""Many at the queue at once: real threads on a real database."""

from collections.abc import Iterator

import pytest

from apps.accounts.models import User
from apps.annotation.models import Lease
from apps.annotation.queue import queue_next
from apps.annotation.services import episode_claim
from apps.core.errors import AppError
from tests.people import Cast, make_cast
from tests.threads import at_once
from tests.work import make_task, ready


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def test_many_who_ask_at_once_empty_the_queue_without_ever_sharing_an_episode(cast: Cast) -> None:
    """Eight people, forty episodes, until each is told that nothing is left."""
    task = make_task(cast.project)
    episodes = {ready(task, f"take {number}").pk for number in range(40)}
    users = [cast.ann, cast.ben, cast.rita, cast.ada] * 2

    def work(number: int) -> list[int]:
        return list(_until_empty(cast.project.pk, users[number]))

    taken = [pk for each in at_once(8, work) for pk in each]

    assert len(taken) == len(set(taken)) == 40
    assert set(taken) == episodes
    assert Lease.objects.exclude(holder=None).count() == 40


def _until_empty(project_id: int, user: User) -> Iterator[int]:
    """Take and begin, until the queue is empty; two windows of one person compete too."""
    while episode := queue_next(project_id=project_id, by=user):
        try:
            episode_claim(episode=episode, by=user)
        except AppError as error:
            raise AssertionError(f"what the queue gave was taken: {error.code}") from error
        yield episode.pk
