"""`python -m ml.bench report`, `ceiling` and `published`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from ml.bench.ceiling import human_ceiling, read_pairs
from ml.bench.cli_run import Commands, bar
from ml.bench.items import data_hash, load_items, wording_hash
from ml.bench.published import PUBLISHED, Published, load_published
from ml.bench.report import load_ceiling, write_report
from ml.bench.report_tables import published_tables
from ml.bench.rundir import write_json


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    command = commands.add_parser("report", help="write tables and plots of runs")
    command.add_argument("directories", type=Path, nargs="+", metavar="RUN")
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument(
        "--ceiling",
        type=Path,
        metavar="FILE.json",
        help="agreement of two annotators, as `ceiling` writes it",
    )
    command.add_argument("--no-plots", action="store_true", help="tables alone; needs no matplotlib")
    _add_published(command)
    command.add_argument(
        "--authors",
        type=Path,
        nargs="+",
        metavar="VQA.json",
        help="the authors' own benchmark: runs that asked just that stand beside the published rows",
    )
    command.set_defaults(run=_report)

    ceiling = commands.add_parser("ceiling", help="score two annotators of the same episodes on each other")
    ceiling.add_argument("first", type=Path, metavar="annotations.json")
    ceiling.add_argument("second", type=Path, metavar="annotations.json")
    ceiling.add_argument("--out", type=Path, required=True, metavar="FILE.json")
    ceiling.set_defaults(run=_ceiling)

    shown = commands.add_parser("published", help="print the paper's rows, marked as published")
    _add_published(shown)
    shown.set_defaults(run=_published)


def _add_published(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--published", type=Path, default=PUBLISHED, metavar="FILE.toml", help="other published rows"
    )


def _report(options: argparse.Namespace) -> int:
    published = load_published(options.published)
    if options.authors:
        published = of_the_authors(published, options.authors)
    with bar("steps") as progress:
        ceiling, plots = load_ceiling(options.ceiling), not options.no_plots
        path = write_report(options.directories, options.out, published, ceiling, progress, plots)
    print(path)
    return 0


def _ceiling(options: argparse.Namespace) -> int:
    found = human_ceiling(read_pairs(options.first, options.second))
    write_json(options.out, found)
    for name, figure in found["figures"].items():
        print(f"{name:28} {figure['value']:.3f}  {figure.get('n', '')}")
    return 0


def of_the_authors(published: Published, files: list[Path]) -> Published:
    """Return the rows as results on the questions of these files."""
    items = load_items(files)
    return replace(published, data_sha256=data_hash(items), wording_sha256=wording_hash(items))


def _published(options: argparse.Namespace) -> int:
    for table in published_tables(load_published(options.published)):
        print(table.markdown())
    return 0
