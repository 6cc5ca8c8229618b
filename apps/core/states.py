"""State machines as tables: the only way anything that has a state changes it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Literal

from django.db import models, transaction

from apps.core.errors import AppError, conflict, forbidden, invalid
from apps.core.models import Event

SYSTEM = frozenset({"system"})
Whose = Literal["anyone's", "own", "others'"]


@dataclass(frozen=True)
class Transition:
    """`name` moves a subject from one of `sources` to `target`; `need` is the permission it asks for.

    `whose` work it may be done to. With `reason`, it is not done without words.
    """

    name: str
    sources: frozenset[str]
    target: str
    need: str
    whose: Whose
    reason: bool


def transition(
    name: str, sources: str, target: str, *, need: str, whose: Whose = "anyone's", reason: bool = False
) -> Transition:
    return Transition(name, frozenset(sources.split("|")), target, need, whose, reason)


class Machine:
    """The transition table of one kind of thing; `author` is the field that says whose work one is."""

    def __init__(self, kind: str, *transitions: Transition, author: str = "") -> None:
        self.kind = kind
        self.author = author
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

        Raises `forbidden` without the permission, `own_work` or `not_own_work`, `reason_needed`, and
        `wrong_state` when the row is in none of the sources (also when another request moved it first).
        `changes` are fields written in the same UPDATE.
        """
        step = self.transitions[name]
        if step.need not in permissions:
            raise forbidden("none that may", step.need)
        self._require_whose(subject, step, by)
        if step.reason:
            require_reason(why)
        source = subject.state  # type: ignore[attr-defined]
        rows = type(subject)._default_manager.filter(pk=subject.pk, state=source, state__in=step.sources)
        if not rows.update(state=step.target, **changes):
            raise self._wrong_state(subject, step)
        for field, value in {"state": step.target, **changes}.items():
            setattr(subject, field, value)
        Event.record(self.kind, subject, name, by=by, source=source, target=step.target, why=why)

    def _require_whose(self, subject: models.Model, step: Transition, by: models.Model | None) -> None:
        if step.whose == "anyone's" or by is None:
            return
        own = getattr(subject, self.author) == by.pk
        if own and step.whose == "others'":
            raise AppError("own_work", "Nobody reviews their own work.", status=403)
        if not own and step.whose == "own":
            raise AppError("not_own_work", "This is somebody else's work; only they can do this.", status=403)

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


def require_reason(why: str) -> str:
    """`why` without blanks around it; raises `reason_needed` when nothing is left."""
    if not why.strip():
        raise invalid("Say why, in a few words.", code="reason_needed")
    return why.strip()
