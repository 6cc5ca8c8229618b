"""How much CPU time symbols take: `python -m tests.benchmarks.symbols`."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import process_time

import numpy as np

from ml.symbols import (
    NORMALIZED,
    Crosshair,
    DualCrosshair,
    Lock,
    RotatingArrow,
    Size,
    StateLabel,
    StraightArrow,
    Symbol,
    agreement,
    display_list,
    draw,
    parse_codes,
    parse_command,
    print_codes,
    to_pixels,
)
from tests.benchmarks.report import Figure, report

SIZE = Size(640, 480)
# The straight arrow, the rotating arrow and the dual crosshairs of the release's example answer, and one of
# each other kind but rewind.
SYMBOLS: list[Symbol] = [
    StraightArrow((602, 179), (689, 325), ("green", "red")),
    RotatingArrow((550, 179), "clockwise"),
    DualCrosshair((806, 196), (789, 317)),
    Crosshair((412, 300)),
    StateLabel((620, 331), "OFF"),
    Lock((220, 288)),
]
# The same kinds at their heaviest: an arrow of 707 px and crosshairs 715 px apart cross most of the frame.
LONG: list[Symbol] = [
    StraightArrow((63, 83), (938, 983), ("green", "red")),
    RotatingArrow((156, 208), "clockwise"),
    DualCrosshair((47, 938), (953, 63)),
    Crosshair((469, 208)),
    StateLabel((625, 625), "OFF"),
    Lock((312, 625)),
]
COMMAND = (
    "Move the right gripper to the right significantly and backward significantly, and rotate it clockwise."
)


def milliseconds(work: Callable[[], object], repeats: int = 500) -> float:
    """Return the median CPU time of one call, after a tenth of the repeats to warm up."""
    times = []
    for _ in range(repeats + repeats // 10):
        start = process_time()
        work()
        times.append(process_time() - start)
    return round(1000 * median(times[repeats // 10 :]), 4)


def figures() -> list[Figure]:
    """Return the figures; the reference of a drawing is copying the frame, which any drawing has to do."""
    frame = np.full((SIZE.height, SIZE.width, 3), 90, np.uint8)
    drawn, long = ([to_pixels(symbol, SIZE) for symbol in symbols] for symbols in (SYMBOLS, LONG))
    codes, command = print_codes(SYMBOLS), parse_command(COMMAND)
    copying = milliseconds(frame.copy)
    return [
        Figure("draw six symbols on 640x480", milliseconds(lambda: draw(frame, drawn)), "ms", 1.5, copying),
        Figure(
            "draw six long symbols on 640x480", milliseconds(lambda: draw(frame, long)), "ms", 1.5, copying
        ),
        Figure("display list of six symbols", milliseconds(lambda: display_list(drawn, SIZE)), "ms"),
        Figure("display list of six long symbols", milliseconds(lambda: display_list(long, SIZE)), "ms"),
        Figure("read six text codes", milliseconds(lambda: parse_codes(codes, NORMALIZED)), "ms"),
        Figure("read a command", milliseconds(lambda: parse_command(COMMAND)), "ms"),
        Figure("agreement of six symbols", milliseconds(lambda: agreement(drawn, command)), "ms"),
    ]


if __name__ == "__main__":
    report("symbols", figures())
