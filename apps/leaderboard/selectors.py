"""Reads of the leaderboard: who may see a run, and the tables that its page shows."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from apps.accounts.models import Project, User
from apps.accounts.permissions import VIEW, access_project
from apps.core.errors import not_found
from apps.leaderboard.ceiling import project_ceiling
from apps.leaderboard.models import BenchmarkRun
from apps.releases.models import VqaBuild
from apps.releases.selectors import job_json
from ml.bench.published import Published, load_published
from ml.bench.report_tables import CONTROLS, KEYFRAME_FREE, MAIN, ROTATIONS, SHORT, Run
from ml.prompts import GROUPS, Group

Json = dict[str, Any]
GAPS = {"text_only": "above text only", "last_frame": "above last frame"}


def access_run(user: User, run_id: int, *, need: str = VIEW) -> BenchmarkRun:
    run = BenchmarkRun.objects.select_related("archive", "by", "build__release").filter(pk=run_id).first()
    if run is None:
        raise not_found("benchmark run")
    run.project = access_project(user, run.project_id, need=need, what="benchmark run")
    return run


def runs_of(project: Project) -> QuerySet[BenchmarkRun]:
    return project.benchmark_runs.select_related("archive", "by", "build__release")


def run_json(run: BenchmarkRun) -> Json:
    return {
        **job_json(run),
        "model": run.model,
        "vqa": run.build_id,
        "options": run.options,
        "scored": run.scored,
        "summary": run.summary,
        "download": reverse("api-run-download", args=(run.pk,)) if run.archive_id else None,
    }


def builds_to_run(project: Project) -> QuerySet[VqaBuild]:
    """The VQA data that a run can ask: built, newest first."""
    rows = VqaBuild.objects.filter(release__project=project, state=VqaBuild.State.DONE)
    return rows.select_related("release").order_by("-pk")


@dataclass(frozen=True)
class Figure:
    """A share in percent with the ends of its Wilson interval, where it has one."""

    value: float
    low: float | None = None
    high: float | None = None

    @property
    def shown(self) -> str:
        return f"{self.value:.1f}"

    @property
    def interval(self) -> str:
        return "" if self.low is None else f"[{self.low:.1f}, {self.high:.1f}]"

    @property
    def bar(self) -> float:
        """Of a gap: the part of 100 points that it is."""
        return max(0.0, min(1.0, self.value / 100))


def figure_of(score: Mapping[str, Any] | None) -> Figure | None:
    """Of a score in `summary.json`, or a figure of the ceiling; None where nothing was scored."""
    value = None if score is None else score.get("score", score.get("value"))
    if score is None or value is None:
        return None
    ends = score.get("wilson")
    low, high = (100 * ends["low"], 100 * ends["high"]) if ends else (None, None)
    return Figure(100 * value, low, high)


def leaderboard(project: Project) -> Json:
    """Everything that the page shows."""
    runs = list(runs_of(project))
    done = [run for run in runs if run.state == BenchmarkRun.State.DONE]
    published, ceiling = load_published(), project_ceiling(project)
    return {
        "tables": [_table(group, ceiling, published) for group in _groups(done)],
        "jobs": [run for run in runs if run.state != BenchmarkRun.State.DONE],
        "ceiling": ceiling,
        "ceiling_rows": _ceiling_rows(ceiling),
        "published": _published(published),
        "published_kinds": [SHORT[kind] for kind in GROUPS[Group.LITE]],
        "source": published.source,
    }


def _groups(runs: Iterable[BenchmarkRun]) -> list[list[BenchmarkRun]]:
    """Runs that were asked the same of the same data in the same words stand in one table."""
    found: dict[tuple[str, str], list[BenchmarkRun]] = {}
    for run in runs:
        key = run.summary["data_sha256"], run.summary["wording_sha256"]
        found.setdefault(key, []).append(run)
    return list(found.values())


def _table(runs: Sequence[BenchmarkRun], ceiling: Json | None, published: Published) -> Json:
    figures = (ceiling or {}).get("figures", {})
    control = next((name for name in (KEYFRAME_FREE, MAIN) if any(_asked(r, name) for r in runs)), MAIN)
    rows = sorted((_row(run, control) for run in runs), key=_rank)
    summary = runs[0].summary
    return {
        "control": CONTROLS[control],
        "questions": summary["questions"],
        "data": summary["data_sha256"][:12],
        "builds": sorted({str(run.build.release.version) for run in runs if run.build}),
        "rows": rows,
        "kinds": [SHORT[kind] for kind in GROUPS[Group.LITE]],
        "people": figure_of(figures.get("lite")),
        "people_codes": figure_of(figures.get("codes")),
        "people_types": [figure_of(figures.get(kind.value)) for kind in GROUPS[Group.LITE]],
        "published": published.rows if published.same_questions(summary) else (),
    }


def _asked(run: BenchmarkRun, control: str) -> bool:
    return control in run.summary["controls"]


def _rank(row: Json) -> tuple[bool, float]:
    """The best first; what was not asked last."""
    return row["lite"] is None, -(row["lite"].value if row["lite"] else 0.0)


def _row(run: BenchmarkRun, control: str) -> Json:
    read = Run(run.model, Path(), run.summary)
    lite = figure_of(read.group(control, Group.LITE))
    rotations = (read.figures(ROTATIONS) or {}).get("rotations") or {}
    same = rotations.get("same_option")
    parts = (read.figures(control) or {}).get("parts", {})
    return {
        "run": run,
        "lite": lite,
        "macro": _plain(read.group(control, Group.LITE, "macro")),
        "balanced": _balanced(read, control),
        "codes": figure_of(read.group(control, Group.CODES)),
        "hard": figure_of(read.group(control, Group.HARD)),
        "seen": _part(parts.get("seen")),
        "unseen": _part(parts.get("unseen")),
        "gaps": [_gap(lite, figure_of(read.group(name, Group.LITE))) for name in GAPS],
        "same": None if same is None else Figure(100 * same),
        "types": [figure_of(read.type(control, kind)) for kind in GROUPS[Group.LITE]],
        "lost": _lost(read, control),
        "cost": run.summary["spent"]["cost"],
    }


def _balanced(read: Run, control: str) -> Figure | None:
    return _plain((read.type(control, GROUPS[Group.LITE][0]) or {}).get("balanced"))


def _plain(score: Mapping[str, Any] | None) -> Figure | None:
    """A mean of means, for which Wilson's interval has no meaning."""
    found = figure_of(score)
    return Figure(found.value) if found else None


def _part(figures: Json | None) -> Figure | None:
    return figure_of((figures or {"groups": {}})["groups"].get("lite", {}).get("micro"))


def _gap(top: Figure | None, other: Figure | None) -> Figure | None:
    return Figure(top.value - other.value) if top and other else None


def _lost(read: Run, control: str) -> Json:
    """How many answers of the headline control could not be scored, by why."""
    score = read.group(control, Group.LITE) or {}
    return {name: score[name] for name in ("unparsed", "refused", "errored", "unasked") if score.get(name)}


def _ceiling_rows(ceiling: Json | None) -> list[tuple[str, Figure, int]]:
    figures = (ceiling or {}).get("figures", {})
    known = {kind.value: name for kind, name in SHORT.items()}
    found = [(known[tag], figure_of(each), each["n"]) for tag, each in figures.items() if tag in known]
    return [(name, figure, n) for name, figure, n in found if figure]


def _published(published: Published) -> list[Json]:
    return [
        {
            "model": row.model,
            "cells": [row.lite_average, row.hard_average, row.average],
            "types": [row.scores[kind] for kind in GROUPS[Group.LITE]],
        }
        for row in published.rows
    ]
