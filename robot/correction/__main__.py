"""Command line: `python -m robot.correction vsf FRAME.png CODES.txt OUT.png`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from ml.symbols import NORMALIZED, Size, SymbolError, load_icons, parse_text, pixels, to_pixels
from robot.correction.vsf import guided_head
from robot.environment import Image

_USAGE_ERROR: Final = 2


class _UsageError(Exception):
    """A file or an option that cannot be used."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the status is 0, 1 where the codes have errors, 2 where input is unusable."""
    options = _parser().parse_args(arguments)
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except (_UsageError, SymbolError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m robot.correction", description="Corrections.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    vsf = commands.add_parser("vsf", help="what a policy is shown of the head camera to follow symbols")
    vsf.add_argument("frame", type=Path, metavar="FRAME.png")
    vsf.add_argument("codes", type=Path, metavar="CODES.txt")
    vsf.add_argument("out", type=Path, metavar="OUT.png")
    vsf.add_argument("--coordinates", choices=("normalized", "pixels"), default="normalized")
    vsf.add_argument("--lock-icon", type=Path, help="a picture of your own for the lock")
    vsf.add_argument("--rewind-icon", type=Path, help="a picture of your own for rewind")
    vsf.set_defaults(run=_vsf)
    return parser


def _vsf(options: argparse.Namespace) -> int:
    frame = _read_frame(options.frame)
    size = Size(frame.shape[1], frame.shape[0])
    normalized = options.coordinates == "normalized"
    parsed = parse_text(_read_text(options.codes), NORMALIZED if normalized else pixels(size))
    for error in parsed.errors:
        print(f"{options.codes}:{error.line}:{error.column}: {error.message}", file=sys.stderr)
    if parsed.errors:
        return 1
    if not parsed.symbols:
        raise _UsageError(f"{options.codes} has no codes")
    symbols = [to_pixels(symbol, size) if normalized else symbol for symbol in parsed.symbols]
    icons = load_icons(options.lock_icon, options.rewind_icon)
    _write(options.out, guided_head(frame, symbols, icons))
    return 0


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise _UsageError(f"{path} is no UTF-8 text") from error


def _read_frame(path: Path) -> Image:
    data = np.frombuffer(path.read_bytes(), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    if picture is None:
        raise _UsageError(f"{path} is no picture")
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB), np.uint8)


def _write(path: Path, image: Image) -> None:
    try:
        written = cv2.imwrite(str(path), cv2.cvtColor(image, cv2.COLOR_RGB2BGR))
    except cv2.error as error:
        raise _UsageError(f"{path} cannot be written; its name must end in .png or .jpg") from error
    if not written:
        raise _UsageError(f"{path} cannot be written")


if __name__ == "__main__":
    sys.exit(main())
