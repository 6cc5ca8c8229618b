"""Command line: `python -m ml.bench run | judge | judge-check | compare | report | ceiling | published`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Final

from ml.bench import cli_compare, cli_judge, cli_report, cli_run
from ml.bench.errors import BenchError

_USAGE_ERROR: Final = 2
_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status is 0, 1 where a check fails or a run stops, 2 for unusable input."""
    parser = argparse.ArgumentParser(prog="python -m ml.bench", description="A benchmark one can believe.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for part in (cli_run, cli_judge, cli_compare, cli_report):
        part.add(commands)
    options = parser.parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except BenchError as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    except KeyboardInterrupt:
        print("stopped; the same command goes on", file=sys.stderr)
        return _INTERRUPTED
    print(f"error: {message}", file=sys.stderr)
    return _USAGE_ERROR


if __name__ == "__main__":
    sys.exit(main())
