"""One question to an OpenAI-compatible endpoint, and its answer read, in the time it was given."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from openai import APIError, AsyncOpenAI

from ml.prompts import IMAGE, Analysis, PackError, QuestionType, Values, load_pack, read_analysis
from ml.symbols import NORMALIZED, Space, pixels
from robot.environment import Image

_MOST_BYTES: Final = 2 * 2**20
_MOST_TEXT: Final = 20_000
_QUALITY: Final = 92


class VlmLost(Exception):  # noqa: N818  # a state of the world
    """No answer: nobody there, refused, too late, too long, or no chat completion; one sentence."""


@dataclass(frozen=True, slots=True)
class Question:
    """Pictures as JPEG, oldest first, and the task's text."""

    frames: tuple[bytes, ...]
    task: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model wrote, and what it says."""

    text: str
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where and how to ask; `prompts` is a template pack's path, empty for the default wording."""

    base_url: str
    model: str
    key: str = ""
    max_tokens: int = 1024
    temperature: float = 0.0
    space: Space = NORMALIZED
    prompts: str = ""


def jpeg(image: Image) -> bytes:
    """Return a picture (H, W, 3) RGB as JPEG."""
    done, data = cv2.imencode(
        ".jpg", cv2.cvtColor(image, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise VlmLost("a picture cannot be written as JPEG")
    return np.asarray(data).tobytes()


def space_of(coordinates: str) -> Space:
    """Return the space of that name that a model writes its points in."""
    return NORMALIZED if coordinates == "normalized" else pixels()


class Asker:
    """Asks one endpoint. The wording is `ml.prompts`' question for a correction with symbol codes."""

    def __init__(self, endpoint: Endpoint) -> None:
        """Read the wording; raises PackError or OSError where it cannot be read."""
        self._endpoint = endpoint
        pack = load_pack(Path(endpoint.prompts)) if endpoint.prompts else load_pack()
        self._template = pack[QuestionType.COT_CORRECTION_CODE]
        self._client = AsyncOpenAI(
            base_url=endpoint.base_url, api_key=endpoint.key or "none", max_retries=0, timeout=None
        )
        self._completions = self._client.chat.completions.with_streaming_response  # loads what it needs now
        read_analysis("")

    async def ask(self, question: Question, patience: float) -> Answer:
        """Return the answer within `patience` seconds; its connection is closed when it is given up."""
        try:
            async with asyncio.timeout(patience):
                text = _content(await self._fetch(question))
        except TimeoutError as error:
            raise VlmLost(f"no answer within {patience:g} s") from error
        except (APIError, OSError) as error:
            raise VlmLost(f"{self._endpoint.base_url}: {str(error)[:300] or type(error).__name__}") from error
        return Answer(text, read_analysis(text[-_MOST_TEXT:], self._endpoint.space))

    async def _fetch(self, question: Question) -> bytes:
        gathered = bytearray()
        async with self._completions.create(
            model=self._endpoint.model, messages=self._messages(question),
            max_tokens=self._endpoint.max_tokens, temperature=self._endpoint.temperature,
        ) as response:  # fmt: skip
            async for part in response.iter_bytes():
                gathered += part
                if len(gathered) > _MOST_BYTES:
                    raise VlmLost(f"the answer is longer than {_MOST_BYTES} bytes")
        return bytes(gathered)

    def _messages(self, question: Question) -> Any:
        text = self._template.question(Values(len(question.frames), question.task))
        return [{"role": "user", "content": list(_parts(text, question.frames))}]

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()


def _parts(text: str, frames: Sequence[bytes]) -> Sequence[dict[str, Any]]:
    """Pictures and passages of text in the order in which the wording has them."""
    pieces, parts, left = text.split(IMAGE), [], list(frames)
    for index, piece in enumerate(pieces):
        if index and left:
            data = base64.b64encode(left.pop(0)).decode()
            parts.append({"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}})
        if piece.strip():
            parts.append({"type": "text", "text": piece})
    return parts


def _content(body: bytes) -> str:
    try:
        content = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise VlmLost(f"the answer is no chat completion: {body[:200].decode(errors='replace')}") from error
    if not isinstance(content, str):
        raise VlmLost("the answer has no text")
    return content


__all__ = ["Answer", "Asker", "Endpoint", "PackError", "Question", "VlmLost", "jpeg", "space_of"]
