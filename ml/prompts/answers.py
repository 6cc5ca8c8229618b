"""Readers of what models answer to closed-ended questions. They never guess: what is not said is unread."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

Why = Literal["empty", "refused", "ambiguous", "unreadable"]

_ANSWER: Final = re.compile(r"<answer>(.*?)(?:</answer>|\Z)", re.IGNORECASE | re.DOTALL)
THINK: Final = re.compile(
    r"<think(?:ing)?>(.*?)(?:</think(?:ing)?>|(?=<answer>)|\Z)", re.IGNORECASE | re.DOTALL
)
_REFUSAL: Final = re.compile(
    r"\b(?:i(?:'m| am) (?:sorry|afraid|unable|not able)|i (?:can(?:no|')t|can not|won't|will not)\b"
    r"|as an ai\b|(?:cannot|can't) (?:assist|help|answer|determine|be determined)"
    r"|unable to (?:answer|determine|assist))",
    re.IGNORECASE,
)
_MARK: Final = r"[\s*_`\"'“”‘’(\[{<#>.:)\]}-]*"
_NOUN: Final = r"(?:answer|option|choice|letter)"
_LETTER_HERE: Final = rf"{_MARK}(?:{_NOUN}\b)?{_MARK}(?-i:([A-H]))\b(?!['’\w])"
# "The answer is (B)", "Answer: **B**", "I choose option B", "\boxed{B}", "option B is correct".
_CLAIM: Final = re.compile(
    rf"\b{_NOUN}\b[\s*_`]*(?:is\b|:|=){_LETTER_HERE}|\b(?:choose|select|pick|go with)\b{_LETTER_HERE}"
    rf"|\\boxed\{{(?:\\text\{{)?(?-i:([A-H]))\}}"
    rf"|\b{_NOUN}\s+{_MARK}(?-i:([A-H])){_MARK}\bis (?:the )?(?:correct|right|best)\b",
    re.IGNORECASE,
)
_LETTER: Final = re.compile(rf"{_MARK}(?:{_NOUN}\b)?{_MARK}([A-H]){_MARK}", re.IGNORECASE)
_LETTER_AND_TEXT: Final = re.compile(r"[\s*_`\"'(\[]*([A-H])[*_`\"']*\s*[.:)\]-][*_`\"')\]]*\s*(.+)")
_LEAD_IN: Final = re.compile(
    r"(?:the |my )?(?:correct |final |best )?(?:answer|option|choice|failure type|type)\s*(?:is|:|=)\s*",
    re.IGNORECASE,
)
_MOST: Final = 20_000


@dataclass(frozen=True, slots=True)
class Blocks:
    """The two blocks of an answer; None where there is no such block."""

    think: str | None
    answer: str | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The option that was chosen, by its letter."""

    letter: str


@dataclass(frozen=True, slots=True)
class Unread:
    """No option could be read: the kind of reason, and one sentence."""

    why: Why
    message: str


def read_blocks(text: str) -> Blocks:
    """Split an answer into its <Think> and <Answer> blocks, the last of each; one may be unclosed."""
    answers = _ANSWER.findall(text)
    thinks = THINK.findall(_ANSWER.sub("", text) if answers else text)
    return Blocks(thinks[-1].strip() if thinks else None, answers[-1].strip() if answers else None)


def read_choice(text: str, options: Mapping[str, str]) -> Choice | Unread:
    """Read which of `options` (letter to text) an answer chooses.

    Takes a letter in any dress, an option's text, both, or a sentence that says which letter is the answer;
    of an answer with blocks, what is in the last <Answer>. Two different letters are ambiguous.
    """
    said = _said(text[-_MOST:])
    if not said:
        return Unread("empty", "the answer is empty")
    claims = set(_claims(said, options))
    if len(claims) == 1:
        return _known(claims.pop(), options)
    if len(claims) > 1:
        return Unread("ambiguous", f"the answer chooses {' and '.join(sorted(claims))}")
    if is_refusal(said):
        return Unread("refused", "the model declined to answer")
    return Unread("unreadable", "the answer names none of the options")


def is_refusal(text: str) -> bool:
    """Tell whether a text declines to answer."""
    return bool(_REFUSAL.search(text))


def _said(text: str) -> str:
    blocks = read_blocks(text)
    return (blocks.answer if blocks.answer is not None else THINK.sub("", text)).strip()


def _known(letter: str, options: Mapping[str, str]) -> Choice | Unread:
    if letter in options:
        return Choice(letter)
    return Unread("unreadable", f"the answer chooses {letter}; the options are {', '.join(options)}")


def _claims(said: str, options: Mapping[str, str]) -> Iterator[str]:
    """Every letter that the answer chooses: the whole of it, its first or last line, or a sentence in it."""
    lines = [line for line in said.splitlines() if line.strip()]
    for passage in dict.fromkeys((said, lines[0], lines[-1])):
        yield from _chosen(passage, options)
    for claim in _CLAIM.finditer(said):
        yield from filter(None, claim.groups())


def _chosen(passage: str, options: Mapping[str, str]) -> Iterator[str]:
    letter = _LETTER.fullmatch(passage)
    if letter:
        yield letter[1].upper()
        return
    yield from _by_text(passage, options)
    both = _LETTER_AND_TEXT.fullmatch(passage.strip())
    if both:
        yield both[1]
        yield from _by_text(both[2], options)


def _by_text(passage: str, options: Mapping[str, str]) -> Iterator[str]:
    """The options whose text this is; lists of several letters or texts are several choices."""
    said = plain(_LEAD_IN.sub("", passage.strip(" *_`\"'“”"), count=1))
    yield from (letter for letter, text in options.items() if plain(text) == said)
    letters = re.fullmatch(r"\W*([A-H])(?:\W+(?:and|or)?\W*([A-H]))+\W*", passage)
    if letters:
        yield from re.findall(r"[A-H]", passage)


def plain(text: str) -> str:
    """The words of a text in lower case, so that case, quotes and punctuation make no difference."""
    return " ".join(re.findall(r"\w+", text.lower()))
