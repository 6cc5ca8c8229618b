"""What a run says of itself: a line of JSON for each logged step, and the curve of its losses."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib
from matplotlib.figure import Figure
from transformers import TrainerCallback

matplotlib.use("Agg")
Entry = dict[str, Any]


class JsonLog(TrainerCallback):
    """Writes `log.jsonl`. After a resume it holds what the checkpoint knew, so no step stands there twice."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def on_train_begin(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        """Write what was logged before the checkpoint."""
        if state.is_world_process_zero:
            self.path.write_text("".join(f"{json.dumps(entry)}\n" for entry in state.log_history))

    def on_log(self, args: Any, state: Any, control: Any, logs: Entry | None = None, **_: Any) -> None:
        """Add a line."""
        if state.is_world_process_zero and state.log_history:
            with self.path.open("a") as file:
                file.write(json.dumps(state.log_history[-1]) + "\n")


def read_log(path: Path) -> list[Entry]:
    """Return the entries of a `log.jsonl`."""
    return [json.loads(line) for line in path.read_text().splitlines()]


def curve(entries: Sequence[Entry], key: str = "loss") -> tuple[list[int], list[float]]:
    """Return steps and values of a logged figure: `loss`, or `eval_loss`."""
    found = [(int(entry["step"]), float(entry[key])) for entry in entries if key in entry]
    return [step for step, _ in found], [value for _, value in found]


def plot_losses(entries: Sequence[Entry], path: Path) -> None:
    """Write the losses of training and of the held-out part as a PNG."""
    figure = Figure(figsize=(7, 4), layout="constrained")
    axes = figure.add_subplot()
    for key, label, style in (("loss", "training", "-"), ("eval_loss", "held out", "o-")):
        steps, values = curve(entries, key)
        if steps:
            axes.plot(steps, values, style, label=label, linewidth=1, markersize=4)
    axes.set(xlabel="step", ylabel="loss on answers (nats a token)", yscale="log")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(path, dpi=120)
