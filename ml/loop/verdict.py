"""What the loop showed: whether the tuned model beats its base and the commonest answer, intervals apart."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

TUNED: Final = "tuned"
RIVALS: Final = ("untrained", "majority")
WHAT_IT_IS: Final = (
    "This proves a path, not a model: annotations became questions, questions tuned a model, the model was"
    " served and asked about episodes that it had not seen. It has about half a million parameters and began"
    " as noise; the episodes are {source}. Nothing here says how well ViFailback-8B does."
)


@dataclass(frozen=True, slots=True)
class Score:
    """A run's accuracy in its headline control, micro over Lite, with an interval clustered by episode."""

    name: str
    control: str
    value: float
    low: float
    high: float
    questions: int

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % [{100 * self.low:.1f}, {100 * self.high:.1f}] of {self.questions}"


def read_score(name: str, run: Path) -> Score:
    """Return the score of a run that `ml.bench` has summarized."""
    told = json.loads((run / "summary.json").read_text(encoding="utf-8"))
    control = told["headline"]
    micro: Mapping[str, Any] = told["controls"][control]["groups"]["lite"]["micro"]
    interval = micro["by_episode"]
    return Score(name, control, micro["score"], interval["low"], interval["high"], micro["n"])


def is_met(scores: Mapping[str, Score]) -> bool:
    """Tell whether the tuned model's interval lies above that of each rival."""
    return all(scores[TUNED].low > scores[rival].high for rival in RIVALS)


def write_verdict(
    scores: Sequence[Score], seconds: Mapping[str, float], source: str, report: Path, out: Path
) -> bool:
    """Write `loop.md` with the verdict, and return whether the goal was met."""
    met = is_met({score.name: score for score in scores})
    goal = f"the tuned model's interval lies above those of {' and '.join(RIVALS)}"
    control = scores[0].control.replace("_", "-")
    results = _table(f"model | Lite, micro, {control}, 95 % by episode", {s.name: str(s) for s in scores})
    times = _table("step | seconds", {step: f"{taken:.0f}" for step, taken in seconds.items()})
    text = (
        f"# The loop\n\n{WHAT_IT_IS.format(source=source)}\n\n"
        f"Goal: {goal}: **{'met' if met else 'not met'}**.\n\n{results}\n{times}\n"
        f"{sum(seconds.values()):.0f} seconds in all. Everything else is in {report.relative_to(out)}.\n"
    )
    (out / "loop.md").write_text(text, encoding="utf-8")
    print(text)
    return met


def _table(head: str, rows: Mapping[str, str]) -> str:
    lines = [f"| {head} |", "|---|---|", *(f"| {name} | {value} |" for name, value in rows.items())]
    return "\n".join(lines) + "\n"
