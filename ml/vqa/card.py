"""The data card of a parquet export: what is in it, in words, tables and plots."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from matplotlib.figure import Figure

from ml.vqa.statistics import Statistics, charts, read_about

_MOST_BARS: Final = 40
_NOT_RECORDED: Final = "not recorded"
_TEXT: Final = """---
pretty_name: {name}
task_categories:
- visual-question-answering
tags:
- robotics
- failure-diagnosis
configs:
- config_name: default
  data_files:
{data_files}
---

# {name}

Questions and answers about recordings of robot manipulation: whether, when, where and why it failed, how to
avoid the failure and how to recover, in words and in visual symbols. {episodes} episodes, {records} records,
made by `python -m ml.vqa`. Pictures are inside (`images`); `options` and `truth` are JSON texts.

{tables}

Annotation hours: {hours}. Agreement between annotators: {between}.
Estimated residual error of approved annotations: {residual}.
Pictures that were not there: {missing} (their rows have the path and no bytes).

Durations are taken from frame numbers. Whether symbols agree with their command is computed, in three values:
one flat arrow does not fix every sign.
"""


def write_card(out: Path, statistics: Statistics, images: Path) -> None:
    """Write `README.md` and its plots. `release.json` below `images` gives what records do not say."""
    about = read_about(images)
    plots = charts(statistics, about)
    (out / "plots").mkdir(parents=True, exist_ok=True)
    for name, counts in plots.items():
        _draw(out / "plots" / f"{_file(name)}.png", name, counts)
    tags = statistics.tags
    text = _TEXT.format(
        name=about.get("project") or "Robot failure VQA",
        data_files="\n".join(f"  - split: {split}\n    path: data/{split}-*" for split in tags),
        episodes=f"{statistics.episodes:,}",
        records=f"{sum(sum(counts.values()) for counts in tags.values()):,}",
        tables="\n\n".join(_section(name, counts) for name, counts in plots.items()),
        hours=_or_not(about.get("annotation_hours")),
        between=_or_not(about.get("agreement")),
        residual=_residual(about.get("residual_error")),
        missing=f"{statistics.missing:,}",
    )
    (out / "README.md").write_text(text, encoding="utf-8")


def _or_not(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {number}" for name, number in value.items())
    return _NOT_RECORDED if value is None else str(value)


def _residual(value: object) -> str:
    """The estimate in percent with its interval, as the site writes it into `release.json`."""
    if not isinstance(value, Mapping) or "estimate" not in value:
        return _or_not(value)
    shares = [f"{100 * float(value[name]):.1f}" for name in ("estimate", "low", "high")]
    looks = f", {value['n']} looked at again" if "n" in value else ""
    return f"{shares[0]} % [{shares[1]}, {shares[2]}]{looks}"


def _section(name: str, counts: Mapping[str, float]) -> str:
    rows = list(counts.items())
    shown = [f"| {label} | {count:,} |" for label, count in rows[:_MOST_BARS]]
    if len(rows) > _MOST_BARS:
        rest = sum(count for _, count in rows[_MOST_BARS:])
        shown.append(f"| {len(rows) - _MOST_BARS} more | {rest:,} |")
    return "\n".join(
        [f"## {name}", "", f"![{name}](plots/{_file(name)}.png)", "", "| | |", "|---|---:|", *shown]
    )


def _file(name: str) -> str:
    return name.lower().replace(" ", "_")


def _draw(path: Path, name: str, counts: Mapping[str, float]) -> None:
    labels = list(counts)[:_MOST_BARS][::-1]
    figure = Figure(figsize=(8, 1.2 + 0.28 * max(2, len(labels))), layout="constrained")
    axes = figure.subplots()
    bars = axes.barh([label[:60] for label in labels], [counts[label] for label in labels], color="#3b6ea5")
    axes.bar_label(bars, fmt="{:,.0f}" if all(float(c).is_integer() for c in counts.values()) else "{:.2f}")
    axes.set_title(name)
    axes.spines[["top", "right"]].set_visible(False)
    axes.margins(x=0.12)
    figure.savefig(path, dpi=110, metadata={"Software": None})
