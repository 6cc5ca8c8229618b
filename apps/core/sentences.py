"""Sentences for people, said in the language of whoever reads them.

Sentences are made where no reader is known: in `ml`, in the worker, in rows of the database. So they are
English in the code, with their data in them, and are translated where they are shown: the catalogue holds
each with the names of its parts in braces, and what stands in their place is looked up as well.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation import get_language, to_locale

PART = re.compile(r"\{(\w+)\}")


def say(sentence: str) -> str:
    """`sentence` in the language that is active, or as it is where the catalogue does not have it."""
    exact, patterns = _catalogue(get_language() or settings.LANGUAGE_CODE)
    if sentence in exact:
        return exact[sentence]
    for pattern, translation in patterns:
        if found := pattern.fullmatch(sentence):
            return translation.format(**{name: say(part) for name, part in found.groupdict().items()})
    return sentence


def catalogue_path(language: str) -> Path:
    return Path(settings.LOCALE_PATHS[0]) / to_locale(language) / "LC_MESSAGES" / "django.po"


@cache
def _catalogue(language: str) -> tuple[dict[str, str], list[tuple[re.Pattern[str], str]]]:
    """Sentences without parts, and patterns of those with parts; longer ones first, for they say more."""
    messages = sorted(_messages(catalogue_path(language)), key=lambda pair: -len(pair[0]))
    exact = {sentence: said for sentence, said in messages if not PART.search(sentence)}
    return exact, [(_pattern(sentence), said) for sentence, said in messages if PART.search(sentence)]


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    if path.exists():
        with path.open("rb") as file:
            for message in read_po(file):
                if isinstance(message.id, str) and isinstance(message.string, str) and message.string:
                    yield message.id, message.string


def _pattern(sentence: str) -> re.Pattern[str]:
    pieces = PART.split(sentence)  # text, name, text, name, ... text
    named = [re.escape(piece) if i % 2 == 0 else f"(?P<{piece}>.+?)" for i, piece in enumerate(pieces)]
    return re.compile("".join(named), re.DOTALL)
