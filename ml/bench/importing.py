"""Runs from elsewhere: a run directory, scored anew from its log, or a `summary.json` alone, as it says.

Every fault of what was handed in is a BenchError with one sentence.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ml.bench.errors import BenchError
from ml.bench.items import Json
from ml.bench.report_tables import CONTROLS
from ml.bench.rundir import LOG, QUESTIONS, RUN, SUMMARY, read_json
from ml.bench.scores import Score
from ml.bench.summary import summarize
from ml.prompts import Group, QuestionType

_HASH: Final = re.compile(r"[0-9a-f]{64}")
_TAGS: Final = frozenset(kind.value for kind in QuestionType)
_GROUPS: Final = frozenset(group.value for group in Group)
_KNOWN: Final = frozenset(CONTROLS)
_SPENT: Final = ("input_tokens", "output_tokens", "cost", "median_latency")


def read_run(directory: Path) -> tuple[Json, bool]:
    """Return the figures of a run, and whether they were scored here from its answers."""
    scored = (directory / RUN).exists()
    if not scored and not (directory / SUMMARY).exists():
        raise BenchError(f"this is no run: it has neither {RUN} nor {SUMMARY}")
    for name in (QUESTIONS, LOG) if scored else ():
        if not (directory / name).exists():
            raise BenchError(f"this is no whole run: it has {RUN} and no {name}")
    try:
        values = summarize(directory).values if scored else read_json(directory / SUMMARY)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise BenchError(f"this is no run of ml.bench: {_said(error)}") from error
    check_summary(values)
    return values, scored


def check_summary(values: Json) -> None:
    """Raise BenchError where these are not the figures of a run as `summarize` returns them."""
    try:
        _check(values)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise BenchError(f"these are no figures of ml.bench: {_said(error)}") from error


def _check(values: Json) -> None:
    """Also that a database can keep them: neither NaN nor NUL nor half a character."""
    text = json.dumps(values, ensure_ascii=False, allow_nan=False)
    _require(
        "\\u0000" not in text and text.encode() is not None, "a text holds a character that cannot be kept"
    )
    _require(isinstance(values["model"], str) and 0 < len(values["model"]) <= 200, "model is no name")
    for name in ("data_sha256", "wording_sha256"):
        _require(_HASH.fullmatch(values[name]) is not None, f"{name} is no SHA-256")
    _require(type(values["questions"]) is int and values["questions"] > 0, "questions is no number")
    _require(bool(values["controls"]), "there is no control in it")
    _require(values["headline"] in (*values["controls"], None), "headline is none of its controls")
    for name in _SPENT:
        _require(isinstance(values["spent"][name], int | float | None), f"{name} is no number")
    _require(values["judges"] is None or isinstance(values["judges"]["judges"], Mapping), "judges are none")
    for control, figures in values["controls"].items():
        _require(control in _KNOWN, f"{control} is no control")
        _check_figures(figures)
        for part in figures["parts"].values():
            _check_figures(part)


def _check_figures(figures: Json) -> None:
    _require(figures["types"].keys() <= _TAGS, "a question type is not known")
    _require(figures["groups"].keys() <= _GROUPS, "a group of questions is not known")
    for value in figures["types"].values():
        _check_score(value)
        _check_score(value.get("balanced", value))
    for name in ("same_option", "right_in_all"):
        share = (figures.get("rotations") or {}).get(name)
        _require(share is None or 0 <= share <= 1, f"{name} is no share")
    for group in figures["groups"].values():
        _check_score(group["micro"])
        _check_score(group["macro"])


def _check_score(raw: Json) -> None:
    own = {name: raw[name] for name in Score.__dataclass_fields__}
    found = Score.from_json(own)
    shares = [found.wilson.low, found.wilson.high, found.by_episode.low, found.by_episode.high]
    shares += [value for value in (found.score, found.answered_only) if value is not None]
    _require(
        all(isinstance(value, int | float) and 0 <= value <= 1 for value in shares), "a score is no share"
    )
    lost = (found.n, found.unparsed, found.refused, found.errored, found.unasked, found.unjudged)
    _require(all(type(count) is int and count >= 0 for count in lost), "a count is no number")


def _require(fine: bool, sentence: str) -> None:
    if not fine:
        raise ValueError(sentence)


def _said(error: Exception) -> str:
    """One line of an error; a KeyError says only the name of what is missing."""
    text: Any = str(error).splitlines()[0] if str(error) else type(error).__name__
    return f"it has no {text}" if isinstance(error, KeyError) else str(text)
