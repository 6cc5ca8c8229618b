"""The tables that say how far to believe a run: controls, unseen tasks, counts, judges, tests, cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Final

from ml.bench.compare import compare_rows
from ml.bench.items import KEYFRAME_FREE, ROTATIONS, Json
from ml.bench.report_tables import CONTROLS, INTERVALS, SHORT, Q, Run
from ml.bench.summary import scored_rows
from ml.bench.tables import Cell, Number, Table, percent, share
from ml.prompts import Group

_LEAST_CHANCE: Final = 1e-4


def structured_table(runs: Sequence[Run], control: str) -> Table:
    """What analyses say, compared without a judge."""
    kinds = (Q.COT_AVOIDANCE, Q.COT_CORRECTION, Q.COT_AVOIDANCE_CODE, Q.COT_CORRECTION_CODE)
    found: dict[str, Mapping[str, float | None]] = {
        f"{run.name}: {SHORT[kind]}": figures
        for run in runs
        for kind in kinds
        if (figures := (run.type(control, kind) or {}).get("structured"))
    }
    names = list(dict.fromkeys(name for figures in found.values() for name in figures))
    filled = [[label, *(share(figures.get(name)) for name in names)] for label, figures in found.items()]
    notes = [
        "By value, without a judge: a keyframe may be one position off. What could not be read is wrong."
    ]
    title = f"Structured part of analyses, {CONTROLS[control]}"
    return Table(f"structured_{control}", title, ["Model", *names], filled, notes)


def parts_table(runs: Sequence[Run], control: str) -> Table:
    """Tasks that occur in training and tasks that do not, apart."""
    rows: list[list[Cell]] = []
    for run in runs:
        for name, figures in (run.figures(control) or {"parts": {}})["parts"].items():
            cells = [percent((figures["groups"].get(group.value) or {}).get("micro")) for group in Group]
            sizes = [figures["groups"][g]["micro"]["tasks"] for g in figures["groups"]]
            rows.append([f"{run.name}: {name} tasks", *cells, Number(max(sizes), digits=0)])
    notes = ["Intervals from few tasks are too narrow: look at their number.", INTERVALS]
    columns = ["Model", "Lite", "Hard", "Codes", "Tasks"]
    return Table(f"parts_{control}", f"Seen and unseen tasks, {CONTROLS[control]}", columns, rows, notes)


def controls_table(runs: Sequence[Run], ceiling: Mapping[str, Json] | None = None) -> Table:
    """Lite with each source of help taken away: how much of a score is had without seeing the failure."""
    names = [name for name in CONTROLS if name != ROTATIONS]
    rows: list[list[Cell]] = []
    for run in runs:
        scores = {name: percent(run.group(name, Group.LITE)) for name in names}
        top = scores[KEYFRAME_FREE]
        gaps = [_gap(top, scores[name]) for name in ("text_only", "last_frame")]
        rotated = (run.figures(ROTATIONS) or {}).get("rotations") or {}
        shares = [share(rotated.get(name)) for name in ("same_option", "right_in_all")]
        rows.append([run.name, *scores.values(), *gaps, *shares])
    if ceiling:
        rows.append(["two annotators", _agreed(ceiling.get("lite")), *[None] * (len(names) + 3)])
    columns = ["Model", *(CONTROLS[name] for name in names), "above text only", "above last frame"]
    columns += ["same option in all rotations", "right in all rotations"]
    notes = ["The headline is the keyframe-free control: inserted keyframes betray themselves.", INTERVALS]
    return Table("controls", "Controls (Lite, micro)", columns, rows, notes)


def _gap(top: Number | None, other: Number | None) -> Number | None:
    return Number(top.value - other.value) if top and other else None


def _agreed(figure: Json | None) -> Number | None:
    """A share of the ceiling in percent, with its interval where there is one."""
    if figure is None:
        return None
    ends = figure.get("by_episode")
    low, high = (100 * ends["low"], 100 * ends["high"]) if ends else (None, None)
    return Number(100 * figure["value"], low, high)


def ceiling_table(ceiling: Mapping[str, Json]) -> Table:
    """The human ceiling: agreement of two annotators on the same items."""
    rows: list[list[Cell]] = []
    for name, figure in ceiling.items():
        ends = figure.get("by_episode") or {}
        cells = [_figure(figure["value"]), _figure(ends.get("low")), _figure(ends.get("high"))]
        rows.append([name, *cells, Number(figure["n"], digits=0) if "n" in figure else None])
    columns = ["Figure", "Value", "low", "high", "Pairs"]
    return Table("ceiling", "Human ceiling: agreement of two annotators", columns, rows, [INTERVALS])


def _figure(value: float | None) -> Number | None:
    return None if value is None else Number(value, digits=3)


def counts_table(runs: Sequence[Run]) -> Table:
    """What became of every question, and the figure over read answers alone."""
    names = ("unparsed", "refused", "errored", "unasked", "unjudged")
    rows: list[list[Cell]] = []
    for run in runs:
        for control, figures in run.values["controls"].items():
            for group, values in figures["groups"].items():
                score = values["micro"]
                counts = [Number(score[name], digits=0) for name in ("n", *names)]
                shares = [percent(score), share(score["answered_only"])]
                rows.append([f"{run.name}: {CONTROLS.get(control, control)}, {group}", *counts, *shares])
    columns = ["Model", "Questions", *names, "Score of all", "Score of answered"]
    return Table("counts", "What was answered", columns, rows, ["The second score is of read answers alone."])


def judges_table(runs: Sequence[Run]) -> Table:
    """Who judged, how far judges agree, and how far with people; warnings below."""
    rows: list[list[Cell]] = []
    notes: list[str] = []
    for run in runs:
        report = run.values["judges"] or {"judges": {}, "warnings": []}
        notes += [f"{run.name}: {warning}." for warning in report["warnings"]]
        for name, one in report["judges"].items():
            human = one["calibration"]
            figures = [
                share(one["mean"]),
                *map(_plain, (report["alpha"], human["alpha"], human["pearson"], human["bias"])),
            ]
            rows.append(
                [
                    f"{run.name}: {name}",
                    Number(one["scored"], digits=0),
                    *figures,
                    Number(human["n"], digits=0),
                ]
            )
    columns = [
        "Run: judge",
        "Scored",
        "Mean",
        "Alpha of the judges",
        "Alpha with people",
        "Pearson",
        "Bias",
        "n",
    ]
    return Table("judges", "Judges", columns, rows, notes)


def spent_table(runs: Sequence[Run]) -> Table:
    """Tokens, cost and time."""
    rows: list[list[Cell]] = []
    for run in runs:
        spent = run.values["spent"]
        tokens = [Number(spent[name], digits=0) for name in ("input_tokens", "output_tokens")]
        rows.append([run.name, *tokens, _plain(spent["cost"]), _plain(spent["median_latency"])])
    columns = ["Model", "Input tokens", "Output tokens", "Cost", "Median latency (s)"]
    return Table(
        "spent", "Cost", columns, rows, ["Cost in the price table's currency; – where no price was given."]
    )


def _plain(value: float | None) -> Number | None:
    return None if value is None else Number(value, digits=4)


def tests_table(runs: Sequence[Run], controls: Sequence[str]) -> Table:
    """Paired tests between every two runs of the same questions, in these controls."""
    asked = {
        run.name: [row for row in scored_rows(run.directory) if row.item.control in controls] for run in runs
    }
    rows: list[list[Cell]] = []
    for one, other in combinations(runs, 2):
        for control, groups in compare_rows(asked[one.name], asked[other.name]).items():
            label = f"{one.name} / {other.name}: {CONTROLS.get(control, control)}"
            rows += [_test(f"{label}, {group}", found) for group, found in groups.items() if found["n"]]
    columns = ["Pair", "First", "Second", "n", "p (McNemar)", "p (episodes)", "p (tasks)"]
    notes = [
        "Two-sided. McNemar's exact test takes questions for independent, which those of one episode are "
        "not; the permutation tests swap whole episodes, and whole tasks. Not corrected for their number."
    ]
    return Table("tests", "Paired tests", columns, rows, notes)


def _test(label: str, found: Json) -> list[Cell]:
    chances = [_chance(found[name]) for name in ("mcnemar", "by_episode", "by_task")]
    return [label, share(found["first"]), share(found["second"]), Number(found["n"], digits=0), *chances]


def _chance(value: float | None) -> Cell:
    return "< 0.0001" if value is not None and value < _LEAST_CHANCE else _plain(value)
