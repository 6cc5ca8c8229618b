"""What a model answers: greedy, as in the paper's evaluation (temperature 0)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import torch
from peft import PeftModel
from transformers import AutoModelForImageTextToText

from ml.finetune.merging import base_of
from ml.finetune.processor import load_processor
from ml.finetune.samples import Encoder, Sample

MAX_NEW_TOKENS: Final = 2048


def load_tuned(folder: Path) -> tuple[Any, Any]:
    """Return model and processor of an adapter's folder or a model's."""
    if (folder / "adapter_config.json").is_file():
        base = AutoModelForImageTextToText.from_pretrained(base_of(folder))
        model: Any = PeftModel.from_pretrained(base, str(folder))
    else:
        model = AutoModelForImageTextToText.from_pretrained(folder)
    return model.eval(), load_processor(str(folder))


@torch.no_grad()
def answers(folder: Path, samples: Iterable[Sample], limit: int = MAX_NEW_TOKENS) -> Iterator[str]:
    """Yield the answer to each sample's question."""
    model, processor = load_tuned(folder)
    encoder = Encoder(processor, max_tokens=1 << 20)
    for sample in samples:
        inputs = encoder.question(sample)
        found = model.generate(**inputs, max_new_tokens=limit, do_sample=False)
        yield processor.tokenizer.decode(
            found[0, inputs["input_ids"].shape[1] :], skip_special_tokens=True
        ).strip()
