"""The models that can be asked: `SPEC` -> something that answers an item."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from itertools import zip_longest
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from ml.bench.baselines import BASELINES, Baseline
from ml.bench.chat import ChatClient, Reply, RequestError, Retry
from ml.bench.errors import BenchError
from ml.bench.items import Item
from ml.bench.pictures import data_uri, resolve

MAX_TOKENS: Final = 2048
OPENAI_URL: Final = "https://api.openai.com/v1"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An item with its pictures read: `pictures` are (file, bytes) in the order of its places."""

    item: Item
    pictures: tuple[tuple[Path, bytes], ...] = ()
    digest: str = ""


class Model(Protocol):
    """Answers questions. `settings` are all that changes its answers and go into the request hash."""

    @property
    def name(self) -> str:
        """The name that runs are joined by."""

    @property
    def settings(self) -> Mapping[str, Any]:
        """What goes into the request hash."""

    @property
    def most_in_flight(self) -> int | None:
        """How many questions it can take at once; None where the caller decides."""

    @property
    def sees(self) -> bool:
        """Whether it is shown pictures; where it is not, none is read."""

    async def answer(self, prepared: Prepared) -> Reply:
        """Answer one question. Raises RequestError where there is no answer."""

    async def close(self) -> None:
        """Free what the model holds."""


class Preparer:
    """Reads the pictures of questions below a root, and hashes what one model is asked."""

    def __init__(self, root: Path, model: Model) -> None:
        self._root, self._sees = root, model.sees
        self._settings = json.dumps(dict(model.settings), sort_keys=True)  # once: a script can be long

    def prepare(self, item: Item) -> Prepared:
        """Read the pictures and hash the request: the model's settings, text and pictures' contents.

        Raises BenchError where a picture is absent or outside the root.
        """
        paths = [resolve(self._root, name) for name in item.images] if self._sees else []
        pictures = tuple((path, path.read_bytes()) for path in paths)
        hashes = [hashlib.sha256(content).hexdigest() for _, content in pictures]
        request = json.dumps([self._settings, item.id, item.prompt, hashes])
        return Prepared(item, pictures, hashlib.sha256(request.encode()).hexdigest())

    async def prepare_off_loop(self, item: Item) -> Prepared:
        """Prepare in a thread where there are files to read; a question without pictures costs nothing."""
        if item.images and self._sees:
            return await asyncio.to_thread(self.prepare, item)
        return self.prepare(item)


def _as_uri(picture: tuple[Path, bytes]) -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": data_uri(*picture)}}


def content_of(
    prepared: Prepared, part_of: Callable[[tuple[Path, bytes]], dict[str, Any]] = _as_uri
) -> str | list[dict[str, Any]]:
    """Return a message's content: text and pictures in turn as the prompt places them, or text alone.

    `part_of` makes the part of a picture; by default it carries the picture as a data URI.
    """
    if not prepared.pictures:
        return prepared.item.prompt
    parts: list[dict[str, Any]] = []
    for text, picture in zip_longest(prepared.item.prompt.split("<image>"), prepared.pictures):
        if text and text.strip():
            parts.append({"type": "text", "text": text})
        if picture:
            parts.append(part_of(picture))
    return parts


@dataclass(slots=True)
class OpenAIModel:
    """A model behind an OpenAI-compatible server."""

    name: str
    client: ChatClient
    max_tokens: int = MAX_TOKENS
    retry: Retry = field(default_factory=Retry)
    most_in_flight: int | None = None
    sees: bool = True

    @property
    def settings(self) -> Mapping[str, Any]:
        """Everything of a request but its messages."""
        return {"model": self.name, "temperature": 0, "max_tokens": self.max_tokens}

    async def answer(self, prepared: Prepared) -> Reply:
        """Send the question."""
        messages = [{"role": "user", "content": content_of(prepared)}]
        return await self.client.ask({**self.settings, "messages": messages}, self.retry)

    async def close(self) -> None:
        """Close the connections."""
        await self.client.close()


@dataclass(slots=True)
class ScriptedModel:
    """Answers from a JSON file: question id, or tag, or `*`, to the answer."""

    name: str
    answers: Mapping[str, str]
    most_in_flight: int | None = None
    sees: bool = False

    @property
    def settings(self) -> Mapping[str, Any]:
        """The script itself, so that another script asks anew."""
        return {"model": self.name, "answers": dict(self.answers)}

    async def answer(self, prepared: Prepared) -> Reply:
        """Look the answer up, for a control also under the question it is made from."""
        item = prepared.item
        for key in (item.id, item.of, item.kind.value, "*"):
            if key in self.answers:
                return Reply(self.answers[key], "stop")
        raise RequestError(f"the script has no answer to {item.id}")

    async def close(self) -> None:
        """Hold nothing."""


@dataclass(slots=True)
class BaselineModel:
    """A trivial baseline behind the same door as the others."""

    name: str
    baseline: Baseline
    most_in_flight: int | None = None
    sees: bool = False

    @property
    def settings(self) -> Mapping[str, Any]:
        """The baseline and what it knows."""
        return {"model": self.name, "known": self.baseline.known}

    async def answer(self, prepared: Prepared) -> Reply:
        """Answer without looking at a picture."""
        return Reply(self.baseline.answer(prepared.item), "stop")

    async def close(self) -> None:
        """Hold nothing."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """What the command line says about models beside their SPEC."""

    base_url: str | None = None
    concurrency: int = 16
    timeout: float = 300.0
    attempts: int = 6
    max_tokens: int = MAX_TOKENS
    train: Sequence[Item] = ()
    seed: int = 0
    key: str | None = None  # None: what the environment says


def open_model(spec: str, items: Sequence[Item], options: ModelOptions) -> Model:
    """Return the model of a SPEC. Raises BenchError where there is no such model."""
    kind, _, rest = spec.partition(":")
    if spec in BASELINES:
        return BaselineModel(spec, Baseline(spec, options.train or items, not options.train, options.seed))
    if kind == "openai" and rest:
        return _openai(rest, options)
    if kind == "scripted" and rest:
        return ScriptedModel(Path(rest).stem, _script(Path(rest)))
    if kind == "transformers" and rest:
        if not Path(rest).is_dir():  # said at once, not after the seconds that torch takes to load
            raise BenchError(f"{rest} is no folder with a model")
        from ml.bench.local import TransformersModel  # torch is needed for this one alone

        return TransformersModel(rest, options.max_tokens)
    raise BenchError(
        f"{spec!r} is no model; write openai:NAME, transformers:PATH, scripted:FILE, "
        f"or one of {', '.join(BASELINES)}"
    )


def server_url(base_url: str | None) -> str:
    """Return the base URL that is meant: the option, else the environment's, else OpenAI's."""
    return base_url or os.environ.get("OPENAI_BASE_URL") or OPENAI_URL


def chargeable(spec: str, base_url: str | None) -> bool:
    """Tell whether asking may cost money: a server that is neither this machine nor in a private network."""
    if not spec.startswith("openai:"):
        return False
    host = urlsplit(server_url(base_url)).hostname or ""
    try:
        return not ip_address(host).is_private
    except ValueError:
        return "." in host


def _openai(name: str, options: ModelOptions) -> OpenAIModel:
    url = server_url(options.base_url)
    key = os.environ.get("OPENAI_API_KEY", "") if options.key is None else options.key
    client = ChatClient(url, key, options.concurrency, options.timeout)
    return OpenAIModel(name, client, options.max_tokens, Retry(options.attempts))


def _script(path: Path) -> dict[str, str]:
    try:
        answers = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BenchError(f"{path} is no JSON: {error}") from error
    if not isinstance(answers, dict) or not all(isinstance(text, str) for text in answers.values()):
        raise BenchError(f"{path} must be an object of question id, tag or * to the answer")
    return answers
