"""Two runs on the same questions: is one better, or is it chance?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from ml.bench.errors import BenchError
from ml.bench.items import Json
from ml.bench.scores import Scored, average
from ml.bench.statistics import mcnemar, permutation
from ml.bench.summary import by_control, scored_rows
from ml.prompts import Group

Pair = tuple[Scored, Scored]


def compare_runs(first: Path, second: Path) -> Json:
    """Return the paired tests of two runs, by control and group: control -> group -> figures.

    Only questions of both count, as far as both have a score. McNemar's exact test is for
    the right/wrong of Lite and codes; it takes questions for independent. The permutation tests swap whole
    episodes, and whole tasks. Raises BenchError where the runs share no question.
    """
    return compare_rows(scored_rows(first), scored_rows(second))


def compare_rows(first: Iterable[Scored], second: Iterable[Scored]) -> Json:
    """Do what `compare_runs` does, on rows that are at hand."""
    others = {row.item.id: row for row in second}
    rows = [row for row in first if row.item.id in others]
    if not rows:
        raise BenchError("the two runs share no question")
    for row in rows:
        if row.item.reply != others[row.item.id].item.reply:
            raise BenchError(f"the two runs have different references to {row.item.id}")
    return {
        control: {
            group.value: _tests(pairs)
            for group in Group
            if (pairs := [(row, others[row.item.id]) for row in own if row.item.group is group])
        }
        for control, own in by_control(rows).items()
    }


def _tests(pairs: Sequence[Pair]) -> Json:
    scored = [(a, b, a.score, b.score) for a, b in pairs if a.score is not None and b.score is not None]
    ours, theirs = [a for _, _, a, _ in scored], [b for _, _, _, b in scored]
    whole = all(value in (0.0, 1.0) for value in (*ours, *theirs))
    return {
        "n": len(scored),
        "first": average(ours),
        "second": average(theirs),
        "mcnemar": mcnemar([v == 1 for v in ours], [v == 1 for v in theirs]) if scored and whole else None,
        "by_episode": permutation(ours, theirs, [a.item.episode for a, *_ in scored]),
        "by_task": permutation(ours, theirs, [a.item.task for a, *_ in scored]),
    }
