"""Command line: `python -m ml.symbols render | check | command`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.symbols.codes import CodeError
from ml.symbols.command_reader import parse_command
from ml.symbols.command_text import command_text
from ml.symbols.commands import CommandError
from ml.symbols.raster import Frame, draw, load_icons
from ml.symbols.raw import parse_text, to_raw
from ml.symbols.types import NORMALIZED, Size, SymbolError, pixels, to_pixels

_USAGE_ERROR: Final = 2


class _UsageError(Exception):
    """A file or an option that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status is 0, 1 where the input has errors, 2 where it cannot be used."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (_UsageError, SymbolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m ml.symbols", description="Visual symbols and commands.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    coordinates = argparse.ArgumentParser(add_help=False)
    coordinates.add_argument("--coordinates", choices=("normalized", "pixels"), default="normalized")

    render = commands.add_parser("render", parents=[coordinates], help="draw symbols on a frame")
    render.add_argument("frame", type=Path, metavar="FRAME.png")
    render.add_argument("codes", type=Path, metavar="CODES.txt")
    render.add_argument("out", type=Path, metavar="OUT.png")
    render.add_argument("--lock-icon", type=Path, help="a picture of your own for the lock")
    render.add_argument("--rewind-icon", type=Path, help="a picture of your own for rewind")
    render.set_defaults(run=_render)

    check = commands.add_parser(
        "check", parents=[coordinates], help="read symbols, print them and the errors"
    )
    check.add_argument("codes", type=Path, metavar="CODES.txt")
    check.add_argument("--size", type=_size, metavar="WxH", help="the frame's size, to check pixels against")
    check.set_defaults(run=_check)

    command = commands.add_parser("command", help="read a low-level command")
    command.add_argument("text", metavar="TEXT")
    command.set_defaults(run=_command)
    return parser


def _size(text: str) -> Size:
    width, _, height = text.lower().partition("x")
    if not (width.isdecimal() and height.isdecimal() and int(width) and int(height)):
        raise argparse.ArgumentTypeError(f"{text!r} is no size; write it as WIDTHxHEIGHT, like 640x480")
    return Size(int(width), int(height))


def _render(options: argparse.Namespace) -> int:
    frame = _read_frame(options.frame)
    size = Size(frame.shape[1], frame.shape[0])
    normalized = options.coordinates == "normalized"
    parsed = parse_text(_read_text(options.codes), NORMALIZED if normalized else pixels(size))
    if parsed.errors:
        _print_errors(options.codes, parsed.errors)
        return 1
    symbols = [to_pixels(symbol, size) if normalized else symbol for symbol in parsed.symbols]
    drawn = draw(frame, symbols, icons=load_icons(options.lock_icon, options.rewind_icon))
    try:
        written = cv2.imwrite(str(options.out), cv2.cvtColor(drawn, cv2.COLOR_RGB2BGR))
    except cv2.error as error:
        raise _UsageError(f"{options.out} cannot be written; its name must end in .png or .jpg") from error
    if not written:
        raise _UsageError(f"{options.out} cannot be written")
    return 0


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")  # editors of Windows begin a file with a mark
    except UnicodeDecodeError as error:
        raise _UsageError(f"{path} is no UTF-8 text") from error


def _read_frame(path: Path) -> Frame:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise _UsageError(f"{path} is no picture")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def _print_errors(path: Path, errors: Sequence[CodeError]) -> None:
    for error in errors:
        print(f"{path}:{error.line}:{error.column}: {error.message}", file=sys.stderr)


def _check(options: argparse.Namespace) -> int:
    space = NORMALIZED if options.coordinates == "normalized" else pixels(options.size)
    parsed = parse_text(_read_text(options.codes), space)
    symbols = [to_raw(symbol) for symbol in parsed.symbols]
    print(json.dumps({"symbols": symbols, "errors": [asdict(error) for error in parsed.errors]}))
    return 1 if parsed.errors else 0


def _command(options: argparse.Namespace) -> int:
    try:
        command = parse_command(options.text)
    except CommandError as error:
        print(json.dumps({"error": str(error)}))
        return 1
    print(json.dumps({"command": command.to_json(), "text": command_text(command)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
