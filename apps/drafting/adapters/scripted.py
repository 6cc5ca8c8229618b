"""Answers from a file that whoever runs the site names (DRAFTING_SCRIPT): for demonstrations and tests.

The file is JSON: a list of objects, of which the first that fits answers:

    {"purpose": "explain",          for which purpose; any without it
     "contains": "eraser",          fits where the prompt has this text; any without it
     "answer": "...",               what is answered; or
     "trouble": "...",              the sentence that is said instead
     "pause": 0.05}                 seconds before each word
"""

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from apps.drafting.adapters.base import CHARACTERS_A_TOKEN, Piece, Prompt, Target, Trouble


def stream(prompt: Prompt, target: Target) -> Iterator[Piece]:
    """The answer word by word."""
    entry = _entry(prompt, target)
    if "answer" not in entry:
        raise Trouble(str(entry.get("trouble", "The file of answers has none for this.")))
    answer = str(entry["answer"])
    for word in re.findall(r"\s*\S+|\s+$", answer):
        time.sleep(float(entry.get("pause", 0)))
        yield Piece(word)
    yield Piece(usage=(prompt.tokens, len(answer) // CHARACTERS_A_TOKEN))


def _entry(prompt: Prompt, target: Target) -> dict[str, Any]:
    text = "\n".join(part for part in prompt.parts if isinstance(part, str))
    for entry in _entries():
        if entry.get("purpose", target.purpose) == target.purpose and entry.get("contains", "") in text:
            return entry
    return {}


def _entries() -> list[dict[str, Any]]:
    try:
        entries = json.loads(Path(settings.DRAFTING_SCRIPT).read_text())
    except (OSError, ValueError) as error:
        raise Trouble("The file of answers cannot be read.") from error
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise Trouble("The file of answers is no list of objects.")
    return entries
