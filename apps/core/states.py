"""State machines as tables: the only way anything that has a state changes it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models, transaction

from apps.core.errors import conflict, forbidden
from apps.core.models import Event

SYSTEM = frozenset({"system"})


@dataclass(frozen=True)
class Transition:
    """`name` moves a subject from one of `sources` to `target`; `need` is the permission it asks for."""

    name: str
    sources: frozenset[str]
    target: str
    need: str


def transition(name: str, sources: str, target: str, *, need: str) -> Transition:
    return Transition(name, frozenset(sources.split("|")), target, need)


class Machine:
    """The transition table of one kind of thing."""

    def __init__(self, kind: str, *transitions: Transition) -> None:
        self.kind = kind
        self.transitions = {each.name: each for each in transitions}

    @transaction.atomic
    def move(
        self,
        subject: models.Model,
        name: str,
        *,
        by: models.Model | None,
        permissions: Collection[str],
        why: str = "",
        **changes: Any,
    ) -> None:
        """Move `subject` and write an event; its row is locked by the conditional UPDATE.

        Raises `forbidden` without the permission, `wrong_state` when the row is in none of the sources
        (also when another request moved it first). `changes` are fields written in the same UPDATE.
        """
        step = self.transitions[name]
        if step.need not in permissions:
            raise forbidden("none that may", step.need)
        source = subject.state  # type: ignore[attr-defined]
        rows = type(subject)._default_manager.filter(pk=subject.pk, state=source, state__in=step.sources)
        if not rows.update(state=step.target, **changes):
            raise self._wrong_state(subject, step)
        for field, value in {"state": step.target, **changes}.items():
            setattr(subject, field, value)
        Event.record(self.kind, subject, name, by=by, source=source, target=step.target, why=why)

    def _wrong_state(self, subject: models.Model, step: Transition) -> Exception:
        subject.refresh_from_db(fields=["state"])
        state = subject.state  # type: ignore[attr-defined]
        words = [text.replace("_", " ") for text in (state, step.name, " or ".join(sorted(step.sources)))]
        now, wanted, sources = words
        return conflict(
            "wrong_state",
            f"This {self.kind} is {now}; to {wanted} it has to be {sources}.",
            state=state,
            sources=sorted(step.sources),
        )
