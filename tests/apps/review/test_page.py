"""The reviewer's page: everything in the release's words, and a form that says what is wrong."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.test import Client

from apps.annotation.models import Annotation
from apps.episodes.services import task_update
from tests.people import Cast
from tests.work import COMMAND_TEXT, FRAMES, decide, edit, failed, filmed, make_task, put, submit, submitted


def state_of(annotation: Annotation) -> str:
    return Annotation.objects.get(pk=annotation.pk).state


@pytest.fixture
def rita_at(client: Client, cast: Cast) -> Client:
    client.force_login(cast.rita)
    return client


@pytest.fixture(scope="module")
def made(made_cast: Cast, film: Callable[[int], Path]) -> Annotation:
    return submitted(filmed(make_task(made_cast.project), cam_high=film(FRAMES)), made_cast.ann, failed())


@pytest.fixture
def shown(made: Annotation, db: None) -> Annotation:
    """A failure of a real recording, handed in; made once, what a test changes is taken back."""
    return Annotation.objects.get(pk=made.pk)


def test_the_page_shows_what_the_release_will_say(rita_at: Client, shown: Annotation) -> None:
    page = rita_at.get(f"/review/{shown.pk}/").content.decode()

    assert "2. Wipe the board." in page
    assert COMMAND_TEXT in page
    assert "Draw Straight Arrow" in page
    assert "The gripper closes beside the eraser." in page


def test_the_page_says_where_symbols_and_command_contradict(
    cast: Cast, rita_at: Client, shown: Annotation
) -> None:
    decide(shown, cast.rita, "send_back", "Look again.")
    away = {"hold": False, "arms": [{"arm": "left", "grasp": "close"}]}
    changed = edit(
        Annotation.objects.get(pk=shown.pk), put("events", "e1", "correction", "command", value=away)
    )
    submit(changed)

    response = rita_at.get(f"/review/{shown.pk}/")

    sides = {side["name"]: side["contradiction"] for side in response.context["events"][0]["sides"]}
    assert sides["correction"]
    assert sides["correction"] in response.content.decode().replace("&#x27;", "'").replace("&quot;", '"')


def test_the_page_outlives_a_task_that_lost_subtasks(cast: Cast, rita_at: Client, shown: Annotation) -> None:
    task_update(task=shown.episode.task, by=cast.ada, subtasks=["Wipe."])

    assert rita_at.get(f"/review/{shown.pk}/").status_code == 200


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"decision": "start_review", "revision": "17"},
        {"decision": "approve", "revision": "x"},
        {"decision": "approve", "revision": "²"},
        {"decision": "approve", "revision": "1"},
        {"decision": "send_back", "revision": "17", "comment": " "},
    ],
)
def test_a_form_that_cannot_be_is_shown_again_with_a_sentence(
    rita_at: Client, shown: Annotation, form: dict[str, str]
) -> None:
    response = rita_at.post(f"/review/{shown.pk}/", form)

    assert response.status_code == 200
    assert response.context["problem"]
    assert state_of(shown) == "submitted"


def test_a_verdict_by_the_page_leads_back_to_the_queue(
    cast: Cast, rita_at: Client, shown: Annotation
) -> None:
    response = rita_at.post(f"/review/{shown.pk}/", {"decision": "approve", "revision": shown.revision})

    assert response.status_code == 302
    assert response["Location"] == f"/projects/{cast.project.slug}/review/"
    assert state_of(shown) == "approved"
