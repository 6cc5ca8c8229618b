"""Judges: what scores an open-ended answer against its reference, 0 to 1."""

from __future__ import annotations

import hashlib
import os
import re
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Protocol

from ml.bench.chat import ChatClient, RequestError, Retry
from ml.bench.errors import BenchError
from ml.bench.models import ModelOptions, server_url
from ml.bench.prices import CHARACTERS_A_TOKEN, Meter
from ml.bench.structured import OPPOSITES, score_text
from ml.prompts import read_analysis
from ml.symbols import CommandError, parse_command

Level = Literal["high_level", "low_level"]
CRITERIA: Final = Path(__file__).with_name("criteria.toml")
TRIES: Final = 3
_NUMBER: Final = re.compile(r"(?<![\w.-])-?\d+(?:\.\d+)?(?![\w.]*\d)")
_AGAIN: Final = "That is no number from 0.0 to 1.0. Reply with one such number and nothing else."
_REPLY_TOKENS: Final = 256
_PENALTY: Final = 0.2


class JudgeError(Exception):
    """A judge that gave no score in the tries it has."""


@dataclass(frozen=True, slots=True)
class Criteria:
    """The judges' instructions, by level, with the version and hash that every judgement carries."""

    version: str
    texts: Mapping[Level, str]
    digest: str

    def prompt(self, level: Level, reference: str, candidate: str) -> str:
        """Return the message to a judge; braces in answers are left alone."""
        head, _, rest = self.texts[level].partition("{reference}")
        middle, _, tail = rest.partition("{candidate}")
        return f"{head}{reference}{middle}{candidate}{tail}"


@cache
def load_criteria(path: Path = CRITERIA) -> Criteria:
    """Read criteria. Raises BenchError where a level or a place for the texts is missing."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        levels: tuple[Level, ...] = ("high_level", "low_level")
        texts = {level: str(raw[level]["text"]).strip() for level in levels}
        version = str(raw["version"])
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{path} holds no criteria (version, high_level, low_level): {error}") from error
    for level, text in texts.items():
        if not re.search(r"\{reference\}.*\{candidate\}", text, re.DOTALL):
            raise BenchError(f"{path}: {level} must have {{reference}} and, behind it, {{candidate}}")
    digest = hashlib.sha256("\0".join(texts[level] for level in levels).encode()).hexdigest()
    return Criteria(version, texts, digest)


class Judge(Protocol):
    """Scores one answer. `settings` go into the cache key beside the texts."""

    @property
    def name(self) -> str:
        """The name in reports."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What changes its scores."""

    def expected(self, level: Level, reference: str, candidate: str) -> tuple[int, int]:
        """Return about how many input tokens a score takes, and at most how many of output."""

    async def score(self, level: Level, reference: str, candidate: str, meter: Meter | None = None) -> float:
        """Return a score in [0, 1]; `meter` counts what it took. Raises JudgeError where there is none."""

    async def close(self) -> None:
        """Free what it holds."""


def read_score(text: str) -> float | None:
    """Return the one number in a judge's reply if it lies in [0, 1]; None otherwise, never a guess."""
    numbers = set(_NUMBER.findall(re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)))
    if len(numbers) != 1:
        return None
    value = float(numbers.pop())
    return value if 0 <= value <= 1 and "%" not in text else None


@dataclass(slots=True)
class ChatJudge:
    """A model behind an OpenAI-compatible server. Unreadable or out-of-range scores are asked again."""

    name: str
    client: ChatClient
    criteria: Criteria = field(default_factory=load_criteria)
    retry: Retry = field(default_factory=Retry)

    @property
    def settings(self) -> Mapping[str, Any]:
        """The model's and the criteria's names."""
        return {"model": self.name, "temperature": 0, "criteria": self.criteria.digest}

    def expected(self, level: Level, reference: str, candidate: str) -> tuple[int, int]:
        """Estimate for the one try that most scores take."""
        prompt = self.criteria.prompt(level, reference, candidate)
        return len(prompt) // CHARACTERS_A_TOKEN, _REPLY_TOKENS

    async def score(self, level: Level, reference: str, candidate: str, meter: Meter | None = None) -> float:
        """Ask, up to three times, each time with what was wrong before."""
        messages = [{"role": "user", "content": self.criteria.prompt(level, reference, candidate)}]
        said = ""
        for _ in range(TRIES):
            said = await self._ask(messages, meter or Meter())
            value = read_score(said)
            if value is not None:
                return value
            messages += [{"role": "assistant", "content": said}, {"role": "user", "content": _AGAIN}]
        raise JudgeError(f"no score from 0 to 1 in {TRIES} tries, last {said[:80]!r}")

    async def _ask(self, messages: list[dict[str, str]], meter: Meter) -> str:
        body = {"model": self.name, "temperature": 0, "max_tokens": _REPLY_TOKENS, "messages": [*messages]}
        try:
            reply = await self.client.ask(body, self.retry)
        except RequestError as error:
            raise JudgeError(str(error)) from error
        meter.add(reply)
        return reply.text

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


@dataclass(slots=True)
class ScriptedJudge:
    """A judge without a model: commands by value, other texts by the F1 of their words.

    A word of the reference (left, open, clockwise ...) whose opposite stands in the answer instead takes four
    fifths of the score. It is a stand-in for tests and for machines without a model, and says so in its name.
    """

    name: str = "scripted"

    @property
    def settings(self) -> Mapping[str, Any]:
        """Its version."""
        return {"model": self.name, "version": 1}

    def expected(self, level: Level, reference: str, candidate: str) -> tuple[int, int]:
        """Take nothing."""
        return 0, 0

    async def score(self, level: Level, reference: str, candidate: str, meter: Meter | None = None) -> float:
        """Compare commands where the reference has one, else words."""
        truth = _truth(reference) if level == "low_level" else {}
        by_value = score_text(candidate, truth)
        return _by_words(reference, candidate) if by_value is None else by_value

    async def close(self) -> None:
        """Hold nothing."""


def _truth(reference: str) -> dict[str, Any]:
    found = read_analysis(reference)
    command = found.command
    if command is None:
        try:
            command = parse_command(reference)
        except CommandError:
            return {}
    return {"failed": found.failed, "keyframe": found.keyframe, "command": command.to_json()}


def _by_words(reference: str, candidate: str) -> float:
    ours, theirs = (Counter(re.findall(r"[a-z0-9-]+", text.lower())) for text in (candidate, reference))
    total = sum(ours.values()) + sum(theirs.values())
    if not total:
        return 0.0
    turned = sum(
        w not in ours and OPPOSITES[w] in ours and OPPOSITES[w] not in theirs
        for w in theirs
        if w in OPPOSITES
    )
    return float(2 * sum((ours & theirs).values()) / total * _PENALTY**turned)


def open_judge(spec: str, options: ModelOptions, criteria: Criteria | None = None) -> Judge:
    """Return the judge of a SPEC: `openai:NAME`, `openai:NAME@URL` or `scripted`."""
    kind, _, rest = spec.partition(":")
    if spec == "scripted":
        return ScriptedJudge()
    if kind != "openai" or not rest:
        raise BenchError(f"{spec!r} is no judge; write openai:NAME, openai:NAME@URL, or scripted")
    name, _, own_url = rest.partition("@")
    url = server_url(own_url or options.base_url)
    client = ChatClient(url, os.environ.get("OPENAI_API_KEY", ""), options.concurrency, options.timeout)
    return ChatJudge(name, client, criteria or load_criteria(), Retry(options.attempts))


_FAMILIES: Final = {
    "openai": r"gpt|chatgpt|o[134]\b",
    "google": r"gemini|gemma|palm",
    "anthropic": r"claude",
    "qwen": r"qwen|qwq|qvq|vifailback-8b|cosmos-reason1|robobrain2",  # the last three are tuned from Qwen's
    "meta": r"llama",
    "internvl": r"intern",
    "deepseek": r"deepseek",
    "mistral": r"mi[sx]tral|pixtral",
}


def family(name: str) -> str:
    """Return a model's family, by its name; the name's first word where the family is not known."""
    short = name.rpartition("/")[2].lower()
    for known, pattern in _FAMILIES.items():
        if re.search(rf"(?<![a-z])(?:{pattern})", short):
            return known
    return (re.match(r"[a-z]+", short) or [short])[0]
