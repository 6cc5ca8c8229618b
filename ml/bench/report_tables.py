"""The tables of a report that the paper has: 1 to 3, and symbol codes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.bench.items import KEYFRAME_FREE, MAIN, ROTATIONS, Json
from ml.bench.published import Published, PublishedRow, macro, micro
from ml.bench.tables import Cell, Number, Table, percent, share
from ml.prompts import GROUPS, Group, QuestionType

Q: Final = QuestionType
SHORT: Final = {
    Q.FAILURE_DETECTION: "Detection",
    Q.KEYFRAME_LOCALIZATION: "Keyframe",
    Q.SUBTASK_LOCALIZATION: "Subtask",
    Q.FAILURE_TYPE: "Type",
    Q.LOW_LEVEL_AVOIDANCE: "Low-level avoidance",
    Q.LOW_LEVEL_CORRECTION: "Low-level correction",
    Q.COT_AVOIDANCE: "Low-level avoidance (CoT)",
    Q.COT_CORRECTION: "Low-level correction (CoT)",
    Q.FAILURE_REASON: "Failure reason",
    Q.HIGH_LEVEL_AVOIDANCE: "High-level avoidance",
    Q.HIGH_LEVEL_CORRECTION: "High-level correction",
    Q.COT_AVOIDANCE_CODE: "Avoidance codes",
    Q.COT_CORRECTION_CODE: "Correction codes",
}
CONTROLS: Final = {
    KEYFRAME_FREE: "keyframe-free",
    MAIN: "with keyframes",
    "shuffled": "shuffled",
    "last_frame": "last frame",
    "text_only": "text only",
    ROTATIONS: "rotations",
}
PUBLISHED_MARK: Final = " (published)"
INTERVALS: Final = "In brackets: 95 % percentile bootstrap intervals, whole episodes drawn."
_COUNTED: Final = "Unparsed, refused, failed and unasked answers count as wrong."


@dataclass(frozen=True, slots=True)
class Run:
    """A run in a report: its name there, its directory, its figures."""

    name: str
    directory: Path
    values: Json

    def figures(self, control: str) -> Json | None:
        """The figures of one control; None where it was not asked."""
        found: Json | None = self.values["controls"].get(control)
        return found

    def type(self, control: str, kind: QuestionType) -> Json | None:
        """The score of one question type in a control."""
        found: Json | None = (self.figures(control) or {"types": {}})["types"].get(kind.value)
        return found

    def group(self, control: str, group: Group, average: str = "micro") -> Json | None:
        """The micro or macro score of Lite, Hard or codes in a control."""
        found = (self.figures(control) or {"groups": {}})["groups"].get(group.value)
        return found[average] if found else None


def lite_table(runs: Sequence[Run], control: str, published: Published | None = None) -> Table:
    """Table 2: closed-ended questions by type; both averages, and balanced detection."""
    kinds = GROUPS[Group.LITE]
    rows: list[list[Cell]] = [
        [
            run.name,
            *_averages(run, control, Group.LITE),
            _balanced(run, control),
            *_types(run, control, kinds),
        ]
        for run in runs
    ]
    rows += [
        [
            row.model + PUBLISHED_MARK,
            *_published_averages(row, published, Group.LITE),
            None,
            *_printed(row, kinds),
        ]
        for row in _rows(published)
    ]
    columns = ["Model", "Micro", "Macro", "Balanced detection", *(SHORT[kind] for kind in kinds)]
    notes = _notes(published)
    return Table(f"lite_{control}", f"Lite, {CONTROLS[control]}", columns, rows, notes, ranked=True)


def hard_table(runs: Sequence[Run], control: str, published: Published | None = None) -> Table:
    """Table 3: open-ended questions by type, scored by judges."""
    kinds = GROUPS[Group.HARD]
    rows: list[list[Cell]] = [
        [run.name, *_averages(run, control, Group.HARD), *_types(run, control, kinds)] for run in runs
    ]
    rows += [
        [row.model + PUBLISHED_MARK, *_published_averages(row, published, Group.HARD), *_printed(row, kinds)]
        for row in _rows(published)
    ]
    notes = [
        "Mean of the judges' scores.",
        *_unjudged(runs, control),
        *_notes(published),
    ]
    columns = ["Model", "Micro", "Macro", *(SHORT[kind] for kind in kinds)]
    return Table(f"hard_{control}", f"Hard, {CONTROLS[control]}", columns, rows, notes, ranked=True)


def overall_table(runs: Sequence[Run], control: str, published: Published | None = None) -> Table:
    """Table 1: Lite, Hard, and the average over all their questions."""
    rows: list[list[Cell]] = [
        [
            run.name,
            percent(run.group(control, Group.LITE)),
            percent(run.group(control, Group.HARD)),
            _average(run, control),
        ]
        for run in runs
    ]
    for row in _rows(published):
        averages = (row.lite_average, row.hard_average, row.average)
        rows.append(
            [row.model + PUBLISHED_MARK, *(None if each is None else Number(each) for each in averages)]
        )
    notes = [
        "Every question counts alike.",
        *_unjudged(runs, control),
        *_notes(published),
    ]
    columns = ["Model", "Lite", "Hard", "Average"]
    return Table(f"overall_{control}", f"Overall, {CONTROLS[control]}", columns, rows, notes, ranked=True)


def codes_table(runs: Sequence[Run], control: str) -> Table:
    """Symbol codes: overall accuracy, and how the symbols compare."""
    names = ("f1", "color_accuracy", "direction_accuracy")
    rows: list[list[Cell]] = []
    for run in runs:
        group = ((run.figures(control) or {"groups": {}})["groups"].get("codes") or {}).get("symbols") or {}
        distance = group.get("end_point_distance")
        symbols = [
            *(share(group.get(name)) for name in names),
            None if distance is None else Number(distance),
        ]
        kinds = GROUPS[Group.CODES]
        rows.append(
            [run.name, percent(run.group(control, Group.CODES)), *_types(run, control, kinds), *symbols]
        )
    types = [SHORT[kind] for kind in GROUPS[Group.CODES]]
    columns = ["Model", "Accuracy", *types, "Set F1", "Colors", "Directions", "Distance"]
    notes = [
        "Accuracy by the rule in docs/bench.md. Colors and directions of matched symbols, in percent; "
        "distance of their points in thousandths of the image's sides.",
        _COUNTED,
        INTERVALS,
    ]
    return Table(f"codes_{control}", f"Symbol codes, {CONTROLS[control]}", columns, rows, notes)


def _average(run: Run, control: str) -> Cell:
    """The average over both groups; none as long as one has no score."""
    groups = [percent(run.group(control, group)) for group in (Group.LITE, Group.HARD)]
    return percent((run.figures(control) or {}).get("average")) if all(groups) else None


def _unjudged(runs: Sequence[Run], control: str) -> list[str]:
    """A note for each run of which answers wait for a judge: its figures are of the others alone."""
    found = [(run.name, run.group(control, Group.HARD)) for run in runs]
    return [
        f"{name}: {score['unjudged']} of {score['n']} answers wait for a judge and are in no figure."
        for name, score in found
        if score and score["unjudged"]
    ]


def _types(run: Run, control: str, kinds: Iterable[QuestionType]) -> list[Cell]:
    return [percent(run.type(control, kind)) for kind in kinds]


def _averages(run: Run, control: str, group: Group) -> list[Cell]:
    return [percent(run.group(control, group, average)) for average in ("micro", "macro")]


def _balanced(run: Run, control: str) -> Cell:
    return percent((run.type(control, Q.FAILURE_DETECTION) or {}).get("balanced"))


def _rows(published: Published | None) -> Sequence[PublishedRow]:
    return published.rows if published else ()


def _printed(row: PublishedRow, kinds: Iterable[QuestionType]) -> list[Cell]:
    return [Number(row.scores[kind]) for kind in kinds]


def _published_averages(row: PublishedRow, published: Published | None, group: Group) -> list[Cell]:
    assert published is not None
    return [Number(micro(row.scores, published.questions, group)), Number(macro(row.scores, group))]


def _notes(published: Published | None) -> list[str]:
    if not published:
        return [_COUNTED, INTERVALS]
    source = f"Published rows are from: {published.source}. Their averages follow from their figures by type."
    return [_COUNTED, INTERVALS, source]


def published_tables(published: Published) -> list[Table]:
    """Return the paper's tables on their own, for when no run is comparable with them."""
    makers: Sequence[Callable[..., Table]] = (overall_table, lite_table, hard_table)
    tables = [make([], MAIN, published) for make in makers]
    note = "Published, not measured here: other data, wording or judge than the runs above."
    names = ("overall", "lite", "hard")
    return [
        Table(
            f"published_{name}",
            f"Published: {name}",
            t.columns,
            t.rows,
            [note, published.source],
            ranked=True,
        )
        for name, t in zip(names, tables, strict=True)
    ]
