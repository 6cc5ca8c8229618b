"""Every person with every transition, by its address: who may, who may not, and what is written."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from apps.accounts.models import Role, User
from apps.accounts.permissions import ROLE_PERMISSIONS
from apps.annotation.models import Annotation
from apps.annotation.states import annotation_states
from apps.core.errors import AppError
from apps.core.models import Event
from apps.episodes.models import Episode
from apps.episodes.states import episode_states
from apps.review.models import Audit
from tests.people import Api, Cast, error_of
from tests.work import make_task, ready, submitted, successful

# What ann (whose work it is), ben (another annotator), rita (reviewer), otto (operator), ada (admin), mallory
# (outsider) get, and rita and ada where it is their own work. y: it is done. f: 403 for the role. o: 403, own
# work. n: 404, as if it were not there. x: 409 and 403 of other people's work.
WHO = ("ann", "ben", "rita", "otto", "ada", "mallory", "rita, own", "ada, own")
TABLE = {
    "submit": "ynxfxnyy",
    "start_review": "ffyfynoo",
    "approve": "ffyfynoo",
    "send_back": "ffyfynoo",
    "recall": "ffyfynnn",
    "reopen": "ffffynfy",
    "withdraw": "ffffynfy",
}

MACHINE_OF = {"withdraw": episode_states}
CODES = {"own_work": "o", "forbidden": "f", "not_found": "n", "not_editable": "x", "not_own_work": "x"}


@dataclass(frozen=True)
class Subject:
    annotation: Annotation
    by: User

    @property
    def address(self) -> str:
        return f"annotations/{self.annotation.pk}/"

    def verdict(self, decision: str) -> tuple[str, dict[str, Any]]:
        body = {"decision": decision, "comment": "because", "revision": self.annotation.revision}
        return f"{self.address}verdicts/", body

    def recall(self) -> tuple[str, dict[str, Any]]:
        """A second look that is this person's, where it can be."""
        revision, author = self.annotation.revision, self.annotation.annotator
        reviewer = self.by if self.by != author else User.objects.get(username="otto")
        audit = Audit.objects.create(
            annotation=self.annotation, revision=revision, author=author, reviewer=reviewer
        )
        return f"audits/{audit.pk}/", {"erroneous": True, "comment": "because"}


CALLS: dict[str, Callable[[Subject], tuple[str, dict[str, Any]]]] = {
    "submit": lambda it: (f"{it.address}submit/", {"revision": it.annotation.revision}),
    "start_review": lambda it: (f"{it.address}review/", {}),
    "approve": lambda it: it.verdict("approve"),
    "send_back": lambda it: it.verdict("send_back"),
    "recall": Subject.recall,
    "reopen": lambda it: (f"{it.address}reopen/", {"reason": "because"}),
    "withdraw": lambda it: (f"episodes/{it.annotation.episode_id}/withdrawal/", {"reason": "because"}),
}


@pytest.mark.parametrize("name", TABLE)
@pytest.mark.parametrize("who", WHO)
def test_each_person_makes_the_transitions_of_their_role_and_no_others(
    cast: Cast, who: str, name: str
) -> None:
    by = cast.everybody()[who.partition(",")[0]]
    author = by if "own" in who else cast.ann
    machine = MACHINE_OF.get(name, annotation_states)
    step = machine.transitions[name]
    for source in sorted(step.sources):
        task = make_task(cast.project, f"task_{source}")
        annotation = submitted(ready(task), author, successful())
        thing: Any = annotation.episode if machine is episode_states else annotation
        type(thing).objects.filter(pk=thing.pk).update(state=source)
        before = Event.objects.count()

        path, body = CALLS[name](Subject(annotation, by))
        answer = Api.of(by).post(path, body)

        letter = "y" if answer.status_code < 300 else CODES[error_of(answer)[1]]
        assert letter == TABLE[name][WHO.index(who)], (source, answer.content)
        now = type(thing).objects.get(pk=thing.pk).state
        assert now == (step.target if letter == "y" else source)
        assert Event.objects.count() - before == (letter == "y")
        if letter == "y":
            event = Event.objects.latest("pk")
            assert (event.by, event.verb, event.source, event.target) == (by, name, source, step.target)
            assert event.why == ("because" if step.reason or name == "approve" else "")


def test_the_table_has_every_transition_that_people_make() -> None:
    of_people = {
        name
        for machine in (annotation_states, episode_states)
        for name, step in machine.transitions.items()
        if step.need != "system"
    }
    assert set(TABLE) == of_people


@pytest.mark.parametrize("role", Role.values)
def test_no_role_makes_what_the_system_makes(cast: Cast, role: str) -> None:
    episode = ready(make_task(cast.project))
    for name, step in episode_states.transitions.items():
        if step.need == "system":
            for source in step.sources:
                Episode.objects.filter(pk=episode.pk).update(state=source)
                row = Episode.objects.get(pk=episode.pk)
                with pytest.raises(AppError) as refused:
                    episode_states.move(row, name, by=None, permissions=ROLE_PERMISSIONS[role])
                assert refused.value.code == "forbidden"


@pytest.mark.parametrize("name", ["send_back", "recall", "reopen", "withdraw"])
def test_what_takes_work_back_needs_a_reason(cast: Cast, name: str) -> None:
    annotation = submitted(ready(make_task(cast.project)), cast.ann, successful())
    machine = MACHINE_OF.get(name, annotation_states)
    thing: Any = annotation.episode if machine is episode_states else annotation
    source = min(machine.transitions[name].sources)
    type(thing).objects.filter(pk=thing.pk).update(state=source)
    thing = type(thing).objects.get(pk=thing.pk)

    for why in ("", " \n"):
        with pytest.raises(AppError) as refused:
            machine.move(thing, name, by=cast.ada, permissions=ROLE_PERMISSIONS[Role.ADMIN], why=why)
        assert refused.value.code == "reason_needed"
    assert type(thing).objects.get(pk=thing.pk).state == source
