"""Models in this process, by transformers: greedy answers, one question at a time."""

from __future__ import annotations

import asyncio
import inspect
import io
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from PIL import Image
from transformers import AutoModelForImageTextToText, AutoProcessor

from ml.bench.chat import Reply, RequestError
from ml.bench.errors import BenchError
from ml.bench.models import Prepared, content_of

_TYPES = "mm_token_type_ids"


class TransformersModel:
    """A vision-language model read from a folder."""

    most_in_flight: int | None = 1
    sees = True

    def __init__(self, path: str, max_tokens: int, processor: Any = None) -> None:
        """Load the model; `processor` stands in for the one beside it. Raises BenchError where it cannot."""
        self.name = Path(path).resolve().name
        self._path, self._max_tokens = path, max_tokens
        try:
            model: Any = AutoModelForImageTextToText.from_pretrained(path, dtype="auto")
            self._processor = processor or _load_processor(path)
        except (OSError, ValueError, ImportError) as error:
            raise BenchError(f"{path} cannot be loaded: {_first_line(error)}") from error
        self._model = model.eval().to("cuda" if torch.cuda.is_available() else "cpu")
        self._wants_types = _TYPES in inspect.signature(model.forward).parameters

    @property
    def settings(self) -> Mapping[str, Any]:
        """The model's folder and what limits its answers."""
        return {"model": self.name, "path": self._path, "temperature": 0, "max_tokens": self._max_tokens}

    async def answer(self, prepared: Prepared) -> Reply:
        """Answer in a thread, so that the loop runs on."""
        try:
            return await asyncio.to_thread(self._answer, prepared)
        except (RuntimeError, ValueError, OSError) as error:  # out of memory, a sample too long, no picture
            raise RequestError(_first_line(error), 1) from error

    @torch.no_grad()
    def _answer(self, prepared: Prepared) -> Reply:
        inputs = self._inputs(prepared)
        length = inputs["input_ids"].shape[1]
        found = self._model.generate(**inputs, max_new_tokens=self._max_tokens, do_sample=False)[0, length:]
        text = self._processor.tokenizer.decode(found, skip_special_tokens=True).strip()
        finish = "length" if len(found) == self._max_tokens else "stop"
        return Reply(text, finish, length, len(found))

    def _inputs(self, prepared: Prepared) -> Any:
        """Tensors of the question. Without the types of its tokens a model would silently answer worse."""
        messages = [{"role": "user", "content": content_of(prepared, lambda _: {"type": "image"})}]
        text = self._processor.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
        pictures = [Image.open(io.BytesIO(content)).convert("RGB") for _, content in prepared.pictures]
        inputs = self._processor(text=[text], images=pictures or None, return_tensors="pt")
        if pictures and self._wants_types and _TYPES not in inputs:
            raise ValueError(f"the processor gives no {_TYPES}, which the model needs to place pictures")
        return inputs.to(self._model.device)

    async def close(self) -> None:
        """Let the model go."""
        del self._model


def _load_processor(path: str) -> Any:
    """The stock processor; without torchvision, which its video part needs, that of `ml.finetune`."""
    if find_spec("torchvision"):
        return AutoProcessor.from_pretrained(path)
    from ml.finetune.processor import load_processor

    return load_processor(path)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
