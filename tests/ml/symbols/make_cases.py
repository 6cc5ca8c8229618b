"""The cases that Python and the browser share, and the golden images.

Run `python -m tests.ml.symbols.make_cases` when the format is meant to change, and look at the difference.
When they were made, the golden images (but for the two signs, which are ours) were equal in every pixel to
drawings made with OpenCV 4's line, ellipse, fillPoly, polylines and putText.
"""

from __future__ import annotations

import json
import random
from itertools import product
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from ml.symbols import (
    ARMS,
    ArmCommand,
    Command,
    Crosshair,
    DualCrosshair,
    Frame,
    Lock,
    Move,
    Rewind,
    RotatingArrow,
    Size,
    StateLabel,
    StraightArrow,
    Symbol,
    View,
    agreement,
    bounds,
    command_text,
    display_list,
    draw,
    parse_command,
    print_code,
    to_normalized,
    to_raw,
)
from ml.symbols.types import COLORS, ROTATIONS, STATES

CASES = Path(__file__).parents[2] / "cases" / "symbols"
SIZES = (Size(640, 480), Size(1280, 720), Size(320, 180), Size(424, 240), Size(1920, 1080), Size(90, 120))

ONE_OF_EACH: dict[str, Symbol] = {
    "arrow_one_color": StraightArrow((60, 130), (180, 60), ("blue",)),
    "arrow_two_colors": StraightArrow((40, 40), (200, 150), ("green", "red")),
    "arrow_three_colors": StraightArrow((200, 20), (30, 140), ("red", "green", "blue")),
    "arrow_too_short": StraightArrow((100, 100), (108, 100), ("red",)),
    "rotating_clockwise": RotatingArrow((100, 90), "clockwise"),
    "rotating_counter_clockwise": RotatingArrow((100, 90), "counter-clockwise"),
    "dual_crosshair": DualCrosshair((50, 50), (180, 130)),
    "dual_crosshair_at_one_place": DualCrosshair((70, 70), (70, 70)),
    "crosshair": Crosshair((80, 80)),
    "on": StateLabel((90, 60), "ON"),
    "off": StateLabel((90, 60), "OFF"),
    "lock": Lock((120, 90)),
    "rewind": Rewind((120, 90)),
}


def background(size: Size) -> Frame:
    """Return a smooth colored frame on which black, white and every symbol color stand out."""
    y, x = np.mgrid[0 : size.height, 0 : size.width]
    red, green, blue = 60 + 120 * x // size.width, 60 + 120 * y // size.height, 150 - 60 * x // size.width
    return np.stack([red, green, blue], axis=-1).astype(np.uint8)


def random_symbol(chance: random.Random, size: Size) -> Symbol:
    """Return a symbol anywhere in the frame, its edges included."""

    def point() -> tuple[int, int]:
        return chance.randrange(size.width), chance.randrange(size.height)

    kind = chance.choice((StraightArrow, RotatingArrow, DualCrosshair, Crosshair, StateLabel, Lock, Rewind))
    if kind is StraightArrow:
        return StraightArrow(point(), point(), tuple(chance.sample(COLORS, chance.randint(1, 3))))
    if kind is RotatingArrow:
        return RotatingArrow(point(), chance.choice(ROTATIONS))
    if kind is DualCrosshair:
        return DualCrosshair(point(), point())
    return StateLabel(point(), chance.choice(STATES)) if kind is StateLabel else kind(point())


def random_sets() -> list[tuple[Size, list[Symbol]]]:
    chance = random.Random(20)
    return [(size, [random_symbol(chance, size) for _ in range(3)]) for size in SIZES * 5]


def display_cases() -> list[dict[str, Any]]:
    # The rows where twelve times the sine of 150 degrees, a hair under six, decides a truncation.
    top_edge = [
        (Size(640, 480), [RotatingArrow((60, y), turn)]) for y in (0, 27, 31, 40, 52) for turn in ROTATIONS
    ]
    sets = [(SIZES[0], [symbol]) for symbol in ONE_OF_EACH.values()] + top_edge + random_sets()
    return [
        {
            "size": [size.width, size.height],
            "symbols": [to_raw(symbol) for symbol in symbols],
            "codes": [print_code(to_normalized(symbol, size)) for symbol in symbols],
            "display": display_list(symbols, size),
            "bounds": bounds(symbols, size),
        }
        for size, symbols in sets
    ]


def _arm_commands(arm: str) -> list[ArmCommand]:
    moves: list[tuple[Move, ...]] = [
        (),
        (Move("upward"),),
        (Move("right", "significantly"), Move("backward", "slightly")),
        (Move("left"), Move("forward", "slightly"), Move("downward", "significantly")),
    ]
    acting = product(moves, (None, *ROTATIONS), (None, "open", "close"))
    parts = [ArmCommand(arm, move, turn, grasp) for move, turn, grasp in acting if move or turn or grasp]
    return [*parts, ArmCommand(arm, hold=True), ArmCommand(arm, back=True)]


def command_cases() -> list[dict[str, Any]]:
    left, right = (_arm_commands(arm) for arm in ARMS)
    chance = random.Random(4)
    both = [Command((chance.choice(left), chance.choice(right))) for _ in range(20)]
    commands = [Command(hold=True), *(Command((part,)) for part in left + right), *both]
    return [{"command": command.to_json(), "text": command_text(command)} for command in commands]


AGREEMENT_COMMANDS = (
    "Hold still.",
    "Move the left gripper forward.",
    "Move the left gripper to the right and backward.",
    "Move the right gripper downward and forward, and rotate the right gripper clockwise.",
    "Open the left gripper; move the right gripper to the left.",
    "Hold the left gripper still; rotate the right gripper counter-clockwise.",
    "Move the left gripper back to its previous pose; close the right gripper.",
)


def agreement_cases() -> list[dict[str, Any]]:
    chance = random.Random(11)
    size = SIZES[0]
    views = (View(), View(), View("down", "right", "up"), View("left", "down", None))
    sets: list[list[Symbol]] = [[symbol] for symbol in ONE_OF_EACH.values()]
    sets += [[random_symbol(chance, size) for _ in range(chance.randint(0, 3))] for _ in range(12)]
    cases = []
    for symbols, text in product(sets, AGREEMENT_COMMANDS):
        command, view = parse_command(text), chance.choice(views)
        cases.append(
            {
                "symbols": [to_raw(symbol) for symbol in symbols],
                "command": command.to_json(),
                "view": {"forward": view.forward, "left": view.left, "up": view.up},
                "agreement": agreement(symbols, command, view).to_json(),
            }
        )
    return cases


def golden_sets() -> dict[str, tuple[Size, list[Symbol]]]:
    """Return the sets of symbols that have a golden image, each cut out at its bounds."""
    sets = {
        name: (Size(640, 480), [symbol]) for name, symbol in ONE_OF_EACH.items() if name != "arrow_too_short"
    }
    large = Size(1920, 1080)
    sets["arrow_large_frame"] = (large, [StraightArrow((100, 100), (250, 260), ("red", "blue"))])
    sets["signs_large_frame"] = (large, [Lock((120, 120)), Rewind((280, 130))])
    sets["frame_corners"] = (
        Size(160, 90),
        [
            StateLabel((0, 0), "ON"),
            RotatingArrow((159, 0), "clockwise"),
            Crosshair((0, 89)),
            DualCrosshair((159, 89), (100, 20)),
            StraightArrow((20, 80), (80, 0), ("green", "blue")),
        ],
    )
    return sets


def golden_image(size: Size, symbols: list[Symbol]) -> Frame:
    """Return the drawing on the background, cut out at the symbols' bounds."""
    left, top, right, bottom = bounds(symbols, size)
    return draw(background(size), symbols)[top:bottom, left:right]


def tables() -> dict[str, list[dict[str, Any]]]:
    """Return the contents of the case files by name, as JSON reads them back."""
    golden = [
        {
            "name": name,
            "size": [size.width, size.height],
            "symbols": [to_raw(symbol) for symbol in symbols],
            "crop": bounds(symbols, size),
        }
        for name, (size, symbols) in golden_sets().items()
    ]
    made = {
        "display": display_cases(),
        "commands": command_cases(),
        "agreement": agreement_cases(),
        "golden": golden,
    }
    return {name: json.loads(json.dumps(cases)) for name, cases in made.items()}


def main() -> None:
    (CASES / "golden").mkdir(parents=True, exist_ok=True)
    for name, cases in tables().items():
        lines = ",\n".join(json.dumps(case) for case in cases)
        (CASES / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    for name, (size, symbols) in golden_sets().items():
        image = cv2.cvtColor(golden_image(size, symbols), cv2.COLOR_RGB2BGR)
        cv2.imwrite(str(CASES / "golden" / f"{name}.png"), image)


if __name__ == "__main__":
    main()
