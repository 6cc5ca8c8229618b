"""Chance-corrected agreement of two annotators on the same things."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kappa:
    """Cohen's kappa (Cohen 1960) over `n` pairs of labels, with the share of equal ones.

    `kappa` is 1 for perfect agreement and 0 for chance; None where it is not defined: of nothing, and where
    both used one and the same label throughout, which chance alone explains.
    """

    n: int
    observed: float | None
    kappa: float | None


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> Kappa:
    """Each pair is what the first and what the second annotator chose for one thing."""
    n = len(pairs)
    if not n:
        return Kappa(0, None, None)
    observed = sum(one == other for one, other in pairs) / n
    first, second = (Counter(labels) for labels in zip(*pairs, strict=True))
    expected = sum(first[label] * second[label] for label in first) / n**2
    return Kappa(n, observed, None if expected == 1 else (observed - expected) / (1 - expected))
