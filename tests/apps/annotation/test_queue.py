"""The queue and its leases: everybody gets work, nobody the same, and nobody is kept waiting for ever."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from apps.accounts.models import User
from apps.annotation.leases import lease_release
from apps.annotation.models import Annotation, Lease
from apps.annotation.queue import queue_next
from apps.annotation.services import episode_claim
from apps.episodes.models import Episode, Task
from tests.people import Api, Cast, error_of
from tests.work import begin, decide, edit, make_task, ready, submit, successful


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


def take_next(user: User, project_id: int) -> Any:
    return Api.of(user).post(f"projects/{project_id}/queue/next/")


def claim(user: User, episode: Episode) -> Any:
    return Api.of(user).post(f"episodes/{episode.pk}/claim/")


def run_out(episode: Episode) -> None:
    """The lease's time is over."""
    Lease.objects.filter(episode=episode).update(expires=timezone.now() - timedelta(seconds=1))


def test_the_oldest_open_episode_comes_first_with_a_lease(cast: Cast, task: Task, settings: Settings) -> None:
    settings.LEASE_SECONDS = 600
    first, second = ready(task, "first"), ready(task, "second")

    body = take_next(cast.ann, cast.project.pk).json()

    annotation = Annotation.objects.get()
    assert (body["annotation"], body["episode"]) == (annotation.pk, first.pk)
    assert body["url"] == f"/annotate/{annotation.pk}/"
    assert body["lease"]["holder"] == "ann"
    left = Lease.objects.get(episode=first).expires - timezone.now()
    assert timedelta(seconds=590) < left <= timedelta(seconds=600)
    assert take_next(cast.ben, cast.project.pk).json()["episode"] == second.pk


def test_the_queue_is_empty_only_when_nothing_is_open(cast: Cast, task: Task) -> None:
    ready(task, "only")

    assert take_next(cast.ann, cast.project.pk).status_code == 200
    answer = take_next(cast.ben, cast.project.pk)

    assert error_of(answer) == (404, "queue_empty")


@pytest.mark.parametrize("state", [each for each in Episode.State.values if each != "ready"])
def test_only_ready_episodes_are_given_out(cast: Cast, task: Task, state: str) -> None:
    episode = ready(task)
    Episode.objects.filter(pk=episode.pk).update(state=state)

    assert error_of(take_next(cast.ann, cast.project.pk)) == (404, "queue_empty")
    answer = claim(cast.ann, episode)
    assert error_of(answer) == (409, "not_ready")
    assert state in answer.json()["error"]["message"]
    assert not Annotation.objects.exists()


def test_episodes_of_other_projects_are_not_given_out(cast: Cast, task: Task) -> None:
    ready(task)

    assert error_of(take_next(cast.mallory, cast.elsewhere.pk)) == (404, "queue_empty")


def test_what_somebody_has_in_hand_is_refused_with_their_name(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)

    answer = claim(cast.ben, episode)

    assert error_of(answer) == (409, "lease_held")
    assert answer.json()["error"]["data"]["holder"] == "ann"
    assert Lease.objects.get().holder == cast.ann
    assert not Annotation.objects.filter(annotator=cast.ben).exists()


def test_claiming_again_is_the_same_annotation_and_a_longer_lease(cast: Cast, task: Task) -> None:
    episode = ready(task)
    first = claim(cast.ann, episode).json()
    Lease.objects.update(expires=timezone.now() + timedelta(seconds=5))

    second = claim(cast.ann, episode).json()

    assert second["annotation"] == first["annotation"]
    assert Lease.objects.get().expires > timezone.now() + timedelta(seconds=60)
    assert Annotation.objects.count() == 1


def test_a_heartbeat_keeps_the_lease(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)
    soon = timezone.now() + timedelta(seconds=5)
    Lease.objects.update(expires=soon)

    answer = Api.of(cast.ann).post(f"episodes/{episode.pk}/lease/")

    assert answer.status_code == 200
    assert answer.json()["expires_at"] > soon.isoformat()
    assert Lease.objects.get().expires > soon


def test_a_lease_that_ran_out_goes_to_whoever_asks_next(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)
    run_out(episode)

    assert take_next(cast.ben, cast.project.pk).json()["episode"] == episode.pk
    lost = Api.of(cast.ann).post(f"episodes/{episode.pk}/lease/")
    assert error_of(lost) == (409, "lease_held")
    assert lost.json()["error"]["data"]["holder"] == "ben"


def test_a_lease_that_ran_out_and_nobody_took_is_renewed(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)
    run_out(episode)

    assert Api.of(cast.ann).post(f"episodes/{episode.pk}/lease/").status_code == 200
    assert error_of(claim(cast.ben, episode)) == (409, "lease_held")


def test_who_lost_the_lease_keeps_their_work(cast: Cast, task: Task) -> None:
    """A lease guards nobody's data: what ann wrote can still be saved, beside ben's."""
    episode = ready(task)
    mine = begin(episode, cast.ann)
    run_out(episode)
    theirs = begin(episode, cast.ben)

    assert edit(mine, *successful()).revision == 1
    assert edit(theirs, *successful()).revision == 1


def test_giving_back_makes_it_free_for_others_at_once(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)

    assert Api.of(cast.ann).delete(f"episodes/{episode.pk}/lease/").status_code == 204

    assert Lease.objects.get().holder is None
    assert take_next(cast.ben, cast.project.pk).json()["episode"] == episode.pk


def test_what_another_has_in_hand_cannot_be_given_back(cast: Cast, task: Task) -> None:
    episode = ready(task)
    claim(cast.ann, episode)

    lease_release(episode=episode, by=cast.ben)
    assert Api.of(cast.ben).delete(f"episodes/{episode.pk}/lease/").status_code == 204
    assert error_of(Api.of(cast.mallory).delete(f"episodes/{episode.pk}/lease/")) == (404, "not_found")

    assert Lease.objects.get().holder == cast.ann


def abandoned(episode: Episode, user: User) -> None:
    begin(episode, user)
    run_out(episode)


def handed_in(episode: Episode, user: User) -> None:
    submit(edit(begin(episode, user), *successful()))


@pytest.mark.parametrize(("left", "open_to_others"), [(abandoned, True), (handed_in, False)])
def test_what_one_has_annotated_is_never_offered_to_them_again(
    cast: Cast, task: Task, left: Any, open_to_others: bool
) -> None:
    left(ready(task), cast.ann)

    assert queue_next(project_id=cast.project.pk, by=cast.ann) is None
    assert (queue_next(project_id=cast.project.pk, by=cast.ben) is not None) is open_to_others


def test_what_was_sent_back_is_first_for_its_annotator_and_never_for_others(cast: Cast, task: Task) -> None:
    episode = ready(task)
    annotation = submit(edit(begin(episode, cast.ann), *successful()))
    urgent = ready(task, "urgent")
    Episode.objects.filter(pk=urgent.pk).update(priority=9)
    decide(annotation, cast.rita, "send_back", "Look again.")

    given = take_next(cast.ann, cast.project.pk).json()

    assert (given["annotation"], given["returned"]) == (annotation.pk, True)
    assert given["lease"]["holder"] == "ann"
    assert take_next(cast.ben, cast.project.pk).json()["episode"] == urgent.pk
    assert error_of(take_next(cast.rita, cast.project.pk)) == (404, "queue_empty")


def test_who_handed_in_sees_it_without_taking_it_in_hand(cast: Cast, task: Task) -> None:
    episode = ready(task)
    handed_in(episode, cast.ann)

    annotation, lease = episode_claim(episode=episode, by=cast.ann)

    assert (annotation.state, lease) == ("submitted", None)
    assert Lease.objects.get().holder is None


def test_two_may_annotate_the_same_episode_one_after_the_other_unseen(cast: Cast, task: Task) -> None:
    episode = ready(task)
    handed_in(episode, cast.ann)

    annotation = begin(episode, cast.ben)

    assert annotation.document["outcome"] is None
    rows = Api.of(cast.ben).get(f"projects/{cast.project.pk}/annotations/").json()
    assert [row["annotator"] for row in rows] == ["ben"]
    everybody = Api.of(cast.rita).get(f"projects/{cast.project.pk}/annotations/").json()
    assert [row["annotator"] for row in everybody] == ["ann", "ben"]


def test_an_annotation_keeps_the_taxonomy_that_it_began_with(cast: Cast, task: Task) -> None:
    annotation = begin(ready(task), cast.ann)

    body = Api.of(cast.ann).get(f"annotations/{annotation.pk}/").json()

    assert annotation.taxonomy == cast.project.taxonomy
    assert body["taxonomy"] == cast.project.taxonomy.content
