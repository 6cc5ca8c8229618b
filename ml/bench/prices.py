"""What a run costs: a price table, an estimate before it, the sum while it goes on.

PRICES.toml, in any one currency:

    [models."gpt-4o"]
    input = 2.5      # a million input tokens
    output = 10      # a million output tokens
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ml.bench.chat import Reply
from ml.bench.errors import BenchError
from ml.bench.items import Item

CHARACTERS_A_TOKEN: Final = 4
IMAGE_TOKENS: Final = 300  # a 640x480 frame for Qwen3-VL: patches of 16 merged 2 x 2
_MILLION: Final = 1e6


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a million tokens of each kind."""

    input: float
    output: float

    def of(self, input_tokens: int, output_tokens: int) -> float:
        """Return what these tokens cost."""
        return (input_tokens * self.input + output_tokens * self.output) / _MILLION


@dataclass(slots=True)
class Meter:
    """Tokens of one or more requests, as the server counts them."""

    input_tokens: int = 0
    output_tokens: int = 0

    def add(self, reply: Reply) -> None:
        """Count a reply."""
        self.input_tokens += reply.input_tokens or 0
        self.output_tokens += reply.output_tokens or 0


@dataclass(frozen=True, slots=True)
class Estimate:
    """What is still to be asked: at most this many tokens; `cost` is None without a price."""

    questions: int
    input_tokens: int
    output_tokens: int
    cost: float | None

    def __str__(self) -> str:
        money = "no price known" if self.cost is None else f"at most {self.cost:.2f}"
        return (
            f"{self.questions} questions, some {self.input_tokens} input tokens, "
            f"at most {self.output_tokens} output tokens: {money}"
        )


def load_prices(path: Path | None) -> dict[str, Price]:
    """Read a price table. Raises BenchError where it is none."""
    if path is None:
        return {}
    try:
        models = tomllib.loads(path.read_text(encoding="utf-8"))["models"]
        prices = {name: Price(float(raw["input"]), float(raw["output"])) for name, raw in models.items()}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BenchError(
            f"{path} is no price table ([models.NAME] with input and output): {error}"
        ) from error
    if any(price.input < 0 or price.output < 0 for price in prices.values()):
        raise BenchError(f"{path} has a negative price")
    return prices


def estimate(items: Iterable[Item], max_tokens: int, price: Price | None) -> Estimate:
    """Estimate from the lengths of the texts, 300 tokens a picture, and the longest answers allowed."""
    questions = sent = 0
    for item in items:
        questions += 1
        sent += len(item.prompt) // CHARACTERS_A_TOKEN + IMAGE_TOKENS * len(item.images)
    got = questions * max_tokens
    return Estimate(questions, sent, got, price.of(sent, got) if price else None)
