"""Read one answer and score it as far as no judge is needed. Reading never guesses."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Final, Literal

from ml.bench.chat import REFUSED
from ml.bench.items import Item, Json
from ml.bench.structured import Structured, compare_analysis
from ml.prompts import Group, QuestionType, Unread, read_analysis, read_choice
from ml.symbols import NORMALIZED, Comparison, SymbolError, compare, read_raw

Status = Literal["read", "unparsed", "refused"]
MOST_DISTANCE: Final = 100.0
_REFUSAL: Final = re.compile(
    r"^\W*(?:i(?:'m| am) (?:sorry|afraid|unable|not able)|(?:sorry|unfortunately)\W+(?:but )?i\b"
    r"|i (?:cannot|can't|won't|will not) (?:assist|help|answer|provide|analy))",
    re.IGNORECASE,
)
COT: Final = frozenset(
    {
        QuestionType.COT_AVOIDANCE,
        QuestionType.COT_CORRECTION,
        QuestionType.COT_AVOIDANCE_CODE,
        QuestionType.COT_CORRECTION_CODE,
    }
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of an answer. `score` is None where a judge has to say; `parsed` what was understood."""

    status: Status
    score: float | None
    parsed: str | None = None
    message: str | None = None
    structured: Structured | None = None
    symbols: Comparison | None = None

    def to_json(self) -> Json:
        """Return the form of the log."""
        parts = {"structured": self.structured, "symbols": self.symbols}
        found: Json = {"status": self.status, "parsed": self.parsed, "message": self.message}
        found |= {name: asdict(part) for name, part in parts.items() if part}
        return {name: value for name, value in found.items() if value is not None}


def score(item: Item, text: str, finish: str | None = None) -> Reading:
    """Read an answer to `item`, which ended as `finish` says. Unread and refused ones score 0."""
    if finish == REFUSED:
        return Reading("refused", 0.0, message="the server marked the answer as refused or held back")
    if item.group is Group.LITE:
        return _choice(item, text)
    if not text.strip():
        return Reading("unparsed", 0.0, message="the answer is empty")
    if _REFUSAL.search(text):
        return Reading("refused", 0.0, message="the model declined to answer")
    if item.group is Group.CODES:
        return _codes(item, text)
    return _open_ended(item, text)


@lru_cache(maxsize=10_000)
def _states_keyframe(reply: str) -> bool:
    return read_analysis(reply).keyframe is not None


def stated_truth(item: Item) -> Json:
    """Return what an answer to `item` has to state: the truth, without a keyframe that its reference omits.

    Analyses of corrections name none (figure 9), though their truth holds the frame that was shown.
    """
    if not _states_keyframe(item.reply):
        return {**item.truth, "keyframe": None}
    return item.truth


def _choice(item: Item, text: str) -> Reading:
    found = read_choice(text, item.options)
    if isinstance(found, Unread):
        return Reading("refused" if found.why == "refused" else "unparsed", 0.0, message=found.message)
    return Reading("read", float(found.letter == item.answer), found.letter)


def _open_ended(item: Item, text: str) -> Reading:
    if item.kind not in COT:
        return Reading("read", None)
    found = read_analysis(text)
    if found.failed is None and found.keyframe is None and found.command is None:
        return Reading("unparsed", 0.0, message="; ".join(found.errors))
    structured = compare_analysis(found, stated_truth(item))
    return Reading("read", None, found.command_text, "; ".join(found.errors) or None, structured)


def _codes(item: Item, text: str) -> Reading:
    found = read_analysis(text)
    message = "; ".join(found.errors) or None
    if not found.symbols:
        return Reading("unparsed", 0.0, message=message or "the answer has no symbol codes")
    try:
        reference = [read_raw(raw, NORMALIZED) for raw in item.truth.get("symbols", [])]
    except SymbolError as error:
        return Reading("unparsed", 0.0, message=f"the reference has no readable symbols: {error}")
    comparison = compare(found.symbols, reference)
    structured = compare_analysis(found, stated_truth(item))
    return Reading("read", codes_score(comparison), None, message, structured, comparison)


def codes_score(comparison: Comparison) -> float:
    """Return 1 where the symbols are right as a whole, else 0: the rule of the codes' overall accuracy.

    Every reference symbol is matched and nothing is left over, all colors and directions are right, and the
    points of matched symbols lie on average within 100 of 1000 units of the reference's.
    """
    right = comparison.f1 == 1.0 and comparison.color_accuracy in (None, 1.0)
    right = right and comparison.direction_accuracy in (None, 1.0)
    return float(right and (comparison.end_point_distance or 0.0) <= MOST_DISTANCE)
