"""One line of JSON for each measured figure, printed and kept under docs/figures."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FIGURES = Path(__file__).parents[2] / "docs" / "figures"


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured value beside its goal and, where there is one, a reference measured on the same machine.

    `better` says on which side of the goal the value has to lie.
    """

    name: str
    value: float
    unit: str
    goal: float | None = None
    reference: float | None = None
    better: Literal["less", "more"] = "less"

    def line(self) -> str:
        """Return a line of JSON with the ratio to the reference and whether the goal is met."""
        fields = asdict(self)
        better = fields.pop("better")
        sides = {"less": lambda goal: self.value <= goal, "more": lambda goal: self.value >= goal}
        fields["ratio"] = None if self.reference is None else round(self.value / self.reference, 3)
        fields["met"] = None if self.goal is None else sides[better](self.goal)
        order = ("name", "value", "unit", "reference", "ratio", "goal", "met")
        return json.dumps({key: fields[key] for key in order})


def report(topic: str, figures: Iterable[Figure]) -> bool:
    """Print each figure as it comes, and write all to `docs/figures/<topic>.jsonl`.

    Returns whether every goal is met.
    """
    lines = []
    for figure in figures:
        lines.append(figure.line())
        print(lines[-1], flush=True)
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{topic}.jsonl").write_text("".join(f"{line}\n" for line in lines))
    return all(json.loads(line)["met"] is not False for line in lines)
