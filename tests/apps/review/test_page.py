"""The reviewer's page: for those who review here, and nobody else; what it shows is asked for by the page."""

import pytest
from django.test import Client

from apps.annotation.models import Annotation
from tests.people import Cast
from tests.work import failed, make_task, ready, submitted


@pytest.fixture
def shown(cast: Cast) -> Annotation:
    return submitted(ready(make_task(cast.project)), cast.ann, failed())


@pytest.mark.parametrize(("name", "status"), [("rita", 200), ("ada", 200), ("ann", 403), ("mallory", 404)])
def test_who_gets_it(client: Client, cast: Cast, shown: Annotation, name: str, status: int) -> None:
    client.force_login(cast.everybody()[name])

    assert client.get(f"/review/{shown.pk}/").status_code == status
    assert client.get(f"/projects/{cast.project.slug}/review/").status_code == status


def test_nobody_is_sent_to_the_login(client: Client, shown: Annotation) -> None:
    assert client.get(f"/review/{shown.pk}/")["Location"].startswith("/login/")


def test_it_says_what_it_is_about(client: Client, cast: Cast, shown: Annotation) -> None:
    client.force_login(cast.rita)

    page = client.get(f"/review/{shown.pk}/").content.decode()

    assert f'data-annotation="{shown.pk}"' in page
    assert f'data-queue="/projects/{cast.project.slug}/review/"' in page
    assert 'data-user="rita"' in page
