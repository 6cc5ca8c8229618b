"""Tables in three forms: Markdown to read, CSV to compute with, LaTeX to print."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from ml.bench.items import Json

_LATEX: Final = {
    **{sign: f"\\{sign}" for sign in "&%_#${}"},
    "\\": r"\textbackslash{}",
    "^": r"\^{}",
    "~": r"\~{}",
}
ABSENT: Final = "–"


@dataclass(frozen=True, slots=True)
class Number:
    """A figure with the ends of its interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None
    digits: int = 2

    def __str__(self) -> str:
        shown = f"{self.value:.{self.digits}f}"
        return shown if self.low is None else f"{shown} [{self.low:.1f}, {self.high:.1f}]"


Cell = Number | str | None


def percent(score: Json | None) -> Number | None:
    """Return a score of `summary.json` in percent with its interval clustered by episode; None of nothing."""
    if not score or score["score"] is None:
        return None
    return Number(100 * score["score"], 100 * score["by_episode"]["low"], 100 * score["by_episode"]["high"])


def share(value: float | None) -> Number | None:
    """Return a share in percent, without an interval."""
    return None if value is None else Number(100 * value)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column names the row. `slug` is its file name; `notes` stand below it.

    `ranked` says that of each column the highest figure is the best.
    """

    slug: str
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    notes: Sequence[str] = field(default=())
    ranked: bool = False

    def markdown(self) -> str:
        """Return the table with its title and notes."""
        marks = self._marks("**", "**", "_", "_")
        lines = [self.columns, ["---"] * len(self.columns)]
        lines += [
            [*(_markdown(cell, mark) for cell, mark in zip(*pair, strict=True))]
            for pair in zip(self.rows, marks, strict=True)
        ]
        body = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        notes = "".join(f"\n{note}\n" for note in self.notes)
        return f"### {self.title}\n\n{body}\n{notes}"

    def csv(self) -> str:
        """Return the rows; a figure with an interval has two more columns, `NAME low` and `NAME high`."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        wide = [self._has_interval(number) for number in range(len(self.columns))]
        writer.writerow(
            [name for column, more in zip(self.columns, wide, strict=True) for name in _names(column, more)]
        )
        for row in self.rows:
            writer.writerow(
                [value for cell, more in zip(row, wide, strict=True) for value in _values(cell, more)]
            )
        return text.getvalue()

    def latex(self) -> str:
        """Return a booktabs table; ranked ones have the best figures bold, the second best underlined."""
        marks = self._marks(r"\textbf{", "}", r"\underline{", "}")
        lines = [" & ".join(map(_escape, self.columns)) + r" \\", r"\midrule"]
        lines += [
            " & ".join(_latex(cell, mark) for cell, mark in zip(*pair, strict=True)) + r" \\"
            for pair in zip(self.rows, marks, strict=True)
        ]
        notes = " ".join([self.title + ".", *self.notes])
        head = [r"\begin{table}[t]", r"\centering", rf"\caption{{{_escape(notes)}}}"]
        head += [rf"\begin{{tabular}}{{l{'r' * (len(self.columns) - 1)}}}", r"\toprule"]
        return "\n".join([*head, *lines, r"\bottomrule", r"\end{tabular}", r"\end{table}", ""])

    def _has_interval(self, number: int) -> bool:
        cells = [row[number] for row in self.rows]
        return any(isinstance(cell, Number) and cell.low is not None for cell in cells)

    def _marks(self, *signs: str) -> list[list[tuple[str, str]]]:
        """For each cell what stands around it: best, second best, or nothing."""
        plain = [[("", "")] * len(self.columns) for _ in self.rows]
        if not self.ranked or len(self.rows) < 2:
            return plain
        for number in range(1, len(self.columns)):
            found = {_rank(row[number]) for row in self.rows}
            ranks = sorted((value for value in found if value is not None), reverse=True)[:2]
            for place, (before, after) in zip(ranks, (signs[:2], signs[2:]), strict=False):
                for row, cells in enumerate(self.rows):
                    if _rank(cells[number]) == place:
                        plain[row][number] = (before, after)
        return plain


def _rank(cell: Cell) -> float | None:
    return round(cell.value, cell.digits) if isinstance(cell, Number) else None


def _markdown(cell: Cell, mark: tuple[str, str]) -> str:
    text = ABSENT if cell is None else str(cell).replace("|", "\\|").replace("\n", " ")
    return f"{mark[0]}{text}{mark[1]}"


def _latex(cell: Cell, mark: tuple[str, str]) -> str:
    if isinstance(cell, Number):
        return f"{mark[0]}{cell.value:.{cell.digits}f}{mark[1]}"
    return "--" if cell is None else _escape(cell)


def _escape(text: str) -> str:
    return "".join(_LATEX.get(sign, sign) for sign in text).replace(ABSENT, "--")


def _names(column: str, wide: bool) -> list[str]:
    return [column, f"{column} low", f"{column} high"] if wide else [column]


def _values(cell: Cell, wide: bool) -> list[str]:
    if not isinstance(cell, Number):
        return [cell or "", *([""] * 2 if wide else [])]
    ends = ["" if end is None else f"{end:.4f}" for end in (cell.low, cell.high)]
    return [f"{cell.value:.{max(4, cell.digits)}f}", *(ends if wide else [])]
