"""An adapter joined with its base: one folder that vLLM and `transformers` load."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Final

import torch
from huggingface_hub import snapshot_download
from peft import PeftModel
from transformers import AutoModelForImageTextToText

from ml.finetune.processor import load_processor
from ml.finetune.settings import FinetuneError

# All that a server reads beside weights and config; what the processor saves anew goes over it.
_BESIDE: Final = ("*.json", "*.jinja", "*.txt")
_OF_WEIGHTS: Final = ("model.safetensors.index.json", "config.json", "adapter_config.json")


def merge(adapter: Path, out: Path, dtype: str | None = None) -> Path:
    """Write base and adapter as one model. `dtype` None keeps the base's.

    vLLM takes no adapter with whole modules in it (the mergers), hence one model.
    Raises FinetuneError where the folder is no adapter or its base is gone.
    """
    base = base_of(adapter)
    kind = getattr(torch, dtype) if dtype else "auto"
    try:
        model = AutoModelForImageTextToText.from_pretrained(base, dtype=kind)
    except OSError as error:
        raise FinetuneError(
            f"{base}, the adapter's base, cannot be loaded: {str(error).splitlines()[0]}"
        ) from error
    merged = PeftModel.from_pretrained(model, str(adapter)).merge_and_unload()
    out.mkdir(parents=True, exist_ok=True)
    files = _files_of(base)
    _copy_beside(files, out)
    merged.save_pretrained(out)
    # The base's own: what a newer version of the library writes, an older one in a server may not understand.
    shutil.copyfile(files / "config.json", out / "config.json")
    load_processor(str(adapter)).save_pretrained(out)
    return out


def base_of(adapter: Path) -> str:
    """Return the base that an adapter was trained on. Raises FinetuneError where the folder is no adapter."""
    config = adapter / "adapter_config.json"
    if not config.is_file():
        raise FinetuneError(f"{adapter} is no adapter: it has no adapter_config.json")
    return str(json.loads(config.read_text())["base_model_name_or_path"])


def _files_of(base: str) -> Path:
    """The folder of the base's small files, fetched where the base is only a name."""
    folder = Path(base)
    return folder if folder.is_dir() else Path(snapshot_download(base, allow_patterns=list(_BESIDE)))


def _copy_beside(folder: Path, out: Path) -> None:
    for pattern in _BESIDE:
        for path in folder.glob(pattern):
            if path.name not in _OF_WEIGHTS:
                shutil.copyfile(path, out / path.name)
