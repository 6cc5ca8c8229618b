"""What is given out first, and what people do about it: skip, flag, order, assign, mark gold, reopen."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Role, User
from apps.accounts.services import member_set
from apps.annotation.models import Annotation, Flag, Prediction, QueueSettings, Skip
from apps.annotation.queue import open_episodes, queue_next
from apps.core.models import Event
from apps.episodes.models import Episode, Task
from tests.people import Api, Cast, error_of
from tests.work import begin, decide, edit, make_task, ready, submit, submitted, successful


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


def order(cast: Cast, user: User | None = None) -> list[str]:
    return [episode.stem for episode in open_episodes(cast.project.pk, user or cast.ann)]


def place(cast: Cast, episode: Episode, **fields: Any) -> Any:
    return Api.of(cast.ada).patch(f"episodes/{episode.pk}/queue/", fields)


def came(episode: Episode, *, days: int = 0, hours: int = 0) -> None:
    """So long before noon of today."""
    noon = timezone.now().replace(hour=12)
    Episode.objects.filter(pk=episode.pk).update(created=noon - timedelta(days=days, hours=hours))


def unsure(episode: Episode, uncertainty: float) -> None:
    Prediction.objects.create(episode=episode, source=f"model {uncertainty}", uncertainty=uncertainty)


def test_the_admins_order_is_before_the_day_and_the_day_before_uncertainty(cast: Cast, task: Task) -> None:
    urgent_task = make_task(cast.project, "urgent_task")
    named = {
        name: ready(of, name)
        for name, of in (
            ("late", task), ("early", task), ("unsure", task), ("yesterday", task), ("first", task),
            ("of urgent task", urgent_task),
        )
    }  # fmt: skip
    for name, hours in (("late", 1), ("unsure", 2), ("early", 3)):
        came(named[name], hours=hours)
    came(named["yesterday"], days=1)
    unsure(named["late"], 0.2)
    unsure(named["unsure"], 0.3)
    unsure(named["unsure"], 0.9)
    place(cast, named["first"], priority=5)
    Api.of(cast.ada).patch(f"tasks/{urgent_task.pk}/", {"priority": 1})

    assert order(cast) == ["first", "of urgent task", "yesterday", "unsure", "late", "early"]


def test_what_is_assigned_is_first_for_one_and_closed_to_others(cast: Cast, task: Task) -> None:
    first, mine = ready(task, "first"), ready(task, "mine")
    place(cast, first, priority=9)

    answer = place(cast, mine, assignee="ann")

    assert answer.json()["assignee"] == "ann"
    assert (order(cast), order(cast, cast.ben)) == (["mine", "first"], ["first"])
    place(cast, mine, assignee=None)
    assert order(cast, cast.ben) == ["first", "mine"]


def test_what_others_did_can_be_assigned_once_more(cast: Cast, task: Task) -> None:
    episode = ready(task)
    submitted(episode, cast.ann, successful())
    assert order(cast, cast.ben) == []

    place(cast, episode, assignee="ben")

    assert order(cast, cast.ben) == ["episode"]
    assert order(cast, cast.ann) == []


@pytest.mark.parametrize("name", ["otto", "mallory", "nobody"])
def test_only_who_annotates_here_is_assigned(cast: Cast, task: Task, name: str) -> None:
    assert error_of(place(cast, ready(task), assignee=name)) == (400, "no_such_user")


def test_projects_of_high_priority_come_first(cast: Cast, task: Task) -> None:
    ready(task, "here")
    there = ready(make_task(cast.elsewhere), "there")
    member_set(project=cast.elsewhere, username="ann", role=Role.ANNOTATOR, by=cast.mallory)
    answer = Api.of(cast.mallory).patch(f"projects/{cast.elsewhere.pk}/queue/settings/", {"priority": 3})
    assert answer.json() == {"priority": 3, "double_share": 0.0, "gold_share": 0.0}

    given = [Api.of(cast.ann).post("queue/next/").json()["episode"] for _ in range(2)]

    assert given[0] == there.pk
    assert error_of(Api.of(cast.ann).post("queue/next/")) == (404, "queue_empty")


def test_a_skipped_episode_goes_to_others_and_says_why(cast: Cast, task: Task) -> None:
    episode = ready(task)
    api = Api.of(cast.ann)
    api.post(f"projects/{cast.project.pk}/queue/next/")

    assert error_of(api.post(f"episodes/{episode.pk}/skip/", {"reason": " "})) == (400, "reason_needed")
    assert api.post(f"episodes/{episode.pk}/skip/", {"reason": "Too dark for me."}).status_code == 201

    assert Skip.objects.get().reason == "Too dark for me."
    event = Event.objects.get(verb="skip")
    assert (event.by, event.why) == (cast.ann, "Too dark for me.")
    assert queue_next(project_id=cast.project.pk, by=cast.ann) is None
    assert queue_next(project_id=cast.project.pk, by=cast.ben) == episode


def test_who_wants_a_skipped_episode_after_all_can_have_it(cast: Cast, task: Task) -> None:
    episode = ready(task)
    Api.of(cast.ann).post(f"episodes/{episode.pk}/skip/", {"reason": "Not now."})

    begin(episode, cast.ann)

    assert not Skip.objects.exists()


def test_what_is_handed_in_cannot_be_skipped(cast: Cast, task: Task) -> None:
    episode = ready(task)
    submitted(episode, cast.ann, successful())

    assert (
        error_of(Api.of(cast.ann).post(f"episodes/{episode.pk}/skip/", {"reason": "No."}))[1] == "handed_in"
    )


def test_a_flagged_episode_waits_for_an_admins_answer(cast: Cast, task: Task) -> None:
    episode = ready(task)
    api, address = Api.of(cast.ben), f"episodes/{episode.pk}/flags/"
    assert error_of(api.post(address, {"reason": ""})) == (400, "reason_needed")

    flag = api.post(address, {"reason": "A face is to be seen."}).json()

    assert order(cast) == []
    listed = Api.of(cast.rita).get(f"projects/{cast.project.pk}/flags/").json()
    assert [(row["by"], row["reason"], row["resolved"]) for row in listed] == [("ben", flag["reason"], None)]
    ada = Api.of(cast.ada)
    assert error_of(ada.post(f"flags/{flag['id']}/", {"answer": ""})) == (400, "reason_needed")
    assert ada.post(f"flags/{flag['id']}/", {"answer": "It is a poster."}).json()["resolved_by"] == "ada"
    assert error_of(ada.post(f"flags/{flag['id']}/", {"answer": "Again."})) == (409, "resolved")
    assert order(cast) == ["episode"]
    assert Flag.objects.get().answer == "It is a poster."


def test_a_share_of_episodes_is_annotated_by_a_second_person(cast: Cast, task: Task) -> None:
    inside, outside = ready(task, "inside"), ready(task, "outside")
    Episode.objects.filter(pk=inside.pk).update(draw=0.1)
    Episode.objects.filter(pk=outside.pk).update(draw=0.9)
    QueueSettings.objects.create(project=cast.project, double_share=0.2)
    for episode in (inside, outside):
        submitted(episode, cast.ann, successful())

    assert (order(cast), order(cast, cast.ben)) == ([], ["inside"])
    submitted(inside, cast.ben, successful())
    assert order(cast, cast.rita) == []


def test_the_share_is_drawn_evenly_and_never_again(cast: Cast, task: Task) -> None:
    draws = [ready(task, f"take {n}").draw for n in range(200)]

    assert len(set(draws)) == 200
    assert all(0 <= draw < 1 for draw in draws)
    assert 0.1 < sum(draw < 0.2 for draw in draws) / 200 < 0.3


def test_gold_is_given_as_any_episode_and_waits_for_no_reviewer(cast: Cast, task: Task) -> None:
    episode = ready(task)
    approved = decide(submitted(episode, cast.ann, successful()), cast.rita)
    ada, address = Api.of(cast.ada), f"projects/{cast.project.pk}/gold/"
    gold = ada.post(address, {"annotation": approved.pk}).json()
    assert error_of(ada.post(address, {"annotation": approved.pk})) == (409, "gold_already")
    assert queue_next(project_id=cast.project.pk, by=cast.ben) is None

    ada.patch(f"projects/{cast.project.pk}/queue/settings/", {"gold_share": 1.0})
    given = Api.of(cast.ben).post(f"projects/{cast.project.pk}/queue/next/").json()

    assert given["episode"] == episode.pk
    assert set(given) == {"annotation", "episode", "lease", "url", "returned"}
    answer = submit(edit(Annotation.objects.get(annotator=cast.ben), *successful()))
    assert Api.of(cast.rita).get(f"projects/{cast.project.pk}/review/").json() == []
    assert ada.delete(f"gold/{gold['id']}/").status_code == 204
    waiting = Api.of(cast.rita).get(f"projects/{cast.project.pk}/review/").json()
    assert [row["id"] for row in waiting] == [answer.pk]


def test_only_what_is_approved_is_gold(cast: Cast, task: Task) -> None:
    annotation = submitted(ready(task), cast.ann, successful())

    answer = Api.of(cast.ada).post(f"projects/{cast.project.pk}/gold/", {"annotation": annotation.pk})

    assert error_of(answer) == (409, "not_approved")


def test_a_model_says_what_it_thinks_and_again(cast: Cast, task: Task) -> None:
    episode = ready(task)
    api, address = Api.of(cast.otto), f"projects/{cast.project.pk}/predictions/"

    def say(uncertainty: float, of: int = episode.pk) -> Any:
        row = {"episode": of, "uncertainty": uncertainty, "facts": {"outcome": "failed", "subtask": 2}}
        return api.post(address, {"source": "ViFailback-8B", "predictions": [row]})

    assert [say(value).json() for value in (0.4, 0.7)] == [{"kept": 1}, {"kept": 1}]
    assert error_of(say(1.5)) == (400, "invalid")
    assert error_of(say(0.5, ready(make_task(cast.elsewhere)).pk)) == (404, "not_found")
    (row,) = Api.of(cast.rita).get(address).json()
    assert (row["uncertainty"], row["facts"]["outcome"]) == (0.7, "failed")


def test_reopened_work_goes_back_to_its_author(cast: Cast, task: Task) -> None:
    annotation = decide(submitted(ready(task), cast.ann, successful()), cast.rita)
    address = f"annotations/{annotation.pk}/reopen/"
    assert error_of(Api.of(cast.ada).post(address, {"reason": ""})) == (400, "reason_needed")

    assert Api.of(cast.ada).post(address, {"reason": "The task has changed."}).json()["state"] == "sent_back"

    given = Api.of(cast.ann).post(f"projects/{cast.project.pk}/queue/next/").json()
    assert (given["annotation"], given["returned"]) == (annotation.pk, True)
