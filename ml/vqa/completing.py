"""Our own fields for a record that has none: read from its question and answer, and never guessed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from ml.prompts import (
    FAILED,
    FAILURE_TYPES,
    GROUP_OF,
    LETTERS,
    SUCCESSFUL,
    Choice,
    Group,
    QuestionType,
    read_analysis,
    read_choice,
)
from ml.symbols import to_raw
from ml.vqa.annotation import read_command
from ml.vqa.frames import episode_of_image, still
from ml.vqa.streams import Json

Q: Final = QuestionType
_OPTION: Final = re.compile(r"^[ \t]*(?:[-*•][ \t]*)?\(?([A-H])[.):][ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_UNLETTERED: Final[dict[str, tuple[str, ...]]] = {
    Q.FAILURE_DETECTION: (SUCCESSFUL, FAILED),
    Q.FAILURE_TYPE: FAILURE_TYPES,
}
_TEXTS: Final = frozenset((Q.FAILURE_REASON, Q.HIGH_LEVEL_AVOIDANCE, Q.HIGH_LEVEL_CORRECTION))


def complete(record: Json, ids: Counter[str]) -> tuple[Json, list[str]]:
    """Return the record with what our own fields it lacks, and sentences on what could not be read.

    `ids` counts the ids given so far: a second question of one kind about one episode gets a number behind.
    """
    own: Json = {}
    problems: list[str] = []
    images = record.get("images")
    episode = episode_of_image(images[0]) if isinstance(images, list) and images else None
    if episode is None:
        problems.append("records whose pictures do not say their episode")
    else:
        own = {"question_id": _new_id(f"{episode}/{record.get('tag')}", ids), "episode_id": episode}
    tag, said = str(record.get("tag")), _said(record)
    if "user" not in said:
        problems.append("records without a question")
    if tag in tuple(Q) and "assistant" in said:
        own |= _read(Q(tag), said.get("user", ""), said["assistant"], images or [], problems)
    return record | {key: value for key, value in own.items() if key not in record}, problems


def _new_id(wanted: str, ids: Counter[str]) -> str:
    ids[wanted] += 1
    return wanted if ids[wanted] == 1 else f"{wanted}#{ids[wanted]}"


def _said(record: Json) -> dict[str, str]:
    """The last message of each role."""
    messages = record.get("messages")
    found = messages if isinstance(messages, list) else []
    return {
        str(each.get("role")): str(each.get("content", "")) for each in found if isinstance(each, Mapping)
    }


def _read(kind: QuestionType, question: str, answer: str, images: list[str], problems: list[str]) -> Json:
    if kind in _TEXTS:
        return {"options": None, "answer": None, "truth": {"failed": True, "text": answer.strip()}}
    if GROUP_OF[kind] is Group.LITE:
        return _closed(kind, question, answer, images, problems)
    analysis = read_analysis(answer)
    problems += [f"answers of {kind}: {error}" for error in analysis.errors]
    truth: Json = {"failed": analysis.failed, "failure_type": analysis.failure_type}
    truth |= _keyframe(analysis.keyframe, images)
    if analysis.command:
        truth |= {"command": analysis.command.to_json(), "command_text": analysis.command_text}
    if analysis.symbols:
        truth["symbols"] = [to_raw(symbol) for symbol in analysis.symbols]
    return {"options": None, "answer": None, "truth": _known(truth)}


def _closed(kind: QuestionType, question: str, answer: str, images: list[str], problems: list[str]) -> Json:
    options = _options(kind, question)
    choice = read_choice(answer, options)
    if not isinstance(choice, Choice):
        problems.append(f"answers of {kind} that choose none of the options that could be read")
        return {"options": options or None}
    truth = _CLOSED[kind](options[choice.letter], images)
    return {"options": options, "answer": choice.letter, "truth": _known(truth)}


def _options(kind: QuestionType, question: str) -> dict[str, str]:
    """The last list of lettered lines that begins with A; else the words that the type offers."""
    options: dict[str, str] = {}
    for letter, text in _OPTION.findall(question):
        if letter == "A":
            options = {}
        if letter == LETTERS[len(options)]:
            options[letter] = text
    if len(options) > 1:
        return options
    return dict(zip(LETTERS, _UNLETTERED.get(kind, ()), strict=False))


def _keyframe(number: int | None, images: list[str]) -> Json:
    if number is None or not 1 <= number <= len(images):
        return {}
    picture = still(images[number - 1])
    return {"keyframe": number, "frame": picture.frame if picture else None}


def _of_keyframe(text: str, images: list[str]) -> Json:
    numbers = re.findall(r"\d+", text)
    return {"failed": True, **_keyframe(int(numbers[0]) if len(numbers) == 1 else None, images)}


def _of_command(text: str, images: list[str]) -> Json:
    command, canonical = read_command(text)
    said = {"command": command.to_json(), "command_text": canonical} if command else {}
    return {"failed": True, **said}


def _known(truth: Json) -> Json:
    return {key: value for key, value in truth.items() if value is not None}


_CLOSED: Final[dict[str, Callable[[str, list[str]], dict[str, Any]]]] = {
    Q.FAILURE_DETECTION: lambda text, _: {"failed": text.strip(" .").lower() == FAILED.lower()},
    Q.KEYFRAME_LOCALIZATION: _of_keyframe,
    Q.SUBTASK_LOCALIZATION: lambda _text, _: {"failed": True},
    Q.FAILURE_TYPE: lambda text, _: {"failed": True, "failure_type": text.strip(" .").lower()},
    Q.LOW_LEVEL_AVOIDANCE: _of_command,
    Q.LOW_LEVEL_CORRECTION: _of_command,
}
