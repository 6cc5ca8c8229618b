"""Which messages of one tag are in one phrasing: those that share what is said in many task folders."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from ml.prompts.learning.messages import ANY_MARK
from ml.prompts.learning.slots import Sample

_WORD: Final = re.compile(rf"\w+|{ANY_MARK}")
_LENGTH: Final = 3
_COMMON: Final = 0.2  # a phrasing is said in at least this share of the folders, a task in one
_ALWAYS: Final = 0.9

Shingle = tuple[str, ...]


def clusters(samples: Sequence[Sample], likeness: float, *, by_folder: bool) -> list[list[Sample]]:
    """Put samples together that share this part of what they say in common with others.

    With `by_folder`, what all messages of some folders say and no message of the others is left out: it is of
    the folders' tasks. Where a phrasing was chosen for a folder, that is wrong; so both ways are worth a try.
    """
    own = {sample.text: _shingles(sample.text) for sample in samples}
    common = _common(samples, own, by_folder)
    leaders: list[tuple[frozenset[Shingle], list[Sample]]] = []
    for sample in samples:
        said = own[sample.text] & common
        near = max(leaders, key=lambda leader: _share(said, leader[0]), default=None)
        if near is not None and _share(said, near[0]) >= likeness:
            near[1].append(sample)
        else:
            leaders.append((said, [sample]))
    return [members for _, members in leaders]


def _share(one: frozenset[Shingle], other: frozenset[Shingle]) -> float:
    together = len(one | other)
    return len(one & other) / together if together else 1.0


def _shingles(text: str) -> frozenset[Shingle]:
    words = _WORD.findall(text.lower())
    return frozenset(tuple(words[i : i + _LENGTH]) for i in range(max(len(words) - _LENGTH + 1, 1)))


def _common(
    samples: Sequence[Sample], own: Mapping[str, frozenset[Shingle]], by_folder: bool
) -> frozenset[Shingle]:
    said: dict[Shingle, Counter[str]] = defaultdict(Counter)
    for sample in samples:
        for shingle in own[sample.text]:
            said[shingle][sample.message.folder] += 1
    sizes = Counter(sample.message.folder for sample in samples)
    least = max(2, _COMMON * len(sizes))
    return frozenset(
        shingle
        for shingle, counts in said.items()
        if len(counts) >= least and not (by_folder and _of_tasks(counts, sizes))
    )


def _of_tasks(counts: Mapping[str, int], sizes: Mapping[str, int]) -> bool:
    """Whether some folders always say it and the others never."""
    always = sum(counts[folder] == sizes[folder] for folder in counts)
    return len(counts) < len(sizes) and always >= _ALWAYS * len(counts)
