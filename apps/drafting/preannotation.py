"""Stages 1 and 2 proposed by a model from the sampled frames, in the questions that it is finetuned on.

Three questions: the analysis of the failure with symbols on the avoidance keyframe, the same for the
correction, the failed subtask. The first names the avoidance keyframe; nobody names the correction keyframe,
so the next sample is taken for it, which is where a failure that sets in after the one before can first be
seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.core.errors import conflict
from apps.drafting.adapters import Prompt, Target
from apps.drafting.calls import ask
from apps.drafting.contents import content_read, setting_for
from apps.drafting.models import Batch, Call, Proposal
from apps.drafting.prompting import samples_of
from apps.drafting.proposing import propose
from apps.drafting.targets import model_for, questions_of
from apps.episodes.models import Episode, Still
from apps.episodes.selectors import head_camera
from apps.episodes.storage import blob_read
from ml.prompts import (
    IMAGE,
    LETTERS,
    Analysis,
    Choice,
    Pack,
    QuestionType,
    UnreadableError,
    Values,
    read_analysis,
    read_choice,
)
from ml.symbols import Size, SymbolError, to_pixels, to_raw


@dataclass
class _Asking:
    """One episode's questions and the calls that they became."""

    episode: Episode
    target: Target
    pack: Pack
    samples: Sequence[Still]
    batch: Batch | None
    calls: list[Call] = field(default_factory=list)

    def values(self, **known: Any) -> Values:
        task = self.episode.task
        return Values(len(self.samples), task.description, tuple(task.subtasks), **known)

    def ask(self, kind: QuestionType, values: Values, read: Any) -> Any:
        prompt = _prompt(self.pack, kind, values, self.samples)
        answer, call = ask(
            project=self.episode.project,
            target=self.target,
            prompt=prompt,
            take=0,
            read=read,
            batch=self.batch,
        )
        self.calls.append(call)
        return answer


def proposal_make(*, episode: Episode, batch: Batch | None = None) -> Proposal:
    """Ask the project's model for stages 1 and 2 of the episode and keep what it proposes.

    Of an answer, what an annotation could not say is passed over. Raises `not_ready`, and as `ask` does.
    """
    project = episode.project
    asking = _Asking(
        episode, model_for(project, "propose"), questions_of(project), samples_of(episode), batch
    )
    if not asking.samples:
        raise conflict("not_ready", "This episode has no frames that could be shown to a model.")
    content = _content(asking)
    confidence = asking.calls[0].confidence
    return propose(
        episode=episode,
        origin="model",
        source=source_of(asking.target),
        content=content_read(content, setting_for(episode), strict=False),
        uncertainty=None if confidence is None else 1 - confidence,
        calls=asking.calls,
    )


def source_of(target: Target) -> str:
    """What the model's proposals are known by."""
    return (target.model or target.adapter)[:200]


def _content(asking: _Asking) -> dict[str, Any]:
    avoidance = asking.ask(QuestionType.COT_AVOIDANCE_CODE, asking.values(), _reader(asking.episode))
    if not avoidance.failed:
        return {"outcome": "successful"}
    last = len(asking.samples)
    number = avoidance.keyframe if avoidance.keyframe and 1 <= avoidance.keyframe <= last else None
    event = {
        "failure_type": avoidance.failure_type,
        "subtask": _subtask(asking),
        "avoidance": _side(asking, avoidance, number),
    }
    if number is not None and number < last:
        values = asking.values(keyframe_number=number + 1, frame_number=asking.samples[number].number)
        correction = asking.ask(QuestionType.COT_CORRECTION_CODE, values, _reader(asking.episode))
        event["correction"] = _side(asking, correction, number + 1)
    return {"outcome": "failed", "events": [event]}


def _reader(episode: Episode) -> Any:
    arms = tuple(episode.project.embodiment["arms"])

    def read(answer: str) -> Analysis:
        analysis = read_analysis(answer, arms=arms)
        if analysis.failed is None:
            raise UnreadableError("The model does not say whether the robot failed.")
        return analysis

    return read


def _subtask(asking: _Asking) -> int | None:
    """Its number from 1; None where the task has none, more than there are letters, or no option is named."""
    subtasks = asking.episode.task.subtasks
    options = dict(zip(LETTERS, subtasks, strict=False))
    if not subtasks or len(subtasks) > len(LETTERS):
        return None
    choice = asking.ask(
        QuestionType.SUBTASK_LOCALIZATION,
        asking.values(options=options),
        lambda answer: read_choice(answer, options),
    )
    return LETTERS.index(choice.letter) + 1 if isinstance(choice, Choice) else None


def _side(asking: _Asking, said: Analysis, number: int | None) -> dict[str, Any]:
    """`number` is the keyframe's place in the samples, from 1. Symbols come in thousandths of the picture."""
    return {
        "frame": None if number is None else asking.samples[number - 1].number,
        "command": said.command.to_json() if said.command else None,
        "symbols": list(_symbols(said, asking.episode)) if number is not None else [],
    }


def _symbols(said: Analysis, episode: Episode) -> list[dict[str, Any]]:
    camera = head_camera(episode)
    size, raw = Size(camera.width, camera.height), []
    for symbol in said.symbols:
        try:
            raw.append(to_raw(to_pixels(symbol, size)))
        except SymbolError:
            continue  # one that is too small to be drawn on this picture
    return raw


def _prompt(pack: Pack, kind: QuestionType, values: Values, samples: Sequence[Still]) -> Prompt:
    """The question with a picture wherever its wording has one."""
    template = pack[kind]
    pictures = [blob_read(still.blob) for still in samples]
    if template.shows_keyframe() and values.keyframe_number:
        pictures.append(pictures[values.keyframe_number - 1])
    texts = template.question(values).split(IMAGE)
    parts: list[str | bytes] = [texts[0]]
    for picture, text in zip(pictures, texts[1:], strict=True):
        parts += [picture, text]
    return Prompt("", tuple(part for part in parts if part), pack.label)
