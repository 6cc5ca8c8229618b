"""Command line: `python -m ml.vqa build | export | import | lint | synthesize`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from tqdm import tqdm

from ml.prompts import PackError
from ml.symbols import Size
from ml.vqa.build import build
from ml.vqa.formats import FORMATS, export
from ml.vqa.importing import import_release
from ml.vqa.lint import Report, lint
from ml.vqa.streams import DataError, Json
from ml.vqa.synthesize import PAPER_EPISODES, synthesize

_USAGE_ERROR: Final = 2
_SHOWN: Final = 20


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 where lint found errors, 2 where an input cannot be used."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (DataError, PackError) as error:
        message = str(error)
    except OSError as error:
        message = f"{error.filename}: {error.strerror}" if error.filename else str(error)
    print(f"error: {message}", file=sys.stderr)
    return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ml.vqa", description="VQA data of robot failures, from annotations."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    _add_build(commands)
    _add_export(commands)
    _add_import(commands)
    _add_lint(commands)
    _add_synthesize(commands)
    return parser


Commands = argparse._SubParsersAction  # argparse has no public name for it


def _add_build(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("build", help="write training data and a benchmark of annotations")
    command.add_argument("annotations", type=Path, metavar="annotations.json")
    command.add_argument(
        "--images", type=Path, required=True, metavar="ROOT", help="root of the paths of pictures"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--seed", type=int, default=0, help="same seed, same bytes (default: 0)")
    command.add_argument("--templates", type=Path, metavar="PACK.toml", help="wording; default: our own")
    command.add_argument(
        "--split",
        type=Path,
        metavar="SPLIT.toml",
        help="what is benchmark; default: 10%% of the episodes, 5%% of the tasks",
    )
    command.add_argument(
        "--controls", action="store_true", help="also the benchmark's controls, below VQA/controls"
    )
    command.add_argument(
        "--size",
        type=_size,
        metavar="WxH",
        help="of frames that are not there to be measured (default: 640x480, flagged)",
    )
    _add_formats(command)
    command.set_defaults(run=_build)


def _add_export(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("export", help="write files of records in the forms of training tools")
    command.add_argument("records", type=Path, nargs="+", metavar="VQA.json")
    _add_formats(command, required=True)
    command.add_argument(
        "--images", type=Path, metavar="ROOT", help="root of the paths of pictures, for parquet"
    )
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.add_argument("--plain", action="store_true", help="release form without our own fields")
    command.set_defaults(run=_export)


def _add_formats(command: argparse.ArgumentParser, required: bool = False) -> None:
    command.add_argument(
        "--format",
        dest="formats",
        action="append",
        choices=FORMATS,
        required=required,
        default=None if required else [],
        help="may be given several times; each goes to a folder of its name below DIR",
    )


def _add_import(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("import", help="read the authors' release tree: raw and VQA records")
    command.add_argument("root", type=Path, metavar="DIR")
    command.add_argument("--out", type=Path, metavar="DIR", help="write it there, with our own fields beside")
    command.set_defaults(run=_import)


def _add_lint(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("lint", help="look for what is wrong with records; exit status 1 on errors")
    command.add_argument("records", type=Path, nargs="+", metavar="VQA.json")
    command.add_argument(
        "--images", type=Path, metavar="ROOT", help="root of the paths; without it, none is looked for"
    )
    command.add_argument("--json", action="store_true", help="every finding as a line of JSON")
    command.add_argument("--all", action="store_true", help="show every finding, not the first 20 of a kind")
    command.set_defaults(run=_lint)


def _add_synthesize(commands: Commands[argparse.ArgumentParser]) -> None:
    command = commands.add_parser("synthesize", help="write annotation records with the paper's counts")
    command.add_argument("--episodes", type=_count, default=PAPER_EPISODES, help="default: %(default)s")
    command.add_argument("--seed", type=int, default=0)
    command.add_argument("--out", type=Path, required=True, metavar="DIR")
    command.set_defaults(run=_synthesize)


def _size(text: str) -> Size:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as WIDTHxHEIGHT, like 640x480")
    return Size(int(width), int(height))


def _count(text: str) -> int:
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of episodes; it must be at least 1")
    return int(text)


class _Bar:
    """Progress on stderr, one bar for each stage."""

    def __init__(self) -> None:
        self._bar: tqdm[None] | None = None
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        if self._bar is None or stage != self._stage:
            self.close()
            self._stage = stage
            self._bar = tqdm(desc=stage, total=total, unit="B", unit_scale=True, leave=False, disable=None)
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Remove the bar."""
        if self._bar is not None:
            self._bar.close()


def _build(options: argparse.Namespace) -> int:
    bar = _Bar()
    try:
        told = build(
            options.annotations,
            images=options.images,
            out=options.out,
            seed=options.seed,
            templates=options.templates,
            split_file=options.split,
            controls=options.controls,
            size=options.size,
            progress=bar,
        )
        files = [options.out / name for name in told["sha256"]]
        formats = [name for name in options.formats if name != "release"]  # which a build always writes
        export(files, options.out, formats, images=options.images, progress=bar)
    finally:
        bar.close()
    _print_build(told)
    return 0


def _export(options: argparse.Namespace) -> int:
    bar = _Bar()
    try:
        told = export(
            options.records,
            options.out,
            list(dict.fromkeys(options.formats)),
            images=options.images,
            plain=options.plain,
            progress=bar,
        )
    finally:
        bar.close()
    print(json.dumps(told))
    return 0


def _print_build(told: Json) -> None:
    """Counts on stdout; on stderr all that was not asked, missing or assumed."""
    for name, tags in told["records"].items():
        print(f"{sum(tags.values()):8,}  {name}")
    for tag, reasons in told["not_asked"].items():
        for reason, count in reasons.items():
            print(f"not asked: {count:,} of {tag}: {reason}", file=sys.stderr)
    for flag, count in told["flags"].items():
        print(f"warning: {count:,} {flag}", file=sys.stderr)


def _import(options: argparse.Namespace) -> int:
    bar = _Bar()
    try:
        told = import_release(options.root, options.out, bar)
    finally:
        bar.close()
    print(json.dumps(told, ensure_ascii=False))
    for flag, count in told["flags"].items():
        print(f"warning: {count:,} {flag}", file=sys.stderr)
    return 0


def _lint(options: argparse.Namespace) -> int:
    report, bar = Report(), _Bar()
    if options.images and not options.images.is_dir():
        raise DataError(f"{options.images} is no folder of pictures")
    try:
        for placed in lint(options.records, options.images, report, bar):
            finding = placed.finding
            counts = report.errors if finding.severity == "error" else report.warnings
            if options.json:
                print(json.dumps(placed.to_json(), ensure_ascii=False))
            elif options.all or counts[finding.code] <= _SHOWN:
                place = f"{placed.file}:{placed.number}: {placed.id or 'no id'}"
                print(f"{place}: {finding.severity}: {finding.message} [{finding.code}]")
    finally:
        bar.close()
    _print_report(report, hides=not (options.json or options.all), looked=options.images is not None)
    return 1 if report.errors else 0


def _print_report(report: Report, hides: bool, looked: bool) -> None:
    """The counts on stderr, all of them, with what was not shown."""
    for severity, counts in (("error", report.errors), ("warning", report.warnings)):
        for code, count in sorted(counts.items()):
            hidden = f", {count - _SHOWN:,} not shown (--all)" if hides and count > _SHOWN else ""
            print(f"{severity}: {count:,} {code}{hidden}", file=sys.stderr)
    if not looked:
        print("warning: no picture was looked for; give --images ROOT", file=sys.stderr)
    errors, warnings = sum(report.errors.values()), sum(report.warnings.values())
    print(f"{report.records:,} records, {errors:,} errors, {warnings:,} warnings", file=sys.stderr)


def _synthesize(options: argparse.Namespace) -> int:
    print(json.dumps(synthesize(options.episodes, options.seed, options.out)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
