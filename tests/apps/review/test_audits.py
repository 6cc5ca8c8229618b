"""Second looks: chance chooses, nobody looks at what they had a hand in, the estimate has its interval."""

import pytest

from apps.annotation.models import Annotation
from apps.core.errors import AppError
from apps.core.models import Event
from apps.review.audits import audit_next
from apps.review.models import Audit
from apps.review.selectors import ResidualError, residual_error
from ml.bench.statistics import wilson
from tests.people import Api, Cast, error_of
from tests.work import decide, make_task, ready, submitted, successful


def approved(cast: Cast, count: int) -> list[Annotation]:
    """ann's work, approved by rita."""
    task = make_task(cast.project)
    return [decide(submitted(ready(task, f"{n}"), cast.ann, successful()), cast.rita) for n in range(count)]


def test_without_a_look_nothing_is_known(cast: Cast) -> None:
    assert residual_error(cast.project) == ResidualError(None, 0.0, 1.0, 0)


def test_the_estimate_is_of_all_looks_with_wilsons_interval(cast: Cast) -> None:
    approved(cast, 4)
    ada = Api.of(cast.ada)
    for n in range(4):
        audit = ada.post(f"projects/{cast.project.pk}/audits/next/").json()
        ada.post(f"audits/{audit['id']}/", {"erroneous": n == 0, "comment": "The arm is wrong."})

    found = residual_error(cast.project)

    interval = wilson(1, 4)
    assert found == ResidualError(0.25, interval.low, interval.high, 4)
    assert error_of(ada.post(f"projects/{cast.project.pk}/audits/next/")) == (404, "nothing_to_audit")


def test_an_error_sends_the_work_back_with_its_reason(cast: Cast) -> None:
    (annotation,) = approved(cast, 1)
    ada = Api.of(cast.ada)
    audit = ada.post(f"projects/{cast.project.pk}/audits/next/").json()
    address = f"audits/{audit['id']}/"
    assert error_of(ada.post(address, {"erroneous": True})) == (400, "reason_needed")

    assert ada.post(address, {"erroneous": True, "comment": "It did fail."}).json()["erroneous"] is True

    assert Annotation.objects.get(pk=annotation.pk).state == "sent_back"
    event = Event.objects.get(verb="recall")
    assert (event.by, event.source, event.target, event.why) == (
        cast.ada, "approved", "sent_back", "It did fail.",
    )  # fmt: skip
    assert error_of(ada.post(address, {"erroneous": False})) == (409, "decided")
    assert residual_error(cast.project).n == 1


@pytest.mark.parametrize("who", ["ann", "rita"])
def test_nobody_looks_again_at_what_they_made_or_approved(cast: Cast, who: str) -> None:
    approved(cast, 2)

    with pytest.raises(AppError) as refused:
        audit_next(project_id=cast.project.pk, by=getattr(cast, who))
    assert refused.value.code == "nothing_to_audit"


def test_a_look_that_is_owed_is_not_exchanged_for_another(cast: Cast) -> None:
    approved(cast, 8)

    owed = {audit_next(project_id=cast.project.pk, by=cast.ada).pk for _ in range(5)}

    assert len(owed) == 1
    assert Audit.objects.count() == 1


def test_what_was_changed_meanwhile_is_not_looked_at(cast: Cast) -> None:
    first = approved(cast, 1)[0]
    audit = audit_next(project_id=cast.project.pk, by=cast.ada)
    Annotation.objects.filter(pk=first.pk).update(state="sent_back")

    answer = Api.of(cast.ada).post(f"audits/{audit.pk}/", {"erroneous": False})

    assert error_of(answer) == (409, "stale_base")
    with pytest.raises(AppError):
        audit_next(project_id=cast.project.pk, by=cast.ada)
    assert residual_error(cast.project).n == 0
