"""Plots of a report, drawn without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from ml.bench.report_tables import CONTROLS, Run
from ml.bench.tables import Number, percent
from ml.prompts import FAILURE_TYPES, Group

_DPI: Final = 150
_UNREAD: Final = "-"
_AXES: Final = {
    "scaling": ("episodes", "Trajectories trained on"),
    "hours": ("hours", "Hours of annotation"),
}


def plot_all(runs: Sequence[Run], out: Path) -> list[Path]:
    """Draw what the runs have figures for; return the files."""
    made = [controls_plot(runs, out / "controls.png")]
    made += [training_plot(runs, key, axis, out / f"{name}.png") for name, (key, axis) in _AXES.items()]
    made += [confusion_plot(run, out / f"confusion_{number}.png") for number, run in enumerate(runs, 1)]
    return [path for path in made if path]


def training_plot(runs: Sequence[Run], key: str, axis: str, path: Path) -> Path | None:
    """Draw scores against what a model was trained on; None where no run says it."""
    known = [(run.values["training"].get(key), run) for run in runs]
    points = sorted(((float(at), run) for at, run in known if at is not None), key=lambda point: point[0])
    if not points:
        return None
    figure, axes = _figure()
    for group in Group:
        scores = [(at, percent(run.group(run.values["headline"], group))) for at, run in points]
        _draw(axes, [(at, score) for at, score in scores if score], group.value.capitalize())
    axes.set(xlabel=axis, ylabel="Score (%)", ylim=(0, 100))
    axes.legend()
    return _save(figure, path)


def controls_plot(runs: Sequence[Run], path: Path) -> Path | None:
    """Draw the Lite score of every run in every control, with intervals."""
    figure, axes = _figure()
    names = [name for name in CONTROLS if any(run.group(name, Group.LITE) for run in runs)]
    for number, run in enumerate(runs):
        scores = [(place, percent(run.group(name, Group.LITE))) for place, name in enumerate(names)]
        moved = [(place + 0.1 * (number - len(runs) / 2), score) for place, score in scores if score]
        _draw(axes, moved, run.name, line="none")
    if not names:
        return None
    axes.set_xticks(range(len(names)), [CONTROLS[name] for name in names], rotation=20)
    axes.set(ylabel="Lite, micro (%)", ylim=(0, 100))
    axes.legend(fontsize="small")
    return _save(figure, path)


def confusion_plot(run: Run, path: Path) -> Path | None:
    """Draw which failure types a run takes for which; None where it was not asked."""
    table = (run.figures(run.values["headline"] or "") or {}).get("failure_types")
    if not table:
        return None
    chosen = sorted({name for row in table.values() for name in row} - set(FAILURE_TYPES))
    rows = [name for name in FAILURE_TYPES if name in table] + sorted(set(table) - set(FAILURE_TYPES))
    columns = [*FAILURE_TYPES, *(name for name in chosen if name != _UNREAD), _UNREAD]
    counts = [[table[row].get(column, 0) for column in columns] for row in rows]
    figure, axes = _figure()
    axes.imshow(counts, cmap="Blues")
    half = max(map(max, counts)) / 2
    for y, line in enumerate(counts):
        for x, count in enumerate(line):
            color = "white" if count > half else "black"
            axes.text(x, y, str(count), ha="center", va="center", color=color)
    axes.set_xticks(range(len(columns)), [*columns[:-1], "not read"], rotation=25, ha="right")
    axes.set_yticks(range(len(rows)), rows)
    axes.set(xlabel="chosen", ylabel="true", title=run.name)
    return _save(figure, path)


def _draw(axes: Axes, points: Sequence[tuple[float, Number]], label: str, line: str = "-") -> None:
    if not points:
        return
    values = [score.value for _, score in points]
    bars = [
        (max(0.0, score.value - score.low), max(0.0, score.high - score.value))
        for _, score in points
        if score.low is not None and score.high is not None
    ]
    errors = list(zip(*bars, strict=True)) if len(bars) == len(points) else None
    places = [at for at, _ in points]
    axes.errorbar(places, values, yerr=errors, marker="o", linestyle=line, capsize=3, label=label)


def _figure() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(7, 4.5), layout="constrained")
    FigureCanvasAgg(figure)  # no screen, and no state shared between threads
    return figure, figure.add_subplot()


def _save(figure: Figure, path: Path) -> Path:
    figure.savefig(path, dpi=_DPI, metadata={"Software": None})
    return path
