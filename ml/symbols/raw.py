"""The release's JSON form of symbols (`move_arrow`, `rotate_arrow`, ...), written and read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from ml.symbols.code_reader import parse_codes
from ml.symbols.codes import Errors, Parsed
from ml.symbols.types import (
    Color,
    Crosshair,
    DualCrosshair,
    Lock,
    Point,
    Rewind,
    RotatingArrow,
    Rotation,
    Size,
    Space,
    State,
    StateLabel,
    StraightArrow,
    Symbol,
    SymbolError,
    check_symbol,
    pixels,
)

_BLANKS: Final = re.compile(r"[ \t\r\n]*")
_DECODE: Final = json.JSONDecoder().raw_decode
Raw = Mapping[str, Any]
LARGEST: Final = 10**9  # no frame is wider; a bound keeps every message short


def to_raw(symbol: Symbol) -> dict[str, Any]:
    """Return the release's JSON form of a symbol; its points stay in the space they are in."""
    match symbol:
        case StraightArrow(start, end, colors):
            return {"type": "move_arrow", "start": list(start), "end": list(end), "colors": list(colors)}
        case RotatingArrow(center, direction):
            return {"type": "rotate_arrow", "center": list(center), "direction": direction}
        case DualCrosshair(start, end):
            return {"type": "dual_crosshair", "p1": list(start), "p2": list(end)}
        case Crosshair(position):
            return {"type": "crosshair", "pos": list(position)}
        case StateLabel(position, text):
            return {"type": "state", "pos": list(position), "text": text}
        case Lock(position):
            return {"type": "lock", "pos": list(position)}
        case Rewind(position):
            return {"type": "rewind", "pos": list(position)}


def from_raw(raw: object, size: Size | None = None) -> Symbol:
    """Read one symbol of the release's JSON form, in pixels; with a size, its range is checked.

    Raises SymbolError with one sentence on anything malformed.
    """
    return read_raw(raw, pixels(size))


def read_raw(raw: object, space: Space) -> Symbol:
    """Read one symbol of the release's JSON form in the given space; raises SymbolError."""
    if not isinstance(raw, Mapping):
        raise SymbolError(f"a symbol must be an object with a type of {', '.join(_READERS)}")
    kind = raw.get("type")
    if not isinstance(kind, str) or kind not in _READERS:
        raise SymbolError(f"{_shown(kind)} is no symbol type; it must be one of {', '.join(_READERS)}")
    return check_symbol(_READERS[kind](raw), space)


def _shown(value: object) -> str:
    """A short description of any value, however large or deep it is."""
    return repr(value[:40]) if isinstance(value, str) else f"a {type(value).__name__}"


def _number(value: object, key: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value // 1:
        raise SymbolError(f"{key} must be two whole numbers [x, y]; one of them is {_shown(value)} instead")
    if not -LARGEST <= value <= LARGEST:
        raise SymbolError(f"{key} has a number beyond any frame; it must be from 0 to the frame's last pixel")
    return int(value)


def _point(raw: Raw, key: str) -> Point:
    value = raw.get(key)
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise SymbolError(f"{key} must be two whole numbers [x, y], not {_shown(value)}")
    return _number(value[0], key), _number(value[1], key)


def _text(value: object, key: str) -> str:
    if not isinstance(value, str):
        raise SymbolError(f"{key} must be a text, not {_shown(value)}")
    return value


def _colors(raw: Raw) -> tuple[Color, ...]:
    value = raw.get("colors")
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list | tuple):
        raise SymbolError("colors must be a list of red, green, blue")
    return tuple(cast(Color, _text(color, "a color")) for color in value)


def _rotating(raw: Raw) -> RotatingArrow:
    direction = cast(Rotation, _text(raw.get("direction"), "direction"))
    return RotatingArrow(_point(raw, "center") if "center" in raw else _midpoint(raw), direction)


def _midpoint(raw: Raw) -> Point:
    """The center in older files, which give the two ends of the arrow instead."""
    if "start" not in raw and "end" not in raw:
        raise SymbolError("a rotate_arrow must have a center [x, y], or a start and an end around it")
    (x1, y1), (x2, y2) = _point(raw, "start"), _point(raw, "end")
    return (x1 + x2) // 2, (y1 + y2) // 2


_READERS: Final[dict[str, Callable[[Raw], Symbol]]] = {
    "move_arrow": lambda raw: StraightArrow(_point(raw, "start"), _point(raw, "end"), _colors(raw)),
    "rotate_arrow": _rotating,
    "dual_crosshair": lambda raw: DualCrosshair(_point(raw, "p1"), _point(raw, "p2")),
    "crosshair": lambda raw: Crosshair(_point(raw, "pos")),
    "state": lambda raw: StateLabel(_point(raw, "pos"), cast(State, _text(raw.get("text"), "text"))),
    "lock": lambda raw: Lock(_point(raw, "pos")),
    "rewind": lambda raw: Rewind(_point(raw, "pos")),
}


def parse_raw(text: str, space: Space) -> Parsed:
    """Read JSON text of one raw symbol, of several one after the other (JSON lines), or of an array of them.

    Never raises: what cannot be read becomes an error at the place of its element. JSON that is broken ends
    the reading, because nothing tells where the next element begins.
    """
    symbols: list[Symbol] = []
    errors = Errors(text)
    try:
        for offset, value in _elements(text):
            try:
                symbols.append(read_raw(value, space))
            except SymbolError as error:
                errors.add(offset, str(error))
            if errors.full:
                break
    except json.JSONDecodeError as error:
        errors.add(error.pos, f"this is not JSON: {error.msg.lower()}")
    except RecursionError:
        errors.add(0, "this JSON is nested too deeply to be a list of symbols")
    except ValueError:  # the interpreter's limit on the digits of a number
        errors.add(0, "this JSON has a number of thousands of digits")
    return Parsed(tuple(symbols), errors.listed())


def _elements(text: str) -> Iterator[tuple[int, object]]:
    """Decode the elements of an array, or of JSON lines, one by one, each with the offset where it begins."""
    position = _skip(text, 0)
    in_array = text.startswith("[", position)
    return _array(text, _skip(text, position + 1)) if in_array else _json_lines(text, position)


def _json_lines(text: str, position: int) -> Iterator[tuple[int, object]]:
    more = True
    while more:
        value, end = _DECODE(text, position)
        yield position, value
        position = _skip(text, end)
        more = position < len(text)


def _array(text: str, position: int) -> Iterator[tuple[int, object]]:
    more = not text.startswith("]", position)
    while more:
        value, end = _DECODE(text, position)
        yield position, value
        position = _skip(text, end)
        more = text.startswith(",", position)
        position = _skip(text, position + 1) if more else position
    if not text.startswith("]", position):
        raise json.JSONDecodeError("expected a comma or the list's end", text, position)
    rest = _skip(text, position + 1)
    if rest != len(text):
        raise json.JSONDecodeError("nothing may follow the symbols", text, rest)


def _skip(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def parse_text(text: str, space: Space) -> Parsed:
    """Read symbols from text codes or, where the text begins as JSON, from their raw form."""
    if text.lstrip().startswith(("[", "{")):
        parsed = parse_raw(text, space)
        if parsed.symbols or "draw" not in text.lower():
            return parsed
    return parse_codes(text, space)
