"""The figures of a project: what they count, and whose are shown to whom."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.annotation.models import Annotation, WorkSession
from apps.core.models import Event
from apps.drafting.proposing import propose
from apps.episodes.models import Episode
from apps.releases.services import release_create
from tests.people import Api, Cast, error_of
from tests.work import begin, decide, failed, filmed, make_task, put, ready, submitted, successful


def figures(user: Any, cast: Cast, **query: Any) -> dict[str, Any]:
    return Api.of(user).get(f"projects/{cast.project.pk}/statistics/", query).json()


def worked(annotation: Annotation, person: Any, **seconds: float) -> None:
    now = timezone.now()
    WorkSession.objects.create(
        id=uuid4(), annotation=annotation, person=person, began=now, last=now, **seconds
    )


@pytest.fixture
def work(cast: Cast) -> dict[str, Annotation]:
    """ann's success approved by rita, ann's failure sent back, ben's failure waiting; two more untouched."""
    wipe, stack = make_task(cast.project, "wipe"), make_task(cast.project, "stack")
    planning = put("events", "e1", "failure_type", value="task planning")
    done = {
        "approved": decide(submitted(ready(wipe, "a"), cast.ann, successful()), cast.rita),
        "sent back": decide(submitted(ready(wipe, "b"), cast.ann, failed()), cast.rita, "send_back", "No."),
        "waiting": submitted(ready(stack, "c"), cast.ben, [*failed(), planning]),
    }
    begin(ready(stack, "d"), cast.ben)
    Episode.objects.filter(pk=ready(stack, "e").pk).update(state="rejected")
    worked(done["approved"], cast.ann, diagnosis=20)
    worked(done["sent back"], cast.ann, diagnosis=30, guidance=40, texts=10)
    worked(done["waiting"], cast.ben, diagnosis=50, guidance=60)
    worked(done["approved"], cast.rita, review=15)
    return done


def test_the_funnel_counts_episodes_and_each_step_holds_the_next(cast: Cast, work: Any) -> None:
    assert figures(cast.ann, cast)["funnel"] == {
        "imported": 5,
        "ready": 4,
        "begun": 3,
        "handed_in": 3,
        "approved": 1,
        "released": 0,
        "sent_back": 1,
        "rejected": 1,
        "withdrawn": 0,
    }
    assert figures(cast.ann, cast, task=work["waiting"].episode.task_id)["funnel"]["imported"] == 3


def test_what_is_released_is_counted(cast: Cast, film: Any) -> None:
    decide(submitted(filmed(make_task(cast.project), cam_high=film(12)), cast.ann, successful()), cast.rita)
    release_create(project=cast.project, by=cast.ada)

    assert figures(cast.ada, cast)["funnel"]["released"] == 1


def test_throughput_is_by_day_today_last(cast: Cast, work: Any) -> None:
    Event.objects.filter(verb="submit", subject=work["waiting"].pk).update(
        at=timezone.now() - timedelta(days=2)
    )

    days = figures(cast.ada, cast, days=3)["throughput"]

    assert [(day["handed_in"], day["approved"], day["sent_back"]) for day in days] == [
        (1, 0, 0), (0, 0, 0), (2, 1, 1),
    ]  # fmt: skip
    assert days[-1]["date"] == timezone.localdate().isoformat()


def test_time_is_by_stage_and_review_is_the_reviewers(cast: Cast, work: Any) -> None:
    time = figures(cast.ada, cast)["time"]

    assert time["diagnosis"] == {"n": 3, "median": 30.0, "mean": pytest.approx(100 / 3)}
    assert time["guidance"]["median"] == 50.0
    assert time["texts"] == {"n": 1, "median": 10.0, "mean": 10.0}
    assert time["total"]["median"] == 80.0
    assert time["review"] == {"n": 1, "median": 15.0, "mean": 15.0}


def test_failure_types_are_counted_by_task(cast: Cast, work: Any) -> None:
    rows = {row["name"]: row["counts"] for row in figures(cast.ann, cast)["failure_types"]}

    assert rows == {"stack": {"task planning": 1}, "wipe": {"gripper 6d-pose": 1}}


def test_a_person_sees_their_own_figures_and_admins_all(cast: Cast, work: Any) -> None:
    own, all_ = figures(cast.ann, cast), figures(cast.ada, cast)

    assert (own["scope"], all_["scope"]) == ("own", "all")
    assert [row["username"] for row in all_["people"]] == ["ann", "ben"]
    (ann,) = own["people"]
    assert (ann["username"], ann["handed_in"], ann["approved"], ann["sent_back"]) == ("ann", 2, 1, 1)
    assert ann["seconds"]["median"] == own["time"]["total"]["median"] == 50.0
    assert sum(day["handed_in"] for day in own["throughput"]) == 2
    assert (own["gold"], ann["gold"]) == (None, None)
    assert figures(cast.otto, cast)["people"] == []
    assert own["tasks"][0]["seconds"]["n"] == 0
    assert all_["tasks"][0]["seconds"]["n"] == 1


@pytest.mark.parametrize("query", [{"days": 0}, {"days": 10**9}, {"task": "x"}])
def test_a_query_that_makes_no_sense_is_refused(cast: Cast, query: dict[str, Any]) -> None:
    answer = Api.of(cast.ann).get(f"projects/{cast.project.pk}/statistics/", query)

    assert error_of(answer) == (400, "invalid")


def test_many_annotations_cost_no_more_queries(cast: Cast, django_assert_max_num_queries: Any) -> None:
    task = make_task(cast.project)
    for number in range(12):
        submitted(ready(task, f"{number}"), cast.ann, failed())

    with django_assert_max_num_queries(75):
        figures(cast.ada, cast)


def test_a_models_proposal_tells_the_queue_how_sure_it_is(cast: Cast) -> None:
    episode = ready(make_task(cast.project))
    propose(episode=episode, origin="model", source="m", content={"outcome": "successful"}, uncertainty=0.7)

    row = episode.predictions.get()
    assert (row.source, row.facts, row.uncertainty) == ("model m", {"outcome": "successful"}, 0.7)
    different = submitted(episode, cast.ann, failed())
    (waiting,) = Api.of(cast.rita).get(f"projects/{cast.project.pk}/review/").json()
    assert waiting["id"] == different.pk
