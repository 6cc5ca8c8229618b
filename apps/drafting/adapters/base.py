"""What every adapter takes and gives: a prompt and where it goes; pieces of an answer, or trouble."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from urllib.parse import urlsplit

MILLION = Decimal(1_000_000)
CHARACTERS_A_TOKEN = 3  # fewer than English has, so that an estimate is rather too high
PICTURE_TOKENS = 1200  # a frame of 1280 x 720 for Qwen-VL: patches of 16, merged two by two


@dataclass(frozen=True)
class Prompt:
    """A system text and a user message of texts and pictures (JPEG), in order; `version` is the wording's."""

    system: str
    parts: tuple[str | bytes, ...]
    version: str

    @property
    def frame_hashes(self) -> list[str]:
        """SHA-256 of each picture."""
        return [hashlib.sha256(part).hexdigest() for part in self.parts if isinstance(part, bytes)]

    @property
    def texts_hash(self) -> str:
        """SHA-256 of all texts, with a mark where a picture stands."""
        texts = [self.system, *(part if isinstance(part, str) else None for part in self.parts)]
        return hashlib.sha256(json.dumps(texts).encode()).hexdigest()

    @property
    def tokens(self) -> int:
        """At least about as many as a server will count."""
        characters = len(self.system) + sum(len(part) for part in self.parts if isinstance(part, str))
        return characters // CHARACTERS_A_TOKEN + PICTURE_TOKENS * len(self.frame_hashes)


@dataclass(frozen=True)
class Target:
    """Which model a prompt goes to, how, and what that costs (prices for a million tokens)."""

    purpose: str
    adapter: str
    model: str = ""
    base_url: str = ""
    key: str = field(default="", repr=False)
    input_price: Decimal = Decimal(0)
    output_price: Decimal = Decimal(0)
    timeout: float = 120.0
    max_tokens: int = 1500

    @property
    def provider(self) -> str:
        """Who answers: the server's name, or the adapter's where there is no server."""
        return urlsplit(self.base_url).hostname or self.adapter

    def cost(self, input_tokens: int, output_tokens: int) -> Decimal:
        return (input_tokens * self.input_price + output_tokens * self.output_price) / MILLION


@dataclass(frozen=True)
class Piece:
    """Some more of an answer; the last has what the server counted, where it tells."""

    text: str = ""
    usage: tuple[int, int] | None = None
    logprobs: tuple[float, ...] = ()


class Trouble(Exception):  # noqa: N818  # not always an error: a refusal is an answer
    """No usable answer, in one sentence for people.

    `tries` is how often it makes sense to try in all; `after` are the seconds that the server asks to wait.
    """

    def __init__(self, message: str, *, tries: int = 1, after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.tries = tries
        self.after = after


Stream = Callable[[Prompt, Target], Iterator[Piece]]
"""An adapter: sends the prompt once and yields the answer as it comes. Raises Trouble."""
