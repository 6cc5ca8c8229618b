"""What a run is asked to do: the YAML of a config, read strictly."""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Final, Literal, get_args, get_origin, get_type_hints

import yaml

CONFIGS: Final = Path(__file__).parent / "configs"
TINY: Final = "tiny"  # as `model`: a small one of noise, made for the data


class FinetuneError(ValueError):
    """The run cannot be done as asked; the message is one sentence for the person who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """One finetuning run.

    `batch_size` counts samples a process and step; a step of the optimizer takes `effective_batch` of them.
    `max_tokens` is a sample's length with its pictures' tokens: a longer one stops the run before it starts.
    `min_pixels` and `max_pixels` bound a picture's size; None leaves the model's own. `held_out` is the part
    of the episodes that is only evaluated, every `eval_steps` steps. `tags` limits the question types.
    """

    model: str
    tuning: Literal["lora", "full"] = "lora"
    merger: Literal["none", "main", "all"] = "main"
    rank: int = 32
    alpha: int = 64
    dropout: float = 0.0
    learning_rate: float = 1e-5
    schedule: Literal["cosine", "linear", "constant"] = "cosine"
    warmup: float = 0.0
    weight_decay: float = 0.0
    epochs: float = 1.0
    max_steps: int = -1
    batch_size: int = 1
    accumulation: int = 1
    processes: int = 1
    deepspeed: str | None = None
    dtype: Literal["float32", "bfloat16"] = "float32"
    gradient_checkpointing: bool = False
    max_tokens: int = 16384
    min_pixels: int | None = None
    max_pixels: int | None = None
    held_out: float = 0.0
    eval_steps: int = 200
    save_steps: int = 200
    keep_checkpoints: int = 2
    log_steps: int = 1
    logs: Literal["json", "tensorboard"] = "json"
    tags: list[str] | None = None
    workers: int = 0
    threads: int | None = None
    seed: int = 0

    def __post_init__(self) -> None:
        for name, kind in get_type_hints(type(self)).items():
            _check(name, getattr(self, name), kind)
        for name in (
            "rank",
            "batch_size",
            "accumulation",
            "processes",
            "max_tokens",
            "save_steps",
            "log_steps",
        ):
            if getattr(self, name) < 1:
                raise FinetuneError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 <= self.held_out < 1:
            raise FinetuneError(f"held_out is a part of the episodes from 0 to below 1, not {self.held_out}")
        if self.save_steps % self.log_steps:
            raise FinetuneError("save_steps must be a multiple of log_steps, or a resumed loss is not exact")

    @property
    def effective_batch(self) -> int:
        """Samples in one step of the optimizer, over all processes."""
        return self.batch_size * self.accumulation * self.processes

    def as_json(self) -> str:
        """The settings as JSON with sorted keys."""
        return json.dumps(asdict(self), indent=2, sort_keys=True)


def read_settings(path: Path | str, **changes: Any) -> Settings:
    """Read a YAML config: a file, or the name of a shipped one (`paper`, `laptop`); `changes` go over it.

    Raises FinetuneError for a key that is unknown or has a value of another kind.
    """
    found = Path(path)
    if not found.is_file():
        found = CONFIGS / f"{str(path).removesuffix('.yaml')}.yaml"
    if not found.is_file():
        raise FinetuneError(f"{path} is neither a file nor one of {', '.join(shipped())}")
    try:
        values = yaml.safe_load(found.read_text())
    except yaml.YAMLError as error:
        raise FinetuneError(f"{found} is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(values, Mapping):
        raise FinetuneError(f"{found} holds no settings")
    return make_settings({**values, **changes})


def make_settings(values: Mapping[str, Any]) -> Settings:
    """Return the settings of a mapping. Raises FinetuneError as `read_settings`."""
    known = {each.name for each in fields(Settings)}
    if unknown := sorted(set(values) - known):
        raise FinetuneError(f"{', '.join(unknown)}: no such setting; there are {', '.join(sorted(known))}")
    if "model" not in values:
        raise FinetuneError("the config names no model")
    return Settings(**values)


def shipped() -> list[str]:
    """The names of the configs in the package."""
    return sorted(path.stem for path in CONFIGS.glob("*.yaml"))


def _check(name: str, value: object, kind: Any) -> None:
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    if choices and value not in choices:
        raise FinetuneError(f"{name} must be one of {', '.join(choices)}, not {value!r}")
    if not choices and not any(_is(value, each) for each in _kinds(kind)):
        raise FinetuneError(f"{name} cannot be {value!r}")


def _kinds(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if isinstance(kind, types.UnionType) else (kind,)


def _is(value: object, kind: Any) -> bool:
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, get_origin(kind) or kind)
