"""The visual-symbol domain that every part shares: symbols, codes, commands, comparison, drawing."""

from ml.symbols.agreement import DEFAULT_VIEW, Agreement, Reason, View, agreement
from ml.symbols.code_reader import parse_codes
from ml.symbols.codes import CodeError, Parsed, print_code, print_codes
from ml.symbols.command_reader import parse_command
from ml.symbols.command_text import command_text
from ml.symbols.commands import ARMS, ArmCommand, Command, CommandError, Move
from ml.symbols.compare import Comparison, compare
from ml.symbols.display import bounds, display_list
from ml.symbols.primitives import Box, Primitive, SignName
from ml.symbols.raster import Frame, Icons, draw, load_icons
from ml.symbols.raw import from_raw, parse_raw, parse_text, read_raw, to_raw
from ml.symbols.types import (
    NORMALIZED,
    Color,
    Crosshair,
    DualCrosshair,
    Lock,
    Point,
    Rewind,
    RotatingArrow,
    Size,
    Space,
    StateLabel,
    StraightArrow,
    Symbol,
    SymbolError,
    check_inside,
    check_symbol,
    pixels,
    points,
    to_normalized,
    to_pixels,
)

__all__ = [
    "ARMS",
    "DEFAULT_VIEW",
    "NORMALIZED",
    "Agreement",
    "ArmCommand",
    "Box",
    "CodeError",
    "Color",
    "Command",
    "CommandError",
    "Comparison",
    "Crosshair",
    "DualCrosshair",
    "Frame",
    "Icons",
    "Lock",
    "Move",
    "Parsed",
    "Point",
    "Primitive",
    "Reason",
    "Rewind",
    "RotatingArrow",
    "SignName",
    "Size",
    "Space",
    "StateLabel",
    "StraightArrow",
    "Symbol",
    "SymbolError",
    "View",
    "agreement",
    "bounds",
    "check_inside",
    "check_symbol",
    "command_text",
    "compare",
    "display_list",
    "draw",
    "from_raw",
    "load_icons",
    "parse_codes",
    "parse_command",
    "parse_raw",
    "parse_text",
    "pixels",
    "points",
    "print_code",
    "print_codes",
    "read_raw",
    "to_normalized",
    "to_pixels",
    "to_raw",
]
