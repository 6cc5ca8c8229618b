"""The commands of the text codes: their names, their named elements, and what they make."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from ml.symbols.types import (
    COLORS,
    ROTATIONS,
    Color,
    Crosshair,
    DualCrosshair,
    Lock,
    Point,
    Rewind,
    RotatingArrow,
    Rotation,
    Space,
    StateLabel,
    StraightArrow,
    Symbol,
)

_MOST_DIGITS: Final = 12
_WHOLE: Final = re.compile(r"[-+]?[0-9]+(?:\.0*)?")

_ROTATIONS: Final[dict[str, Rotation]] = {
    "clockwise": "clockwise",
    "cw": "clockwise",
    "counterclockwise": "counter-clockwise",
    "anticlockwise": "counter-clockwise",
    "ccw": "counter-clockwise",
}


class ReadError(Exception):
    """A code that cannot be read: the offset in the text, and what was expected there."""

    def __init__(self, offset: int, message: str) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Atom:
    """A word or a number of a code, and where it stands."""

    offset: int
    text: str


def plain(word: str) -> str:
    """The letters of a word, so that `Start Point`, `start_point` and `startpoint` are one name."""
    return re.sub(r"[\s_-]", "", word).lower()


class Elements:
    """The named elements of one code, read on demand in the wanted type."""

    def __init__(self, code: Atom, space: Space, values: dict[str, list[Atom]]) -> None:
        self._code, self._space, self._values = code, space, values
        self.offset = code.offset

    def _atoms(self, key: str) -> list[Atom]:
        if not self._values.get(key):
            raise ReadError(self._code.offset, f"Draw {self._code.text} needs '{key}'")
        return self._values[key]

    def point(self, key: str) -> Point:
        """Two whole numbers within the space."""
        atoms = self._atoms(key)
        if len(atoms) != 2:
            raise ReadError(atoms[0].offset, f"'{key}' must be two whole numbers [x, y]")
        x, y = (self._whole(atom, key) for atom in atoms)
        if not self._space.holds((x, y)):
            raise self._out_of_range(key, atoms[0])
        return x, y

    def _whole(self, atom: Atom, key: str) -> int:
        if not _WHOLE.fullmatch(atom.text):
            raise ReadError(atom.offset, f"'{key}' must be two whole numbers [x, y], not {atom.text[:40]!r}")
        digits = atom.text.partition(".")[0]
        if len(digits) > _MOST_DIGITS:
            raise self._out_of_range(key, atom)
        return int(digits)

    def _out_of_range(self, key: str, atom: Atom) -> ReadError:
        message = f"'{key}' is out of range: {self._space.name} need {self._space.range_text}"
        return ReadError(atom.offset, message)

    def direction(self) -> Rotation:
        """The one direction of a rotating arrow."""
        first, *more = self._atoms("direction")
        found = _ROTATIONS.get(plain(first.text))
        if found is None or more:
            raise ReadError(first.offset, f"'direction' must be one of {', '.join(ROTATIONS)}")
        return found

    def colors(self) -> tuple[Color, ...]:
        """The colors in their order, from a list or from one text that names several."""
        words = (
            Atom(atom.offset + match.start(), match[0].lower())
            for atom in self._atoms("color")
            for match in re.finditer(r"[^\s_-]+", atom.text)
        )
        return tuple(_color(word) for word in words if word.text != "and")


def _color(word: Atom) -> Color:
    if word.text not in COLORS:
        message = f"{word.text[:40]!r} is no color; it must be one of {', '.join(COLORS)}"
        raise ReadError(word.offset, message)
    return word.text


@dataclass(frozen=True, slots=True)
class Form:
    """One command of the grammar: its name, its keys and what they make."""

    name: str
    keys: tuple[str, ...]
    build: Callable[[Elements], Symbol]


_FORMS: Final = (
    Form(
        "Straight Arrow",
        ("start_point", "end_point", "color"),
        lambda e: StraightArrow(e.point("start_point"), e.point("end_point"), e.colors()),
    ),
    Form(
        "Rotating Arrow", ("center", "direction"), lambda e: RotatingArrow(e.point("center"), e.direction())
    ),
    Form(
        "Dual Crosshair",
        ("start_point", "end_point"),
        lambda e: DualCrosshair(e.point("start_point"), e.point("end_point")),
    ),
    Form("Crosshair", ("position",), lambda e: Crosshair(e.point("position"))),
    Form("ON", ("position",), lambda e: StateLabel(e.point("position"), "ON")),
    Form("OFF", ("position",), lambda e: StateLabel(e.point("position"), "OFF")),
    Form("Lock", ("position",), lambda e: Lock(e.point("position"))),
    Form("Rewind", ("position",), lambda e: Rewind(e.point("position"))),
)
FORM_BY_NAME: Final = {plain(form.name): form for form in _FORMS} | {"dualcrosshairs": _FORMS[2]}
FORM_NAMES: Final = ", ".join(form.name for form in _FORMS)
