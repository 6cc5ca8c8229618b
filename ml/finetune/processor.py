"""The processor of a Qwen3-VL: pictures and text to tensors, with or without torchvision."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from transformers import AutoProcessor, AutoTokenizer
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.models.qwen3_vl import processing_qwen3_vl
from transformers.processing_utils import ProcessorMixin

from ml.finetune.settings import FinetuneError, Settings


class Qwen3VLProcessor(processing_qwen3_vl.Qwen3VLProcessor):
    """The stock processor without its part for videos, which needs torchvision.

    It has the stock one's name because that is what is saved beside a model.
    """

    def __init__(
        self, image_processor: Any = None, tokenizer: Any = None, chat_template: str | None = None, **_: Any
    ) -> None:
        for name in ("image", "video"):
            setattr(self, f"{name}_token", f"<|{name}_pad|>")
            setattr(self, f"{name}_token_id", tokenizer.convert_tokens_to_ids(f"<|{name}_pad|>"))
        for name in ("start", "end"):
            token = f"<|vision_{name}|>"
            setattr(self, f"vision_{name}_token", token)
            setattr(self, f"vision_{name}_token_id", tokenizer.convert_tokens_to_ids(token))
        ProcessorMixin.__init__(self, image_processor, tokenizer, chat_template=chat_template)

    @classmethod
    def get_attributes(cls) -> list[str]:
        """The parts that are loaded and saved."""
        return ["image_processor", "tokenizer"]


def load_processor(model: str, settings: Settings | None = None) -> Any:
    """Return the processor of a model, with the settings' bounds of a picture's pixels."""
    try:
        if importlib.util.find_spec("torchvision"):
            processor = AutoProcessor.from_pretrained(model)
        else:
            processor = image_only(model)
    except OSError as error:
        raise FinetuneError(f"{model} has no processor that can be loaded: {_first_line(error)}") from error
    if settings:
        _bound(processor.image_processor, settings)
    return processor


def image_only(model: str) -> Qwen3VLProcessor:
    """Return the processor of a model without its part for videos."""
    tokenizer = AutoTokenizer.from_pretrained(model)
    pictures = Qwen2VLImageProcessorPil.from_pretrained(model)
    template = Path(model) / "chat_template.jinja"
    text = template.read_text() if template.is_file() else tokenizer.chat_template
    return Qwen3VLProcessor(image_processor=pictures, tokenizer=tokenizer, chat_template=text)


def _bound(pictures: Any, settings: Settings) -> None:
    """`size` is what counts: some versions ignore `max_pixels` alone."""
    size = dict(pictures.size)
    size["shortest_edge"] = settings.min_pixels or size["shortest_edge"]
    size["longest_edge"] = settings.max_pixels or size["longest_edge"]
    pictures.size = type(pictures.size)(**size) if not isinstance(pictures.size, dict) else size


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
