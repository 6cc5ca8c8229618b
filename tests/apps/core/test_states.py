"""The state machines: every state with every transition, what is written, and who wins a race."""

import pytest
from django.db import models

from apps.annotation.states import annotation_states
from apps.core.errors import AppError
from apps.core.models import Event
from apps.core.states import Machine
from apps.drafting.models import Draft
from apps.drafting.services import draft_from_template
from apps.drafting.states import draft_states
from apps.episodes.models import Episode
from apps.episodes.states import episode_states
from tests.people import Cast
from tests.work import begin, edit, make_task, op, ready

MACHINES = {"episode": episode_states, "annotation": annotation_states, "draft": draft_states}
NEEDS = {
    ("episode", "ingest"): "system",
    ("episode", "finish"): "system",
    ("episode", "reject"): "system",
    ("episode", "withdraw"): "manage",
    ("annotation", "submit"): "annotate",
    ("annotation", "start_review"): "review",
    ("annotation", "approve"): "review",
    ("annotation", "send_back"): "review",
    ("annotation", "recall"): "review",
    ("annotation", "reopen"): "manage",
    ("draft", "stream"): "system",
    ("draft", "finish"): "system",
    ("draft", "fail"): "system",
}
IDS = ["-".join(each) for each in NEEDS]
ALLOWED = {
    ("episode", "uploaded", "ingest", "ingesting"),
    ("episode", "ingesting", "ingest", "ingesting"),
    ("episode", "ingesting", "finish", "ready"),
    ("episode", "uploaded", "reject", "rejected"),
    ("episode", "ingesting", "reject", "rejected"),
    ("episode", "ready", "withdraw", "withdrawn"),
    ("episode", "rejected", "withdraw", "withdrawn"),
    ("annotation", "open", "submit", "submitted"),
    ("annotation", "sent_back", "submit", "submitted"),
    ("annotation", "submitted", "start_review", "in_review"),
    ("annotation", "submitted", "approve", "approved"),
    ("annotation", "in_review", "approve", "approved"),
    ("annotation", "submitted", "send_back", "sent_back"),
    ("annotation", "in_review", "send_back", "sent_back"),
    ("annotation", "approved", "recall", "sent_back"),
    ("annotation", "submitted", "reopen", "sent_back"),
    ("annotation", "in_review", "reopen", "sent_back"),
    ("annotation", "approved", "reopen", "sent_back"),
    ("draft", "requested", "stream", "streaming"),
    ("draft", "requested", "finish", "ready"),
    ("draft", "streaming", "finish", "ready"),
    ("draft", "requested", "fail", "failed"),
    ("draft", "streaming", "fail", "failed"),
}
TARGETS = {(kind, source, name): target for kind, source, name, target in ALLOWED}

Subjects = dict[str, models.Model]


@pytest.fixture
def subjects(cast: Cast) -> Subjects:
    """One thing of each kind."""
    episode = ready(make_task(cast.project))
    annotation = edit(begin(episode, cast.ann), op("add_event", "events", value={"id": "e1"}))
    draft = draft_from_template(annotation=annotation, event_id="e1", by=cast.ann)
    return {"episode": episode, "annotation": annotation, "draft": draft}


def put_into(subject: models.Model, state: str) -> models.Model:
    """The subject, as somebody fetched it after it had come into `state`."""
    type(subject)._default_manager.filter(pk=subject.pk).update(state=state)
    return type(subject)._default_manager.get(pk=subject.pk)


def try_move(machine: Machine, name: str, subject: models.Model) -> AppError | None:
    try:
        machine.move(subject, name, by=None, permissions={machine.transitions[name].need}, why="because")
    except AppError as error:
        return error
    return None


@pytest.mark.parametrize(("kind", "name"), NEEDS, ids=IDS)
def test_each_transition_starts_from_its_sources_only(kind: str, name: str, subjects: Subjects) -> None:
    machine, subject = MACHINES[kind], subjects[kind]
    sources = sorted(source for k, source, n in TARGETS if (k, n) == (kind, name))

    for state in type(subject).State.values:
        fetched = put_into(subject, state)
        error = try_move(machine, name, fetched)
        now = type(subject)._default_manager.get(pk=subject.pk).state

        assert fetched.state == now == TARGETS.get((kind, state, name), state)
        if (kind, state, name) not in TARGETS:
            assert error is not None
            assert (error.status, error.code) == (409, "wrong_state")
            assert error.data == {"state": state, "sources": sources}


def test_the_tables_hold_no_other_transition() -> None:
    assert {(kind, name) for kind, machine in MACHINES.items() for name in machine.transitions} == set(NEEDS)


@pytest.mark.parametrize(("kind", "name"), NEEDS, ids=IDS)
def test_a_transition_needs_its_permission_and_no_other_will_do(
    kind: str, name: str, subjects: Subjects
) -> None:
    source = next(source for k, source, n in TARGETS if (k, n) == (kind, name))
    subject, machine, need = put_into(subjects[kind], source), MACHINES[kind], NEEDS[kind, name]
    others = {"view", "upload", "annotate", "review", "manage", "release", "live", "system"} - {need}

    with pytest.raises(AppError) as refused:
        machine.move(subject, name, by=None, permissions=others)
    assert (refused.value.status, refused.value.code) == (403, "forbidden")
    assert refused.value.data == {"need": need}
    assert type(subject)._default_manager.get(pk=subject.pk).state == source

    machine.move(subject, name, by=None, permissions={need}, why="because")
    assert subject.state == TARGETS[kind, source, name]


def test_a_move_writes_who_when_from_where_to_where_and_why(subjects: Subjects, cast: Cast) -> None:
    episode = subjects["episode"]

    episode_states.move(episode, "withdraw", by=cast.ada, permissions={"manage"}, why="A face is to be seen.")

    event = Event.objects.latest("id")
    assert (event.kind, event.subject, event.verb) == ("episode", episode.pk, "withdraw")
    assert (event.source, event.target, event.why) == ("ready", "withdrawn", "A face is to be seen.")
    assert event.by == cast.ada
    assert event.at is not None


def test_a_refused_move_writes_nothing(subjects: Subjects) -> None:
    before = Event.objects.count()

    assert try_move(episode_states, "finish", subjects["episode"]) is not None
    assert Event.objects.count() == before


def test_of_two_who_move_the_same_thing_one_wins(subjects: Subjects) -> None:
    first = put_into(subjects["episode"], "ingesting")
    second = Episode.objects.get(pk=first.pk)

    assert try_move(episode_states, "finish", first) is None
    lost = try_move(episode_states, "reject", second)

    assert lost is not None
    assert lost.data["state"] == second.state == "ready"
    assert Event.objects.filter(kind="episode", target="ready").count() == 1
    assert not Event.objects.filter(kind="episode", target="rejected").exists()


def test_who_looked_at_an_older_state_loses_even_where_the_new_one_is_a_source_too(
    subjects: Subjects,
) -> None:
    """Rejecting is possible from both states, but whoever decided it saw another one."""
    seen = put_into(subjects["episode"], "uploaded")
    put_into(subjects["episode"], "ingesting")

    lost = try_move(episode_states, "reject", seen)

    assert lost is not None
    assert lost.code == "wrong_state"
    assert Episode.objects.get(pk=seen.pk).state == "ingesting"


def test_changes_are_written_with_the_state(subjects: Subjects) -> None:
    draft = put_into(subjects["draft"], "requested")

    draft_states.move(draft, "fail", by=None, permissions={"system"}, problem="The provider was silent.")

    assert draft.problem == Draft.objects.get(pk=draft.pk).problem == "The provider was silent."
