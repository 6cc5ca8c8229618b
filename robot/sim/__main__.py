"""Command line: `python -m robot.sim record | samples`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from robot.sim.failures import FAILURE_TYPES
from robot.sim.layout import TASKS
from robot.sim.recording import record
from robot.sim.samples import make_samples

_USAGE_ERROR: Final = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, or 2 where it cannot be done."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], None] = options.run
    try:
        run(options)
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m robot.sim", description="A simulated ALOHA.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    recorder = commands.add_parser("record", help="record one trial of the scripted expert, with its truth")
    recorder.add_argument("--task", required=True, choices=TASKS)
    recorder.add_argument(
        "--failure",
        action="append",
        choices=("none", *FAILURE_TYPES),
        help="twice: one in each step of the task",
    )
    recorder.add_argument("--seed", type=_seed, default=0)
    recorder.add_argument("--out", type=Path, required=True, metavar="DIR", help="the episode's folder")
    recorder.set_defaults(run=_record)
    samples = commands.add_parser("samples", help="record the sample project's episodes, small")
    samples.add_argument("--out", type=Path, required=True, metavar="DIR")
    samples.set_defaults(run=_samples)
    return parser


def _seed(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; it is a whole number from 0 on")
    return int(text)


def _record(options: argparse.Namespace) -> None:
    asked = [kind for kind in options.failure or () if kind != "none"]
    truth = record(options.task, asked, options.seed, options.out)
    outcome = "succeeded" if truth["success"] else "failed"
    print(f"{truth['stem']}: {truth['frames']} frames, the task {outcome}; {options.out}")


def _samples(options: argparse.Namespace) -> None:
    for line in make_samples(options.out):
        print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
