"""A report on runs: the paper's tables and what one needs to believe them, in files of four kinds.

Runs stand in one table only where they were asked the same questions in the same words and, for open-ended
ones, judged by the same judges with the same criteria (hashes equal); the paper's rows likewise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

from ml.bench import belief_tables as belief
from ml.bench import report_tables as paper
from ml.bench.errors import BenchError
from ml.bench.items import Json
from ml.bench.published import Published, load_published
from ml.bench.report_tables import Run
from ml.bench.rundir import read_json
from ml.bench.summary import write_summary
from ml.bench.tables import Table

Progress = Callable[[int, int], None]


def write_report(
    directories: Sequence[Path],
    out: Path,
    published: Published | None = None,
    ceiling: Mapping[str, Json] | None = None,
    progress: Progress = lambda done, total: None,
    plots: bool = True,
) -> Path:
    """Write `report.md`, each table as CSV and LaTeX, and plots into `out`; return the Markdown's path.

    `ceiling` is what `load_ceiling` returns. Raises BenchError where a directory is no run, or there is
    nothing to draw `plots` with.
    """
    if plots and not find_spec("matplotlib"):
        raise BenchError("plots need matplotlib (requirements-ml.txt); --no-plots writes the tables alone")
    runs = _read(directories, progress)
    tables = list(report_tables(runs, published or load_published(), ceiling))
    out.mkdir(parents=True, exist_ok=True)
    for table in tables:
        (out / f"{table.slug}.csv").write_text(table.csv(), encoding="utf-8")
        (out / f"{table.slug}.tex").write_text(table.latex(), encoding="utf-8")
    pictures = _pictures(runs, out) if plots else []
    path = out / "report.md"
    path.write_text(_markdown(runs, tables, pictures), encoding="utf-8")
    progress(len(directories) + 1, len(directories) + 1)
    return path


def _pictures(runs: Sequence[Run], out: Path) -> list[Path]:
    from ml.bench.plots import plot_all  # matplotlib takes as long to load as all other commands to start

    return plot_all(runs, out)


def _read(directories: Sequence[Path], progress: Progress) -> list[Run]:
    if len({path.resolve() for path in directories}) < len(directories):
        raise BenchError("a run is named twice")
    found = []
    for number, directory in enumerate(directories, 1):
        found.append((directory, write_summary(directory)))
        progress(number, len(directories) + 1)
    names = [values["model"] for _, values in found]
    return [
        Run(name if names.count(name) == 1 else f"{name} ({directory.name})", directory, values)
        for name, (directory, values) in zip(names, found, strict=True)
    ]


def report_tables(
    runs: Sequence[Run], published: Published, ceiling: Mapping[str, Json] | None = None
) -> Iterator[Table]:
    """Yield the tables of a report in their order."""
    alike = _groups(runs, _questions)
    shown: set[str] = set()
    for number, group in enumerate(alike, 1):
        for table, names in _paper(group, published):
            shown.update(names)
            yield _numbered(table, number, len(alike))
        yield from (_numbered(table, number, len(alike)) for table in _believable(group, ceiling))
    yield belief.counts_table(runs)
    if any(run.values["judges"] for run in runs):
        yield belief.judges_table(runs)
    yield belief.spent_table(runs)
    if ceiling:
        yield belief.ceiling_table(ceiling)
    yield from (table for table in paper.published_tables(published) if table.slug not in shown)


def _questions(run: Run) -> tuple[str, ...]:
    return run.values["data_sha256"], run.values["wording_sha256"]


def _judges(run: Run) -> tuple[str, ...]:
    judges = run.values["judges"] or {"judges": {}, "criteria": {}}
    return str(judges["criteria"].get("sha256")), *judges["judges"]


def _groups(runs: Sequence[Run], key: Callable[[Run], tuple[str, ...]]) -> list[list[Run]]:
    found: dict[tuple[str, ...], list[Run]] = {}
    for run in runs:
        found.setdefault(key(run), []).append(run)
    return list(found.values())


def _paper(runs: Sequence[Run], published: Published) -> Iterator[tuple[Table, set[str]]]:
    """The paper's tables for runs of the same questions, each with the published tables that it holds."""
    same = published.same_questions(runs[0].values)
    for control in _headlines(runs):
        rows = published if same and control == paper.MAIN else None
        if _asked(runs, control, "hard"):
            yield from _judged(paper.overall_table, runs, control, rows, "published_overall")
        if _asked(runs, control, "lite"):
            yield paper.lite_table(runs, control, rows), {"published_lite"} if rows else set()
        if _asked(runs, control, "hard"):
            yield from _judged(paper.hard_table, runs, control, rows, "published_hard")
        if _asked(runs, control, "codes"):
            yield paper.codes_table(runs, control), set()


def _judged(
    make: Callable[[Sequence[Run], str, Published | None], Table],
    runs: Sequence[Run],
    control: str,
    published: Published | None,
    name: str,
) -> Iterator[tuple[Table, set[str]]]:
    """A table that depends on judges, for each set of judges its own."""
    groups = _groups(runs, _judges)
    for number, group in enumerate(groups, 1):
        rows = published if published and published.same_judge(group[0].values) else None
        yield _numbered(make(group, control, rows), number, len(groups), "judges"), {name} if rows else set()


def _headlines(runs: Sequence[Run]) -> list[str]:
    """The keyframe-free control first, then the benchmark as the paper asks it."""
    return [name for name in (paper.KEYFRAME_FREE, paper.MAIN) if any(run.figures(name) for run in runs)]


def _asked(runs: Sequence[Run], control: str, group: str) -> bool:
    return any(group in (run.figures(control) or {"groups": {}})["groups"] for run in runs)


def _believable(runs: Sequence[Run], ceiling: Mapping[str, Json] | None) -> Iterator[Table]:
    yield belief.controls_table(runs, ceiling)
    for control in _headlines(runs)[:1]:
        for make in (belief.structured_table, belief.parts_table):
            table = make(runs, control)
            if table.rows:
                yield table
    if len(runs) > 1:
        yield belief.tests_table(runs, _headlines(runs))


def _numbered(table: Table, number: int, count: int, what: str = "questions") -> Table:
    """Name the table after its group where there are several."""
    if count == 1:
        return table
    title = f"{table.title} ({what} {number} of {count}: not comparable with the others)"
    return Table(f"{table.slug}_{what}{number}", title, table.columns, table.rows, table.notes, table.ranked)


def _markdown(runs: Sequence[Run], tables: Sequence[Table], pictures: Sequence[Path]) -> str:
    parts = ["# Benchmark report\n", *map(_about, runs), *(table.markdown() for table in tables)]
    parts += [f"![{path.stem}]({path.name})\n" for path in pictures]
    return "\n".join(parts)


def _about(run: Run) -> str:
    values = run.values
    headline = paper.CONTROLS.get(values["headline"] or "", "none")
    return (
        f"**{run.name}**: {values['questions']} questions, data {values['data_sha256'][:12]}, wording "
        f"{values['wording_sha256'][:12]}; headline: {headline}.\n"
    )


def load_ceiling(path: Path | None) -> dict[str, Json] | None:
    """Read the agreement of two annotators, as `human_ceiling` gives it or as an object of name to number.

    Each figure has `value` and, where it is known, `by_episode` with `low` and `high`; `lite` is a share.
    """
    if path is None:
        return None
    raw: Json = read_json(path)
    figures = raw.get("figures", raw)
    try:
        return {name: figure_of(value) for name, value in figures.items()}
    except (TypeError, AttributeError, KeyError) as error:
        raise BenchError(f"{path} must be an object of names and numbers") from error


def figure_of(value: object) -> Json:
    """Return a figure of a bare number, or of one with its interval. Raises TypeError where it is neither."""
    if isinstance(value, int | float):
        return {"value": float(value)}
    if isinstance(value, dict) and isinstance(value["value"], int | float):
        return value
    raise TypeError(f"{value!r} is no figure")
