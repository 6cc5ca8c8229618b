"""Asking a model: once for each content, within the budget, again where that helps, and all on record."""

import hashlib
import json
import math
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Project
from apps.core.errors import AppError, conflict
from apps.drafting.adapters import ADAPTERS, Prompt, Target, Trouble
from apps.drafting.adapters.base import CHARACTERS_A_TOKEN
from apps.drafting.alive import kept_alive, lease
from apps.drafting.budget import require_budget
from apps.drafting.models import Batch, Call
from ml.prompts import RefusedError, UnreadableError, clean

UNREADABLE_TRIES = 2  # another sample may be in the asked form; a third hardly ever is
MOST_KEPT = 20_000
UNDER_WAY = "call_under_way"

Answer = TypeVar("Answer")
Told = Callable[[str], None]
"""Called with the answer so far."""


class CallFailedError(AppError):
    """A call that got no usable answer; `call` is its record."""

    def __init__(self, call: Call) -> None:
        super().__init__("call_failed", call.problem, status=502)
        self.call = call


def ask(
    *,
    project: Project,
    target: Target,
    prompt: Prompt,
    take: int,
    read: Callable[[str], Answer],
    told: Told = lambda text: None,
    batch: Batch | None = None,
) -> tuple[Answer, Call]:
    """What the model answers, as `read` gives it, and the record of the call.

    An answer that is kept already, of the same content and `take`, is not asked for again. Locks the
    project's row while it makes sure of that and of the budget. Raises `CallFailedError`, `budget_reached`,
    `call_under_way`.
    """
    call = _begin(project, target, prompt, _digest(prompt, target, take), batch)
    if call.state == Call.State.ANSWERED:
        return read(call.answer), call
    with kept_alive(Call.objects.filter(pk=call.pk)):
        return _try(call, _Course(target, prompt, told), read)


def _digest(prompt: Prompt, target: Target, take: int) -> str:
    """SHA-256 of all that makes the answer."""
    what = [target.adapter, target.base_url, target.model, target.max_tokens, target.purpose, take]
    body = json.dumps([*what, prompt.texts_hash, prompt.frame_hashes])
    return hashlib.sha256(body.encode()).hexdigest()


@transaction.atomic
def _begin(project: Project, target: Target, prompt: Prompt, digest: str, batch: Batch | None) -> Call:
    Project.objects.select_for_update().get(pk=project.pk)
    now = timezone.now()
    same = Call.objects.filter(project=project, digest=digest)
    same.filter(state=Call.State.SENT, alive_until__lt=now).update(
        state=Call.State.LOST, problem="The process that asked ended before the answer came."
    )
    known = same.filter(state__in=[Call.State.SENT, Call.State.ANSWERED]).first()
    if known is not None and known.state == Call.State.SENT:
        raise conflict(UNDER_WAY, "This is being asked already.")
    return known or _create(project, target, prompt, digest=digest, batch=batch)


def _create(project: Project, target: Target, prompt: Prompt, **known: Any) -> Call:
    cost = target.cost(prompt.tokens, target.max_tokens)
    require_budget(project, cost, prompt.tokens + target.max_tokens)
    return Call.objects.create(
        project=project,
        purpose=target.purpose,
        adapter=target.adapter,
        provider=target.provider,
        model=target.model,
        prompt_version=prompt.version,
        prompt_hash=prompt.texts_hash,
        frame_hashes=prompt.frame_hashes,
        input_tokens=prompt.tokens,
        output_tokens=target.max_tokens,
        cost=cost,
        alive_until=timezone.now() + lease(),
        **known,
    )


@dataclass
class _Course:
    """One call as it goes: what was sent, what came back so far, over all tries."""

    target: Target
    prompt: Prompt
    told: Told
    begun: float = field(default_factory=time.monotonic)
    tries: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    is_estimate: bool = False
    logprobs: list[float] = field(default_factory=list)

    def send(self) -> str:
        """One try; the whole answer. Raises Trouble."""
        self.tries += 1
        self.logprobs.clear()
        text, usage = "", None
        try:
            for piece in ADAPTERS[self.target.adapter](self.prompt, self.target):
                text, usage = text + piece.text, piece.usage or usage
                self.logprobs += piece.logprobs
                if piece.text:
                    self.told(text)
            return text
        finally:
            self._count(text, usage)

    def _count(self, text: str, usage: tuple[int, int] | None) -> None:
        """What the server says; what we reckon where it says nothing but wrote something."""
        if usage is None and text:
            usage = (self.prompt.tokens, len(text) // CHARACTERS_A_TOKEN + 1)
            self.is_estimate = True
        counted = usage or (0, 0)
        self.input_tokens += counted[0]
        self.output_tokens += counted[1]

    @property
    def figures(self) -> dict[str, object]:
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "is_estimate": self.is_estimate,
            "cost": self.target.cost(self.input_tokens, self.output_tokens),
            "retries": self.tries - 1,
            "latency": time.monotonic() - self.begun,
            "confidence": math.exp(sum(self.logprobs) / len(self.logprobs)) if self.logprobs else None,
        }


def _try(call: Call, course: _Course, read: Callable[[str], Answer]) -> tuple[Answer, Call]:
    while True:
        try:
            text = clean(course.send())
            answer = _read(text, read)
        except Trouble as trouble:
            if course.tries >= trouble.tries:
                _end(call, course, state=Call.State.FAILED, problem=trouble.message)
                raise CallFailedError(call) from trouble
            time.sleep(_pause(course.tries, trouble.after))
        else:
            _end(call, course, state=Call.State.ANSWERED, answer=text[:MOST_KEPT])
            return answer, call


def _read(text: str, read: Callable[[str], Answer]) -> Answer:
    try:
        return read(text)
    except RefusedError as error:
        raise Trouble(str(error)) from error
    except UnreadableError as error:
        raise Trouble(str(error), tries=UNREADABLE_TRIES) from error


def _pause(tries: int, after: float | None) -> float:
    """Seconds to wait: as the server asked, else doubled each time, with jitter so that calls spread."""
    if after is not None:
        return after
    return settings.DRAFTING_RETRY_SECONDS * 2 ** (tries - 1) * random.uniform(0.5, 1)  # noqa: S311


def _end(call: Call, course: _Course, **changes: object) -> None:
    for name, value in {**course.figures, **changes}.items():
        setattr(call, name, value)
    call.save()
