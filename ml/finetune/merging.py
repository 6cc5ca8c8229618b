"""An adapter joined with its base: one folder that vLLM and `transformers` load."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import torch
from huggingface_hub import snapshot_download
from peft import PeftModel
from safetensors import safe_open
from transformers import AutoModelForImageTextToText

from ml.finetune.processor import load_processor
from ml.finetune.settings import FinetuneError

# All that a server reads beside weights and config; what the processor saves anew goes over it.
_BESIDE: Final = ("*.json", "*.jinja", "*.txt")
_OF_WEIGHTS: Final = ("model.safetensors.index.json", "adapter_config.json")
_OF_PICTURES: Final = ("preprocessor_config.json", "processor_config.json")


def merge(adapter: Path, out: Path, dtype: str | None = None) -> Path:
    """Write base and adapter as one model. `dtype` None keeps the base's.

    All files but the weights are the base's, but for the bounds of pictures, which are the training's;
    the weights have the base's names, shapes and types. So whatever loads the base loads this.

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
    files = _files_of(base)
    PeftModel.from_pretrained(model, str(adapter)).merge_and_unload().save_pretrained(out)
    _copy_beside(files, out)
    _bound_pictures(out, dict(load_processor(str(adapter)).image_processor.size))
    before, after = dict(weights_of(files)), dict(weights_of(out))
    if not dtype and before and before != after:
        different = min(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
        raise FinetuneError(f"{out} would not load as {base} does: the weight {different} differs in form")
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
    """Put the base's own files over what was saved: an older library in a server may not read a newer's."""
    for pattern in _BESIDE:
        for path in folder.glob(pattern):
            if path.name not in _OF_WEIGHTS:
                shutil.copyfile(path, out / path.name)


def weights_of(folder: Path) -> Iterator[tuple[str, tuple[tuple[int, ...], str]]]:
    """Yield the name, shape and type of every weight in a model's folder."""
    for path in sorted(folder.glob("*.safetensors")):
        with safe_open(path, "pt") as file:
            for name in file.keys():  # noqa: SIM118  # no mapping
                weight = file.get_slice(name)
                yield name, (tuple(weight.get_shape()), weight.get_dtype())


def _bound_pictures(out: Path, size: dict[str, Any]) -> None:
    """Have pictures as large as in the training, in each file that a server may read that from."""
    for path in (out / name for name in _OF_PICTURES):
        raw = json.loads(path.read_text()) if path.is_file() else {}
        pictures = raw if path.name == _OF_PICTURES[0] else raw.get("image_processor", {})
        if "size" in pictures:
            pictures["size"] = {key: size[key] for key in ("shortest_edge", "longest_edge")}
            path.write_text(json.dumps(raw, indent=2) + "\n")
