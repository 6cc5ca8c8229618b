"""Home: what is to be done next, for each role, and nothing of other people's projects."""

from uuid import uuid4

from django.test import Client
from django.utils import timezone

from apps.accounts.models import User
from apps.annotation.models import WorkSession
from apps.review.opinions import comment_add
from tests.people import Cast
from tests.work import begin, decide, failed, make_task, ready, submitted


def home_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get("/").content.decode()


def test_an_annotator_finds_what_is_next_begun_and_sent_back(cast: Cast) -> None:
    task = make_task(cast.project)
    back = submitted(ready(task, "back"), cast.ann, failed())
    comment_add(annotation=back, by=cast.rita, text="Which <b>finger</b>?", frame=5)
    decide(back, cast.rita, "send_back", "Look again.")
    begin(ready(task, "begun"), cast.ann)
    ready(task, "open")

    page = home_of(cast.ann)

    assert "Annotate next" in page
    assert "see frame 5: Which &lt;b&gt;finger&lt;/b&gt;?" in page
    assert "Begun by you" in page
    assert "1 open episode" in page
    assert "to review" not in page


def test_today_is_counted_with_the_seconds_each(cast: Cast) -> None:
    annotation = submitted(ready(make_task(cast.project)), cast.ann, failed())
    now = timezone.now()
    WorkSession.objects.create(
        pk=uuid4(), annotation=annotation, person=cast.ann, began=now, last=now, diagnosis=20, texts=11
    )

    assert "1 handed in today · 31 s each" in home_of(cast.ann)
    assert "0 handed in today</p>" in home_of(cast.ben)


def test_a_reviewer_finds_how_much_waits(cast: Cast) -> None:
    submitted(ready(make_task(cast.project)), cast.ann, failed())

    assert "1 to review" in home_of(cast.rita)


def test_an_operator_is_offered_no_annotating(cast: Cast) -> None:
    assert "Annotate next" not in home_of(cast.otto)


def test_an_outsider_finds_nothing_of_the_project(cast: Cast) -> None:
    submitted(ready(make_task(cast.project)), cast.ann, failed())

    assert cast.project.name not in home_of(cast.mallory)


def test_where_nothing_is_open_it_says_what_happens_next(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.ann)

    assert "show up here by themselves" in home_of(cast.ann)
    assert "no open episode for you right now" in client.post("/next/", follow=True).content.decode()
