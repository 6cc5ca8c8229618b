"""Who is told of what, that it comes with what happened or not at all, and that it is nobody else's."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client
from django.utils import translation

from apps.accounts.models import User
from apps.accounts.services import member_remove
from apps.annotation.models import Annotation
from apps.annotation.steering import episode_place
from apps.core.models import Event
from apps.episodes.ingest import episode_reject
from apps.episodes.models import Episode
from apps.notifications.models import Notification
from apps.notifications.selectors import notification_json, notifications_of, unread_count
from apps.notifications.services import notifications_read
from tests.api.scene import token_of
from tests.people import Api, Cast, error_of
from tests.work import decide, failed, make_task, ready, submitted


@pytest.fixture
def handed_in(cast: Cast) -> Annotation:
    return submitted(ready(make_task(cast.project)), cast.ann, failed())


def told(user: User) -> list[tuple[str, str]]:
    return [(row.kind, row.words) for row in notifications_of(user)]


def test_the_author_is_told_of_a_verdict_and_nobody_else(cast: Cast, handed_in: Annotation) -> None:
    decide(handed_in, cast.rita, "send_back", "Which finger?")

    assert told(cast.ann) == [("sent_back", "Which finger?")]
    assert {
        name: unread_count(user) for name, user in cast.everybody().items() if name != "ann"
    } == dict.fromkeys(("ben", "rita", "otto", "ada", "mallory"), 0)


def test_an_approval_is_told(cast: Cast, handed_in: Annotation) -> None:
    decide(handed_in, cast.rita)

    row = notification_json(notifications_of(cast.ann).get())
    assert row["sentence"] == "wipe_board episode 0 was approved by rita."
    assert row["link"] == f"/annotate/{handed_in.pk}/"
    with translation.override("zh-hans"):
        assert "rita" in notification_json(notifications_of(cast.ann).get())["sentence"]
        assert "approved" not in notification_json(notifications_of(cast.ann).get())["sentence"]


def test_what_is_rolled_back_is_told_to_nobody(cast: Cast, handed_in: Annotation) -> None:
    def fails_later() -> None:
        with transaction.atomic():
            decide(handed_in, cast.rita)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fails_later()
    assert told(cast.ann) == []


@pytest.mark.parametrize(("by", "hears"), [("otto", "otto"), (None, "ada")])
def test_who_brought_a_recording_hears_that_it_was_not_taken(cast: Cast, by: str | None, hears: str) -> None:
    episode = ready(make_task(cast.project))
    uploader = cast.everybody()[by] if by else None
    Episode.objects.filter(pk=episode.pk).update(state="uploaded", uploaded_by=uploader)

    episode_reject(episode=Episode.objects.get(pk=episode.pk), why="The video has no frames.")

    assert told(cast.everybody()[hears]) == [("ingest_failed", "The video has no frames.")]
    assert Notification.objects.count() == 1


def test_who_is_given_an_episode_is_told(cast: Cast) -> None:
    episode = ready(make_task(cast.project))
    episode_place(episode=episode, by=cast.ada, assignee="ben")

    assert told(cast.ben) == [("assigned", "")]
    assert Notification.objects.count() == 1
    episode_place(episode=episode, by=cast.ada, assignee=None)
    assert Notification.objects.count() == 1


def test_nobody_is_told_of_what_they_did(cast: Cast, handed_in: Annotation) -> None:
    Event.record("annotation", handed_in, "reopen", by=cast.ann, why="mine")

    assert told(cast.ann) == []


def test_who_left_a_project_hears_nothing_of_it_any_more(cast: Cast, handed_in: Annotation) -> None:
    decide(handed_in, cast.rita, "send_back", "Which finger?")
    member_remove(project=cast.project, username="ann", by=cast.ada)

    assert (told(cast.ann), unread_count(cast.ann)) == ([], 0)


def test_reading_is_up_to_the_latest_seen(cast: Cast, handed_in: Annotation) -> None:
    decide(handed_in, cast.rita, "send_back", "Which finger?")
    first = notifications_of(cast.ann).get()
    Event.record("annotation", handed_in, "approve", by=cast.rita)

    assert notifications_read(user=cast.ann, up_to=first.pk) == 1
    assert [row.read is None for row in notifications_of(cast.ann)] == [True, False]
    assert notifications_read(user=cast.ben, up_to=2**31 - 1) == 0


class TestTheApi:
    def test_gives_ones_own_and_marks_them(self, cast: Cast, handed_in: Annotation) -> None:
        decide(handed_in, cast.rita, "send_back", "Which finger?")
        api = Api.of(cast.ann)

        body = api.get("notifications/").json()

        assert (body["unread"], body["results"][0]["words"]) == (1, "Which finger?")
        assert Api.of(cast.ben).get("notifications/").json() == {"unread": 0, "results": []}
        assert api.post("notifications/read/", {"up_to": body["results"][0]["id"]}).json() == {"unread": 0}

    def test_is_no_machines(self, cast: Cast) -> None:
        machine = token_of(cast, cast.ada, "read")
        calls: list[Callable] = [
            lambda: machine.get("notifications/"),
            lambda: machine.post("notifications/read/", {"up_to": 1}),
            lambda: machine.get("notifications/digest/"),
            lambda: machine.put("notifications/digest/", {"every": "day"}),
        ]
        assert {error_of(call()) for call in calls} == {(403, "forbidden")}

    def test_keeps_how_often_a_digest_comes(self, cast: Cast) -> None:
        api = Api.of(cast.ann)
        assert api.get("notifications/digest/").json() == {"every": "never"}
        assert api.put("notifications/digest/", {"every": "day"}).json() == {"every": "day"}
        assert api.put("notifications/digest/", {"every": "minute"}).status_code == 400


class TestThePage:
    def test_shows_them_and_opening_it_is_reading_them(self, cast: Cast, handed_in: Annotation) -> None:
        decide(handed_in, cast.rita, "send_back", "<b>Which</b> finger?")
        page = self.client_of(cast.ann).get("/notifications/").content.decode()

        assert "&lt;b&gt;Which&lt;/b&gt; finger?" in page
        assert unread_count(cast.ann) == 0

    def test_says_where_no_mail_is_sent(self, cast: Cast) -> None:
        assert (
            "This site sends no e-mail." in self.client_of(cast.ann).get("/notifications/").content.decode()
        )

    @staticmethod
    def client_of(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client
