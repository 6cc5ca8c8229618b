"""The figures of a run as one JSON object, `summary.json`: what reports and the site's leaderboard read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.bench.items import KEYFRAME_FREE, MAIN, ROTATIONS, Item, Json
from ml.bench.judge_report import judge_report
from ml.bench.judging import Judgements
from ml.bench.rundir import RUN, SUMMARY, read_items, read_json, read_log, write_json
from ml.bench.scores import (
    Scored,
    average,
    balanced_detection,
    confusion,
    consistency,
    score_of,
    structured_means,
    symbol_means,
)
from ml.bench.scoring import COT, score
from ml.prompts import GROUPS, Group, QuestionType

HEADLINE_ORDER: Final = (KEYFRAME_FREE, MAIN)


@dataclass(frozen=True, slots=True)
class Summary:
    """A run's figures in the form of `summary.json`, and a few lines about them."""

    values: Json

    def lines(self) -> list[str]:
        """Return one line for each control and group."""
        found = []
        for control, parts in self.values["controls"].items():
            for group, figures in parts["groups"].items():
                found.append(f"{control:14} {group:6} {_said(figures['micro'])}")
        return found


def _said(figure: Json) -> str:
    if figure["score"] is None:
        return f"no score yet: {figure['unjudged']} of {figure['n']} wait for a judge"
    lost = ", ".join(f"{figure[k]} {k}" for k in ("unparsed", "refused", "errored", "unasked") if figure[k])
    low, high = figure["by_episode"]["low"], figure["by_episode"]["high"]
    share = f"{100 * figure['score']:.2f} % [{100 * low:.1f}, {100 * high:.1f}] of {figure['n']}"
    return f"{share} ({lost})" if lost else share


def scored_rows(directory: Path) -> list[Scored]:
    """Score every question of a run anew from its log and its judgements."""
    log, judgements = read_log(directory), Judgements.of_run(directory)
    return [_scored(item, log.get(item.id), judgements) for item in read_items(directory)]


def _scored(item: Item, row: Json | None, judgements: Judgements) -> Scored:
    if row is None or row["status"] != "answered":
        return Scored(item, "unasked" if row is None else "errored", 0.0)
    reading = score(item, row["answer"], row["finish"])
    if reading.status != "read" or item.group is not Group.HARD:
        return Scored(item, reading.status, reading.score, reading)
    judged = judgements.scores(item, row["answer"])
    return Scored(item, "read", average([value for _, value in judged]), reading, tuple(judged))


def summarize(directory: Path) -> Summary:
    """Return the figures of a run. Raises BenchError where the directory is no run."""
    description, log = read_json(directory / RUN), read_log(directory)
    rows = scored_rows(directory)
    controls = {name: _control(own) for name, own in by_control(rows).items()}
    headline = next((name for name in HEADLINE_ORDER if name in controls), None)
    return Summary(
        {
            **{key: description[key] for key in description if key != "settings"},
            "headline": headline,
            "controls": controls,
            "judges": judge_report(rows, Judgements.of_run(directory), description["model"]),
            "spent": _spent(log.values()),
        }
    )


def write_summary(directory: Path) -> Json:
    """Write `summary.json` into a run and return it."""
    values = summarize(directory).values
    write_json(directory / SUMMARY, values)
    return values


def by_control(rows: Iterable[Scored]) -> dict[str, list[Scored]]:
    """Return the rows of each control, `main` for the benchmark itself."""
    found: dict[str, list[Scored]] = {}
    for row in rows:
        found.setdefault(row.item.control, []).append(row)
    return found


def _control(rows: Sequence[Scored]) -> Json:
    """The figures of one control: by type, by group, seen and unseen tasks apart."""
    values: Json = {**figures(rows), "failure_types": confusion(rows)}
    parts = {True: "seen", False: "unseen"}
    values["parts"] = {
        name: figures(own)
        for seen, name in parts.items()
        if (own := [r for r in rows if r.item.seen is seen])
    }
    if rows[0].item.control == ROTATIONS:
        values["rotations"] = consistency(rows)
    return values


def figures(rows: Sequence[Scored]) -> Json:
    """Return scores by type, by group (micro and macro), and of everything together by question."""
    types = {kind: [row for row in rows if row.item.kind is kind] for kind in QuestionType}
    present = {kind: own for kind, own in types.items() if own}
    groups = {
        group.value: _group(group, own)
        for group in GROUPS
        if (own := [row for row in rows if row.item.group is group])
    }
    paper = [row for row in rows if row.item.group is not Group.CODES]
    both = all(groups.get(name, {}).get("micro", {}).get("score") is not None for name in ("lite", "hard"))
    return {
        "types": {kind.value: _type(kind, own) for kind, own in present.items()},
        "groups": groups,
        "average": score_of(paper).to_json() if both else None,
    }


def _type(kind: QuestionType, rows: Sequence[Scored]) -> Json:
    value = score_of(rows).to_json()
    if kind is QuestionType.FAILURE_DETECTION:
        value["balanced"] = balanced_detection(rows).to_json()
    if kind in COT:
        value["structured"] = structured_means(rows)
    if kind in GROUPS[Group.CODES]:
        value["symbols"] = symbol_means(rows)
    return value


def _group(group: Group, rows: Sequence[Scored]) -> Json:
    value = {
        "micro": score_of(rows).to_json(),
        "macro": score_of(rows, [row.item.kind for row in rows]).to_json(),
    }
    if group is Group.CODES:
        value["symbols"] = symbol_means(rows)
    return value


def _spent(rows: Iterable[Mapping[str, object]]) -> Json:
    """What the run's answers took, errors included in time."""
    logged = [dict(row) for row in rows]
    tokens = [row["tokens"] for row in logged if isinstance(row.get("tokens"), dict)]
    costs = [row["cost"] for row in logged if isinstance(row["cost"], int | float)]
    waits = sorted(row["latency"] for row in logged if isinstance(row["latency"], int | float))
    return {
        "input_tokens": sum(each.get("input") or 0 for each in tokens if isinstance(each, dict)),
        "output_tokens": sum(each.get("output") or 0 for each in tokens if isinstance(each, dict)),
        "cost": sum(costs) if costs else None,
        "median_latency": waits[len(waits) // 2] if waits else None,
    }
