"""Active time: sums that can be sent again, and never more than the server's clock allows."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from apps.annotation.models import Annotation, WorkSession
from tests.people import Api, Cast, error_of

SESSION = str(uuid4())


def tell(
    cast: Cast, annotation: Annotation, session: str = SESSION, who: str = "ann", **seconds: float
) -> Any:
    body = {"session": session, "seconds": seconds}
    return Api.of(getattr(cast, who)).post(f"annotations/{annotation.pk}/time/", body)


def opened(ago: float) -> None:
    WorkSession.objects.update(began=timezone.now() - timedelta(seconds=ago))


def test_sums_are_kept_once_however_often_they_are_told(cast: Cast, annotation: Annotation) -> None:
    tell(cast, annotation)
    opened(100)

    for _ in range(3):
        assert tell(cast, annotation, diagnosis=30, guidance=40).json()["seconds"] == pytest.approx(70)
    assert tell(cast, annotation, diagnosis=10).json()["seconds"] == pytest.approx(70)

    row = WorkSession.objects.get()
    assert (row.diagnosis, row.guidance, row.texts) == (30, 40, 0)
    assert row.person == cast.ann


def test_no_more_is_believed_than_has_passed(cast: Cast, annotation: Annotation) -> None:
    tell(cast, annotation)
    opened(60)

    believed = tell(cast, annotation, diagnosis=300, texts=100).json()["seconds"]

    assert 60 <= believed <= 70
    row = WorkSession.objects.get()
    assert row.diagnosis == pytest.approx(3 * row.texts)


def test_a_first_report_is_believed_next_to_nothing(cast: Cast, annotation: Annotation) -> None:
    assert tell(cast, annotation, diagnosis=1000).json()["seconds"] <= 6


def test_a_session_is_of_one_person_and_one_annotation(cast: Cast, annotation: Annotation) -> None:
    tell(cast, annotation)

    assert error_of(tell(cast, annotation, who="rita", review=1)) == (400, "no_such_session")
    assert tell(cast, annotation, str(uuid4()), "rita", review=1).status_code == 200


@pytest.mark.parametrize("seconds", [-1, "x", 1e9])
def test_what_is_no_time_is_refused(cast: Cast, annotation: Annotation, seconds: Any) -> None:
    assert error_of(tell(cast, annotation, diagnosis=seconds)) == (400, "invalid")
