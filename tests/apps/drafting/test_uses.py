"""What becomes of drafts and proposals: recorded, counted, and shown beside what was handed in."""

from typing import Any

import pytest

from apps.annotation.models import Annotation
from apps.drafting.proposing import propose
from apps.drafting.selectors import word_distance
from apps.drafting.statistics import acceptance
from tests.people import Api, Cast, error_of
from tests.work import begin, edit, failed, make_task, put, ready, submit

E1 = ("events", "e1")


@pytest.fixture
def annotation(cast: Cast) -> Annotation:
    return edit(begin(ready(make_task(cast.project)), cast.ann), *failed())


def drafted(cast: Cast, annotation: Annotation) -> dict[str, Any]:
    return Api.of(cast.ann).post(f"annotations/{annotation.pk}/drafts/", {"event": "e1"}).json()


def test_each_text_stands_beside_its_draft(cast: Cast, annotation: Annotation) -> None:
    draft = drafted(cast, annotation)
    words = draft["texts"]["reason"]
    Api.of(cast.ann).post(f"drafts/{draft['id']}/uses/", {"field": "reason", "accepted": True})
    annotation = submit(edit(annotation, put(*E1, "reason", value=words.replace("failed", "went wrong"))))

    rows = Api.of(cast.rita).get(f"annotations/{annotation.pk}/drafted-texts/").json()

    reason, avoidance, _ = rows
    assert [row["field"] for row in rows] == ["reason", "avoidance", "correction"]
    assert (reason["drafted"], reason["accepted"]) == (words, True)
    assert "went wrong" in reason["final"]
    assert 0 < reason["distance"] < 0.3
    assert (avoidance["accepted"], avoidance["final"]) == (None, "Move over the eraser first.")


@pytest.mark.parametrize(
    ("before", "after", "distance"),
    [("", "", 0), ("a b c d", "a b c d", 0), ("a b c d", "a x c d", 0.25), ("a", "", 1),
     ("夹爪没有张开", "夹爪没有闭合", 2 / 6), ("Open it.", "open it.", 1 / 3)],
)  # fmt: skip
def test_distance_is_the_share_of_words_changed(before: str, after: str, distance: float) -> None:
    assert word_distance(before, after) == pytest.approx(distance)


def test_statistics_count_what_was_handed_in(cast: Cast, annotation: Annotation) -> None:
    api, draft = Api.of(cast.ann), drafted(cast, annotation)
    for field, accepted in (("reason", False), ("reason", True), ("avoidance", False)):
        api.post(f"drafts/{draft['id']}/uses/", {"field": field, "accepted": accepted})
    annotation = edit(annotation, put(*E1, "reason", value=draft["texts"]["reason"]))
    assert acceptance(cast.project)["texts"] == 0

    submit(annotation)

    counted = acceptance(cast.project)
    assert (counted["texts"], counted["accepted"], counted["unchanged"]) == (3, 1, 1)
    assert 0 < counted["distance"] < 1
    assert acceptance(cast.project, cast.ben)["texts"] == 0
    assert acceptance(cast.elsewhere)["distance"] is None
    assert Api.of(cast.ada).get(f"projects/{cast.project.pk}/drafting/").json()["acceptance"] == counted


def test_proposals_and_decisions_by_the_api(cast: Cast) -> None:
    episode = ready(make_task(cast.project))
    content = {"outcome": "failed", "events": [{"subtask": 1, "avoidance": {"frame": 3}}]}
    proposal = propose(episode=episode, origin="supervisor", source="run 7", content=content)
    proposal.seeded = {"events/p1/subtask": 2}
    proposal.save()
    annotation = begin(episode, cast.ann)
    api, address = Api.of(cast.ann), f"annotations/{annotation.pk}/"

    (shown,) = api.get(address + "proposals/").json()
    assert (shown["origin"], shown["source"], shown["decided"]) == ("supervisor", "run 7", {})
    assert shown["parts"] == ["outcome", "events/p1/avoidance/frame", "events/p1/subtask"]
    assert "seeded" not in str(shown)

    answers = [
        api.post(address + "decisions/", {"proposal": proposal.pk, "part": part, "accepted": accepted}).json()
        for part, accepted in (
            ("outcome", True),
            ("events/p1/avoidance/frame", False),
            (shown["parts"][2], True),
        )
    ]

    assert [each["was_wrong"] for each in answers] == [False, False, True]
    assert api.get(address + "proposals/").json()[0]["decided"]["outcome"] is True
    counted = acceptance(cast.project)
    assert (counted["parts"], counted["parts_accepted"]) == (2, 1)
    assert (counted["seeded"], counted["caught"]) == (1, 0)
    document = Annotation.objects.get(pk=annotation.pk).document
    assert (document["outcome"], document["events"]) == (None, [])


def test_a_proposal_of_another_episode_cannot_be_decided_on(cast: Cast) -> None:
    task = make_task(cast.project)
    proposal = propose(episode=ready(task, "a"), origin="model", content={"outcome": "failed"})
    annotation = begin(ready(task, "b"), cast.ann)

    body = {"proposal": proposal.pk, "part": "outcome", "accepted": True}
    assert error_of(Api.of(cast.ann).post(f"annotations/{annotation.pk}/decisions/", body)) == (
        404,
        "not_found",
    )


def test_nobody_says_what_became_of_anothers_draft(cast: Cast, annotation: Annotation) -> None:
    draft = drafted(cast, annotation)
    body = {"field": "reason", "accepted": True}

    assert error_of(Api.of(cast.ben).post(f"drafts/{draft['id']}/uses/", body)) == (404, "not_found")
    assert error_of(Api.of(cast.rita).post(f"drafts/{draft['id']}/uses/", body)) == (409, "not_editable")
