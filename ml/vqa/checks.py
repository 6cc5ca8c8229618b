"""What `lint` looks for in one record. Each check yields findings; none changes or drops anything."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from ml.prompts import (
    GROUP_OF,
    IMAGE,
    Analysis,
    Choice,
    Group,
    QuestionType,
    read_analysis,
    read_blocks,
    read_choice,
)
from ml.symbols import (
    NORMALIZED,
    Command,
    Size,
    Symbol,
    SymbolError,
    agreement,
    read_raw,
    to_pixels,
)
from ml.vqa.annotation import read_command
from ml.vqa.distractors import same_command, same_text
from ml.vqa.streams import Json

Q: Final = QuestionType
Severity = Literal["error", "warning"]
Found = Iterator["Finding"]
WITH_BLOCKS: Final = frozenset(
    (Q.COT_AVOIDANCE, Q.COT_CORRECTION, Q.COT_AVOIDANCE_CODE, Q.COT_CORRECTION_CODE)
)
_COMMANDS: Final = frozenset((Q.LOW_LEVEL_AVOIDANCE, Q.LOW_LEVEL_CORRECTION))
_TAKEN_AWAY: Final = frozenset(("last_frame", "text_only"))  # positions there are of pictures not shown
_NO_COMMA: Final = re.compile(r'"[ \t]*\n\s*"[\w ]+"[ \t]*:')
_COUNT_WORDS: Final = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SAYS_COUNT: Final = re.compile(rf"\b({'|'.join(_COUNT_WORDS)}) (?:\w+ ){{0,2}}options\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with a record: an error makes it unfit, a warning does not."""

    severity: Severity
    code: str
    message: str


def error(code: str, message: str) -> Finding:
    """Return a finding that makes the exit status non-zero."""
    return Finding("error", code, message)


def warning(code: str, message: str) -> Finding:
    """Return a finding that is only told."""
    return Finding("warning", code, message)


def check_record(record: Json) -> Found:
    """Yield all findings that the record itself shows, without its files or its neighbours."""
    said = {
        str(each.get("role")): str(each.get("content") or "")
        for each in record.get("messages") or []
        if isinstance(each, Mapping)
    }
    yield from _texts(record, said)
    tag = record.get("tag")
    if tag not in tuple(Q):
        yield warning("unknown-tag", f"the tag {tag!r} is none of the 13 question types")
        return
    yield from _options(Q(tag), record, said)
    yield from _keyframe(record)
    if tag in WITH_BLOCKS and said.get("assistant", "").strip():
        yield from _blocks(record, said["assistant"])


def _texts(record: Json, said: Mapping[str, str]) -> Found:
    for role in ("user", "assistant"):
        if role not in said:
            yield error(
                "no-question" if role == "user" else "no-answer", f"there is no message of the {role}"
            )
        elif not said[role].replace(IMAGE, "").strip():
            yield error("empty-text", f"the message of the {role} is empty")
    places = sum(content.count(IMAGE) for role, content in said.items() if role != "assistant")
    images = len(record.get("images") or [])
    if "user" in said and places != images:
        yield error("image-count", f"the text has {places} {IMAGE} for {images} images")
    told = record.get("truth") or {}
    if "text" in told and not str(told["text"]).strip():
        yield error("empty-text", "the reference text is empty")


def _options(kind: QuestionType, record: Json, said: Mapping[str, str]) -> Found:
    options = record.get("options")
    if GROUP_OF[kind] is not Group.LITE or not isinstance(options, Mapping):
        return
    for (one, text), (other, again) in combinations(options.items(), 2):
        if same_text(text, again):
            yield error("duplicate-options", f"options {one} and {other} are the same: {text!r}")
        elif kind in _COMMANDS and _equivalent(text, again):
            yield error("equivalent-options", f"options {one} and {other} mean the same: {text!r}, {again!r}")
    answer = record.get("answer")
    if answer not in options:
        yield error("answer-not-an-option", f"the answer {answer!r} is none of {', '.join(options)}")
    elif said.get("assistant", "").strip():
        choice = read_choice(said["assistant"], options)
        if not isinstance(choice, Choice) or choice.letter != answer:
            yield error("answer-differs", f"the answer is {answer}, and the text does not choose it")
    count = _SAYS_COUNT.search(said.get("user", ""))
    if count and _COUNT_WORDS[count[1].lower()] != len(options):
        yield warning("option-count", f"the text says {count[0]!r}, and there are {len(options)}")


def _equivalent(one: str, other: str) -> bool:
    first, second = read_command(one)[0], read_command(other)[0]
    return first is not None and second is not None and same_command(first, second)


def _keyframe(record: Json) -> Found:
    if _without_images(record):
        return
    count = len(record.get("images") or [])
    truth = record.get("truth") or {}
    numbers = [truth["keyframe"]] if isinstance(truth.get("keyframe"), int) else []
    if record["tag"] == Q.KEYFRAME_LOCALIZATION:
        for text in (record.get("options") or {}).values():
            numbers += [int(number) for number in re.findall(r"\d+", str(text))]
    for number in numbers:
        if not 1 <= number <= count:
            yield error("keyframe-range", f"keyframe {number} is not one of the {count} images")


def _without_images(record: Json) -> bool:
    """Tell whether this is a control that asks about pictures which it does not show."""
    return (record.get("control") or {}).get("name") in _TAKEN_AWAY


def _blocks(record: Json, answer: str) -> Found:
    analysis = read_analysis(answer)
    for message in analysis.errors:
        yield error(_code_of(message), message)
    count = len(record.get("images") or [])
    if analysis.keyframe is not None and not (1 <= analysis.keyframe <= count or _without_images(record)):
        yield error(
            "keyframe-range", f"the answer's keyframe {analysis.keyframe} is not one of {count} images"
        )
    block = read_blocks(answer).answer or ""
    if _NO_COMMA.search(block):
        yield warning("missing-comma", "a field of the answer block has no comma behind it")
    if re.search(r'low[ _-]?level[ _]commands?"?\s*[:=]\s*"\s*"', block, re.IGNORECASE):
        yield warning("no-command", "the low level command is blank")
    yield from _symbols(record, analysis)


def _code_of(message: str) -> str:
    if message.startswith("visual prompts"):
        return "unreadable-code"
    return "unreadable-command" if "command" in message else "unreadable-answer"


def _symbols(record: Json, analysis: Analysis) -> Found:
    truth = record.get("truth") or {}
    try:
        known = [read_raw(raw, NORMALIZED) for raw in truth.get("symbols") or []]
    except SymbolError as problem:
        yield error("unreadable-code", f"the truth's symbols: {problem}")
        return
    if known and analysis.symbols and tuple(known) != analysis.symbols:
        yield error("answer-differs", "the symbols of the answer are not those of the truth")
    if analysis.command_text and truth.get("command_text", analysis.command_text) != analysis.command_text:
        yield error("answer-differs", "the command of the answer is not that of the truth")
    if analysis.command is not None:
        yield from contradictions(known or analysis.symbols, analysis.command, truth.get("size"))


def contradictions(symbols: Iterable[Symbol], command: Command, size: Any) -> Found:
    """Yield a finding for each symbol that cannot be true together with the command."""
    drawn: list[Symbol] = list(symbols)
    if isinstance(size, list) and len(size) == 2:
        drawn = [to_pixels(symbol, Size(*size)) for symbol in drawn]
    told = agreement(drawn, command)
    if told.result == "contradicts":
        reasons = [reason.message for reason in told.reasons if reason.result == "contradicts"]
        yield error("contradiction", f"symbols contradict the command: {'; '.join(reasons)}")
