"""A question in the words of a template pack: one VQA record in release form, with our own fields behind."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import Final

from ml.prompts import IMAGE, Pack, QuestionType
from ml.vqa.questions import Question
from ml.vqa.streams import Json

OWN_FIELDS: Final = ("question_id", "episode_id", "task", "options", "answer", "truth", "seen", "control")
_IMAGE_SLOTS: Final = re.compile(r"\{(images|keyframe_image|all_images)\}")


def record(question: Question, pack: Pack) -> Json:
    """Return the record. `images` stand in the order in which the wording wants them."""
    template, values = pack[question.kind], question.values
    if question.kind is QuestionType.KEYFRAME_LOCALIZATION:
        named = {letter: template.option_of(int(number)) for letter, number in values.options.items()}
        values = replace(values, options=named)
    wording = template.questions[question.phrasing % len(template.questions)]
    return {
        "messages": [
            {"role": "user", "content": template.question(values, question.phrasing)},
            {"role": "assistant", "content": template.reply(values)},
        ],
        "images": _images(question, wording),
        "tag": question.kind.value,
        "question_id": question.id,
        "episode_id": question.episode.id,
        "task": question.episode.task,
        "options": dict(values.options) or None,
        "answer": values.answer or None,
        "truth": question.truth,
    }


def _images(question: Question, wording: str) -> list[str]:
    found: list[str] = []
    for slot in _slots(wording):
        if slot != "keyframe_image":
            found += question.episode.images
        if slot != "images" and question.extra:
            found.append(question.extra)
    return found


@lru_cache(maxsize=256)
def _slots(wording: str) -> tuple[str, ...]:
    return tuple(_IMAGE_SLOTS.findall(wording))


def keep_images(content: str, keep: frozenset[int]) -> str:
    """Return a text with only those of its image places left, counted from 0."""
    first, *rest = content.split(IMAGE)
    return first + "".join((IMAGE if place in keep else "") + text for place, text in enumerate(rest))
