"""The tolerant reader of text codes, for what people and models write.

It takes any case, blanks anywhere, either quotes or none, trailing punctuation, list bullets, real and
escaped newlines, and codes inside a model's answer block. Quotes carry no meaning: no name or number holds
one. Whatever else stands there becomes an error with its place; nothing is evaluated.
"""

from __future__ import annotations

import re
from typing import Final

from ml.symbols.code_forms import FORM_BY_NAME, FORM_NAMES, Atom, Elements, Form, ReadError, plain
from ml.symbols.codes import Errors, Parsed
from ml.symbols.types import Space, Symbol, SymbolError, check_symbol

# Words have a longest length, so that reading takes time in proportion to the text, whatever it is.
_ESCAPED_NEWLINE: Final = re.compile(r"\\{1,4}[nrt]")
_TYPOGRAPHIC: Final = str.maketrans("“”„‘’‚", "\"\"\"'''")
_ANSWER: Final = re.compile(r"<answer>(.*?)(?:</answer>|\Z)", re.IGNORECASE | re.DOTALL)
_PROMPTS: Final = re.compile(r"""["']?\bvisual[ _]prompts?["']?\s*:""", re.IGNORECASE)
_GLUE: Final = re.compile(r"""(?:[\s"'`\\,.;{}()\[\]*•-]|[0-9]+[.)]\s)*""")
_KEY: Final = re.compile(r"""["'\\]*[A-Za-z][A-Za-z _]{0,40}["'\\]+\s*:\s*""")
_TEXT_VALUE: Final = re.compile(r"""\\*"[^"\n]*"|\\*'[^'\n]*'|-?[0-9]+\b|(?:null|true|false)\b""")
_DRAW: Final = re.compile(r"draw(?![A-Za-z]*ing)", re.IGNORECASE)
_NEXT: Final = re.compile(r"\bdraw|\n", re.IGNORECASE)
_BLANK: Final = re.compile(r"""[\s"'`\\]*""")
_WORD: Final = re.compile(r"[A-Za-z][A-Za-z \t_-]{0,40}")
_NUMBER: Final = re.compile(r"[-+]?[0-9]+(?:\.[0-9]*)?(?![\w.])")
_AFTER_LIST: Final = re.compile(r"""[\s"'\\]*(?:[A-Za-z][A-Za-z _]{0,40}[\s"'\\]*[:=]|[})])""")


def parse_codes(text: str, space: Space) -> Parsed:
    """Read text codes whose points are in `space`.

    Never raises: what cannot be read is an error with its line and column, beside the codes that could be
    read. Where the text has an answer block or a `visual prompts` field, the codes are those in it.
    """
    return _Reader(text, space).read()


class _Reader:
    def __init__(self, text: str, space: Space) -> None:
        self._space = space
        self._errors = Errors(text)
        # Both replacements keep every offset, so that errors name places in the text as it was given.
        newlines_read = _ESCAPED_NEWLINE.sub(lambda match: " " * (len(match[0]) - 1) + "\n", text)
        self._text = newlines_read.translate(_TYPOGRAPHIC)
        self._at, self._end, self._in_answer = _scope(self._text)
        self._complete = False

    def read(self) -> Parsed:
        symbols: list[Symbol] = []
        while not self._errors.full and self._seek_code():
            start = self._at
            try:
                symbols.append(self._build(*self._code()))
            except ReadError as error:
                self._errors.add(error.offset, str(error))
                if not self._complete:
                    self._resume(max(start + 1, error.offset))
        return Parsed(tuple(symbols), self._errors.listed())

    def _seek_code(self) -> bool:
        """Go to the next thing that is no punctuation; tell whether there is one."""
        while True:
            self._take(_GLUE)
            key = self._key_before_value()
            if key is None:
                return self._at < self._end
            self._at = key

    def _key_before_value(self) -> int | None:
        """Where to go on after a JSON key here: before its code, or after another field of an answer."""
        start = self._at
        while start > 0 and self._text[start - 1] in "\"'\\":
            start -= 1
        key = _KEY.match(self._text, start, self._end)
        if key is None or key.end() <= self._at:
            return None
        if _DRAW.match(self._text, _end_of(_GLUE, self._text, key.end(), self._end), self._end):
            return key.end()
        value = _TEXT_VALUE.match(self._text, key.end(), self._end) if self._in_answer else None
        return value.end() if value else None

    def _resume(self, offset: int) -> None:
        """After a code that breaks off go on at the next `draw`, or at the next line."""
        found = _NEXT.search(self._text, offset, self._end)
        self._at = found.start() if found else self._end

    def _code(self) -> tuple[Form, Elements]:
        """Take one code; `_complete` tells afterwards whether its end was found."""
        self._complete = False
        start = self._at
        if self._take(_DRAW) is None:
            raise ReadError(start, f"expected Draw and one of {FORM_NAMES}")
        self._take(_BLANK)
        name = self._take(_WORD)
        form = FORM_BY_NAME.get(plain(name.text)) if name else None
        if form is None:
            raise ReadError(self._at if name is None else name.offset, f"expected one of {FORM_NAMES}")
        self._accept(":")
        values = self._values(form)
        self._complete = True
        return form, Elements(Atom(start, form.name), self._space, values)

    def _build(self, form: Form, elements: Elements) -> Symbol:
        try:
            return check_symbol(form.build(elements), self._space)
        except SymbolError as error:
            raise ReadError(elements.offset, str(error)) from error

    def _values(self, form: Form) -> dict[str, list[Atom]]:
        keys = {plain(key): key for key in form.keys}
        values: dict[str, list[Atom]] = {}
        self._expect("{(", "'{' and the elements")
        while not self._accept("})"):
            word = self._word()
            key = keys.get(plain(word.text)) if word else None
            if word is None or key is None or key in values:
                expected = ", ".join(f"'{k}'" for k in form.keys if k not in values) or "'}'"
                raise ReadError(self._at if word is None else word.offset, f"expected {expected}")
            self._expect(":=", "':'")
            values[key] = self._value()
            if not self._accept(",") and not self._peek("})"):
                raise ReadError(self._at, "expected ',' or '}'")
        return values

    def _value(self) -> list[Atom]:
        if not self._accept("[("):
            return self._bare_list()
        atoms: list[Atom] = []
        while not self._accept("])"):
            atoms.append(self._atom())
            if not self._accept(",") and not self._peek("])"):
                raise ReadError(self._at, "expected ',' or ']'")
        return atoms

    def _bare_list(self) -> list[Atom]:
        """Atoms without brackets, up to the next key: `'color': 'green, red'`."""
        atoms = [self._atom()]
        while (comma := self._peek(",")) and not _AFTER_LIST.match(self._text, comma, self._end):
            self._at = comma
            atoms.append(self._atom())
        return atoms

    def _atom(self) -> Atom:
        self._take(_BLANK)
        atom = self._take(_NUMBER) or self._word()
        if atom is None:
            raise ReadError(self._at, "expected a number or a word")
        return atom

    def _word(self) -> Atom | None:
        self._take(_BLANK)
        return self._take(_WORD)

    def _peek(self, characters: str) -> int | None:
        """The place after the next character where it is one of these; blanks are passed only then."""
        at = _end_of(_BLANK, self._text, self._at, self._end)
        return at + 1 if at < self._end and self._text[at] in characters else None

    def _accept(self, characters: str) -> bool:
        after = self._peek(characters)
        self._at = self._at if after is None else after
        return after is not None

    def _expect(self, characters: str, expected: str) -> None:
        if not self._accept(characters):
            raise ReadError(self._at, f"expected {expected}")

    def _take(self, pattern: re.Pattern[str]) -> Atom | None:
        match = pattern.match(self._text, self._at, self._end)
        if match is None:
            return None
        self._at = match.end()
        return Atom(match.start(), match[0].strip())


def _end_of(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    match = pattern.match(text, start, end)
    return match.end() if match else start


def _scope(text: str) -> tuple[int, int, bool]:
    """Where the codes stand: start, end, and whether that is a model's answer block.

    A chain of thought before the answer repeats its codes, so only the last answer counts.
    """
    start, end, in_answer = 0, len(text), False
    for answer in _ANSWER.finditer(text):
        (start, end), in_answer = answer.span(1), True
    for prompts in _PROMPTS.finditer(text, start, end):
        start, in_answer = prompts.end(), True
    return start, end, in_answer
