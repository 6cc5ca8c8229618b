"""The reader of whole analyses: the fields of the <Answer> block, with the flaws found in the wild.

Taken: a missing comma after a field, escaped newlines, typographic quotes, a blank command, fields in any
order, an unclosed block. Not taken: two different values for one field, a number among other numbers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ml.prompts.answers import read_blocks
from ml.prompts.questions import FAILURE_TYPES
from ml.symbols import (
    ARMS,
    NORMALIZED,
    Command,
    CommandError,
    Space,
    Symbol,
    command_text,
    parse_codes,
    parse_command,
)

_QUOTES: Final = "\"'“”„‘’`\\"
_QUOTE: Final = f"[{re.escape(_QUOTES)}]"
_FIELDS: Final = {
    "detection": r"(?:success|failure)[ _]detection",
    "keyframe": r"(?:failure[ _])?keyframe",
    "failure_type": r"failure[ _]type",
    "command": r"low[ _-]?level[ _]commands?",
    "symbols": r"visual[ _]prompts?",
}
_KEY: Final = re.compile(
    rf"(?:^|[\n,{{]|{_QUOTE})\s*{_QUOTE}*(?:"
    + "|".join(f"(?P<{name}>{pattern})" for name, pattern in _FIELDS.items())
    + rf"){_QUOTE}*\s*[:=]",
    re.IGNORECASE,
)
_ESCAPED_NEWLINE: Final = re.compile(r"\\{1,4}[nr]")
_SUCCEEDED: Final = ("successful", "success", "succeeded", "successfully completed")
_FAILED: Final = ("failed", "fail", "failure", "unsuccessful", "not successful")
_TYPE: Final = re.compile(
    "|".join(re.escape(name).replace(r"\-", "[ -]") for name in FAILURE_TYPES), re.IGNORECASE
)
_SAYS_TYPE: Final = re.compile(
    r"failure type is|kind of failure|failure of the kind|type of failure", re.IGNORECASE
)


@dataclass(slots=True)
class Analysis:
    """What an analysis says; None where a field is absent, blank or cannot be read.

    `errors` has a sentence for each thing that stands there and could not be read. A field that is merely
    absent is no error: which are needed depends on the question.
    """

    failed: bool | None = None
    keyframe: int | None = None
    failure_type: str | None = None
    command: Command | None = None
    command_text: str | None = None
    symbols: tuple[Symbol, ...] = ()
    errors: list[str] = field(default_factory=list)


def read_analysis(text: str, space: Space = NORMALIZED, arms: Sequence[str] = ARMS) -> Analysis:
    """Read the fields of an analysis; points of symbols are in `space`. Never raises.

    Fields are read in the last <Answer> block, or in the whole text where it has none; the failure type also
    from the <Think> block, where the paper's form has it.
    """
    blocks = read_blocks(text)
    body = _ESCAPED_NEWLINE.sub("\n", text if blocks.answer is None else blocks.answer)
    found = Analysis()
    if blocks.answer is None:
        found.errors.append("there is no <Answer> block")
    values = _values(body, found.errors)
    found.failed = _detection(values.get("detection"), found.errors)
    found.keyframe = _keyframe(values.get("keyframe"), found.errors)
    found.failure_type = _failure_type(values.get("failure_type"), blocks.think, found.errors)
    _command(values.get("command"), arms, found)
    _symbols(values.get("symbols"), space, found)
    return found


def _values(body: str, errors: list[str]) -> dict[str, str]:
    """The text of each field, up to the next one; a field that is said twice differently has none."""
    keys = list(_KEY.finditer(body))
    ends = [*(key.start() for key in keys[1:]), len(body)]
    values: dict[str, str] = {}
    for key, end in zip(keys, ends, strict=False):  # without a key there is one end and no field
        name, value = str(key.lastgroup), body[key.end() : end].strip(f" \t\r\n,;{_QUOTES}")
        # The brace that ends a JSON answer; codes have braces of their own, and their reader takes one more.
        value = value if name == "symbols" else value.strip(f" \t\r\n,;{{}}{_QUOTES}")
        if values.setdefault(name, value) != value:
            errors.append(f"the field {name} is given twice, differently")
            values[name] = ""
    return values


def _detection(value: str | None, errors: list[str]) -> bool | None:
    said = (value or "").lower().strip(" .")
    if said in _SUCCEEDED:
        return False
    if said in _FAILED:
        return True
    if said:
        errors.append(f"the success detection {_short(said)} is neither Successful nor Failed")
    return None


def _keyframe(value: str | None, errors: list[str]) -> int | None:
    numbers = re.findall(r"(?<![\d.])\d{1,9}(?![\d.]*\d)", value or "")
    if len(numbers) == 1:
        return int(numbers[0])
    if value:
        errors.append(f"the keyframe {_short(value)} must be one whole number")
    return None


def _failure_type(value: str | None, think: str | None, errors: list[str]) -> str | None:
    if value:
        named = _types(value)
        if len(named) != 1:
            errors.append(f"the failure type {_short(value)} must be one of {', '.join(FAILURE_TYPES)}")
        return named[0] if len(named) == 1 else None
    sentences = re.split(r"(?<=[.!?\n])\s", think or "")
    named = _types(" ".join(sentence for sentence in sentences if _SAYS_TYPE.search(sentence)))
    if len(named) > 1:
        errors.append(f"the reasoning names several failure types: {', '.join(named)}")
    return named[0] if len(named) == 1 else None


def _types(text: str) -> list[str]:
    plain = {name.replace("-", " "): name for name in FAILURE_TYPES}
    return list(dict.fromkeys(plain[match[0].lower().replace("-", " ")] for match in _TYPE.finditer(text)))


def _command(value: str | None, arms: Sequence[str], found: Analysis) -> None:
    if not value:
        return
    try:
        found.command = parse_command(value, arms)
        found.command_text = command_text(found.command)
    except CommandError as error:
        found.command_text = value
        found.errors.append(f"the low level command cannot be read: {error}")


def _symbols(value: str | None, space: Space, found: Analysis) -> None:
    if not value:
        return
    parsed = parse_codes(value, space)
    found.symbols = parsed.symbols
    found.errors += [f"visual prompts, line {error.line}: {error.message}" for error in parsed.errors]


def _short(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}...")
