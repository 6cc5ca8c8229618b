"""`python -m ml.bench compare`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from ml.bench.cli_run import Commands
from ml.bench.compare import compare_runs


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("compare", help="paired tests of two runs on the same questions")
    command.add_argument("first", type=Path, metavar="RUN")
    command.add_argument("second", type=Path, metavar="RUN")
    command.set_defaults(run=_compare)


def _compare(options: argparse.Namespace) -> int:
    print(json.dumps(compare_runs(options.first, options.second), indent=2))
    return 0
