"""Which parts of a Qwen3-VL are trained: adapters on the language model, and the mergers asked for."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

import torch
from peft import LoraConfig, get_peft_model

from ml.finetune.settings import FinetuneError, Settings

# Language layers only: the vision tower's projections have other names, but the regex says so too.
TARGETS: Final = r".*language_model\.layers\.\d+\.(self_attn\.[qkvo]_proj|mlp\.(gate|up|down)_proj)"
MAIN: Final = "visual.merger"
DEEPSTACK: Final = "visual.deepstack_merger_list"
PARTS: Final = ("adapters", "language model", "merger", "deepstack mergers", "vision tower")


def merger_names(model: torch.nn.Module, merger: str) -> list[str]:
    """Return the mergers of a setting. Each of DeepStack's is named: peft refuses their list."""
    if merger == "none":
        return []
    lists = [module for name, module in model.named_modules() if name.endswith(DEEPSTACK)]
    count = len(lists[0]) if lists and merger == "all" else 0  # type: ignore[arg-type]
    return [MAIN, *(f"{DEEPSTACK}.{place}" for place in range(count))]


def prepare(model: Any, settings: Settings) -> Any:
    """Return the model with what the settings ask for trainable and all else frozen.

    Raises FinetuneError where something that was asked for found nothing to train.
    """
    mergers = merger_names(model, settings.merger)
    prepared = _full(model, mergers) if settings.tuning == "full" else _lora(model, settings, mergers)
    counts = trainable_counts(prepared)
    wanted = ["language model" if settings.tuning == "full" else "adapters"]
    wanted += ["merger"] if settings.merger != "none" else []
    wanted += ["deepstack mergers"] if settings.merger == "all" else []
    if missing := [part for part in wanted if not counts.get(part)]:
        raise FinetuneError(f"nothing of {' and '.join(missing)} became trainable; is this model a Qwen3-VL?")
    return prepared


def _lora(model: Any, settings: Settings, mergers: list[str]) -> Any:
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=TARGETS,
        modules_to_save=mergers or None,
        task_type="CAUSAL_LM",
    )
    try:
        return get_peft_model(model, config)
    except ValueError as error:
        raise FinetuneError(f"nothing becomes trainable: {str(error).splitlines()[0]}") from error


def _full(model: Any, mergers: list[str]) -> Any:
    """Train language model and output layer, and the mergers that are asked for."""
    for name, parameter in model.named_parameters():
        language = "language_model." in name or "lm_head" in name
        parameter.requires_grad_(language or any(f"{merger}." in name for merger in mergers))
    return model


def trainable_counts(model: Any) -> dict[str, int]:
    """Return the trainable parameters of each part, in the order of PARTS."""
    found: Counter[str] = Counter()
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            found[_part(name)] += _count(parameter)
    return {part: found[part] for part in PARTS if found[part]}


def _part(name: str) -> str:
    if "lora_" in name:
        return "adapters"
    if DEEPSTACK in name:
        return "deepstack mergers"
    if f"{MAIN}." in name:
        return "merger"
    return "vision tower" if "visual." in name else "language model"


def _count(parameter: torch.Tensor) -> int:
    """Its size also where ZeRO has it spread over processes."""
    return int(getattr(parameter, "ds_numel", parameter.numel()))


def describe(model: Any) -> str:
    """Return the trainable parts with their counts and modules, one a line."""
    counts = trainable_counts(model)
    total = sum(_count(each) for each in model.parameters())
    lines = [f"trainable: {sum(counts.values()):,} of {total:,} parameters"]
    modules: dict[str, Counter[str]] = {part: Counter() for part in counts}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            modules[_part(name)][_kind(name)] += 1
    for part, count in counts.items():
        kinds = ", ".join(f"{kind} x{times}" for kind, times in modules[part].items())
        lines.append(f"  {part}: {count:,} ({kinds})")
    return "\n".join(lines)


def _kind(name: str) -> str:
    """A parameter's name without the numbers of layers."""
    words = name.replace(".default", "").replace("modules_to_save.", "").split(".")
    return ".".join("*" if word.isdecimal() else word for word in words[-3:])
