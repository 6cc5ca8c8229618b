"""Trivial baselines: what can be had without looking at a picture.

`always-failed` says Failed to everything. `random` picks an option, or another question's reference.
`majority` says what is right most often. `text-prior` picks the option whose words are most typical of right
ones (naive Bayes over words and relative positions). The last two learn from `--train`, or else from the
benchmark's own answers of all *other* episodes (leave one episode out), which is said in the run.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import log
from typing import Final

from ml.bench.items import Item
from ml.prompts import FAILED, QuestionType

BASELINES: Final = ("always-failed", "majority", "random", "text-prior")
_BINS: Final = 5
Words = Counter[str]


class Baseline:
    """One of the baselines, with what it knows from `examples`; `leave_out` leaves out the item's episode."""

    def __init__(self, name: str, examples: Sequence[Item], leave_out: bool, seed: int = 0) -> None:
        self.known = "benchmark, other episodes" if leave_out else f"training, {len(examples)} questions"
        self._name, self._leave_out, self._seed = name, leave_out, seed
        self._answers: dict[QuestionType, Words] = defaultdict(Counter)
        self._words: dict[tuple[QuestionType, bool], Words] = defaultdict(Counter)
        self._of_episode: dict[str, list[Item]] = defaultdict(list)
        self._references: dict[QuestionType, list[Item]] = defaultdict(list)
        for item in examples:
            self._learn(item)

    def _learn(self, item: Item) -> None:
        self._of_episode[item.episode].append(item)
        self._references[item.kind].append(item)
        self._answers[item.kind][_right(item)] += 1
        for word, right in _features(item):
            self._words[item.kind, right][word] += 1

    def answer(self, item: Item) -> str:
        """Return the baseline's answer."""
        if self._name == "always-failed":
            return FAILED
        if self._name == "random":
            return self._random(item)
        if self._name == "text-prior" and item.options:
            return self._typical(item)
        return self._most_often(item)

    def _random(self, item: Item) -> str:
        chance = random.Random(f"{self._seed}/{item.id}")  # noqa: S311
        if item.options:
            return chance.choice(sorted(item.options))
        others = [each for each in self._references[item.kind] if each.episode != item.episode]
        return chance.choice(others).reply if others else ""

    def _own(self, item: Item) -> list[Item]:
        """The examples of the same episode and type, which must not count."""
        if not self._leave_out:
            return []
        return [each for each in self._of_episode[item.episode] if each.kind is item.kind]

    def _most_often(self, item: Item) -> str:
        """The option right most often elsewhere, else the first; without options the commonest reference."""
        counts = self._answers[item.kind] - Counter(_right(each) for each in self._own(item))
        if not item.options:
            return min(counts, key=lambda text: (-counts[text], text), default="")
        return max(sorted(item.options), key=lambda letter: counts[item.options[letter]])

    def _typical(self, item: Item) -> str:
        right, wrong = (Counter(self._words[item.kind, side]) for side in (True, False))
        for each in self._own(item):
            for word, is_right in _features(each):
                (right if is_right else wrong)[word] -= 1

        def odds(letter: str) -> float:
            return _log_odds(_words(item.options[letter], item), right, wrong)

        return max(sorted(item.options), key=odds)


def _right(item: Item) -> str:
    return item.options[item.answer] if item.answer else item.reply


def _features(item: Item) -> Iterator[tuple[str, bool]]:
    for letter, text in item.options.items():
        for word in _words(text, item):
            yield word, letter == item.answer


def _words(text: str, item: Item) -> set[str]:
    """The words of an option; a number becomes its place within the pictures, in fifths."""
    count = max(1, len(item.images))
    found = set()
    for word in re.findall(r"\w+", text.lower()):
        found.add(f"#{min(_BINS, _BINS * int(word) // count)}" if word.isdecimal() else word)
    return found


def _log_odds(words: set[str], right: Mapping[str, int], wrong: Mapping[str, int]) -> float:
    totals = sum(right.values()) + 1, sum(wrong.values()) + 1
    return sum(
        log((right.get(word, 0) + 1) / totals[0]) - log((wrong.get(word, 0) + 1) / totals[1])
        for word in sorted(words)
    ) / max(1, len(words))
