"""How the answers to closed-ended questions are written: as a letter, as a text, or as both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from ml.prompts.learning.messages import Message
from ml.prompts.learning.rebuild import take_apart
from ml.prompts.questions import FAILED, FAILURE_TYPES, SUCCESSFUL
from ml.prompts.templates import Template

_STYLES: Final = (
    "{answer_letter}",
    "{answer_letter}.",
    "({answer_letter})",
    "{answer_letter}. {answer_text}",
    "({answer_letter}) {answer_text}",
    "{answer_letter}) {answer_text}",
    "{answer_letter}: {answer_text}",
    "{answer_text}",
)
_VERDICTS: Final = (SUCCESSFUL, FAILED, *FAILURE_TYPES)
_SHARE: Final = 0.99
_MOST: Final = 500


def answer_style(messages: Sequence[Message], template: Template) -> str | None:
    """The answer template by which nearly all replies are written; None where there is no such style."""
    looked_at = messages[:: len(messages) // _MOST + 1]
    styles: Counter[str] = Counter()
    for message in looked_at:
        styles.update(_styles(message, template))
    found = styles.most_common(1)
    return found[0][0] if found and found[0][1] >= _SHARE * len(looked_at) else None


def _styles(message: Message, template: Template) -> Iterator[str]:
    parts = next(take_apart(message, template), None)
    options: Mapping[str, str] = parts.values.options if parts else {}
    if not options and message.reply in _VERDICTS:
        yield "{answer_text}"
    for style in _STYLES:
        written = (
            style.replace("{answer_letter}", letter).replace("{answer_text}", text)
            for letter, text in options.items()
        )
        if message.reply in written:
            yield style
