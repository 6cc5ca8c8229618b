"""The paper's scaling study (section 5.2): the same recipe on more and more trajectories."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from matplotlib.figure import Figure
from tqdm import tqdm

from ml.finetune.answers import answers
from ml.finetune.logs import curve, read_log
from ml.finetune.recipe import LOG, train
from ml.finetune.samples import Sample, take_episodes
from ml.finetune.settings import Settings

POINTS: Final = "scaling.json"
PLOT: Final = "scaling.png"

Point = dict[str, Any]


def scaling(
    settings: Settings, samples: Sequence[Sample], held: Sequence[Sample], sizes: Sequence[int], out: Path
) -> list[Point]:
    """Train on each number of trajectories, answer the same held-out samples, and write points and plot.

    A smaller size is part of every larger one. Sizes that are done are not done again.
    """
    subsets = {size: take_episodes(samples, size, settings.seed) for size in sorted(sizes)}  # refuses first
    points = []
    for size, subset in tqdm(subsets.items(), desc="sizes", disable=None):
        points.append(_point(settings, subset, held, size, out / f"trajectories-{size}"))
        (out / POINTS).write_text(json.dumps(points, indent=2))
    plot_scaling(points, out / PLOT)
    return points


def _point(
    settings: Settings, subset: Sequence[Sample], held: Sequence[Sample], size: int, out: Path
) -> Point:
    done = out / "point.json"
    if done.is_file():
        return dict(json.loads(done.read_text()))
    tuned = train(replace(settings, held_out=0.0), subset, out)
    _, losses = curve(read_log(out / LOG))
    found = list(tqdm(answers(tuned, held), desc="answers", total=len(held), leave=False, disable=None))
    point = {
        "trajectories": size,
        "samples": len(subset),
        "final_loss": losses[-1],
        "held_out": len(held),
        "exact": sum(got == each.answer.strip() for got, each in zip(found, held, strict=True)),
    }
    done.write_text(json.dumps(point))
    return point


def plot_scaling(points: Sequence[Mapping[str, Any]], path: Path) -> None:
    """Write the part of held-out answers that are exact, over the number of trajectories, as a PNG."""
    figure = Figure(figsize=(6, 4), layout="constrained")
    axes = figure.add_subplot()
    sizes = [point["trajectories"] for point in points]
    axes.plot(sizes, [100 * point["exact"] / max(1, point["held_out"]) for point in points], "o-")
    axes.set(xlabel="trajectories", ylabel="held-out answers, exact (%)", xticks=sizes, ylim=(0, 100))
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)
