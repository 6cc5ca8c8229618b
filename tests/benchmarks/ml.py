"""`make bench-ml`: a step of our recipe beside TRL's SFTTrainer, on the same tiny model and data."""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("HF_HUB_OFFLINE", "1")

import torch
from datasets import Dataset
from peft import LoraConfig
from PIL import Image
from transformers import AutoModelForImageTextToText, TrainerCallback
from trl import SFTConfig, SFTTrainer

from ml.finetune.modules import TARGETS, merger_names
from ml.finetune.processor import load_processor
from ml.finetune.recipe import load_model, make_trainer
from ml.finetune.samples import Encoder, Sample, read_samples
from ml.finetune.settings import Settings
from ml.finetune.tiny import make_tiny
from tests.benchmarks.report import Figure, report
from tests.ml.finetune.conftest import COLORS, PLACES, draw, record

STEPS, WARM, ROUNDS = 60, 5, 3


class Clock(TrainerCallback):
    """Seconds of processor time of each step, which a busy machine disturbs less than a wall clock."""

    def __init__(self) -> None:
        self.seconds: list[float] = []

    def on_step_begin(self, *_: Any, **__: Any) -> None:
        self.began = time.process_time()

    def on_step_end(self, *_: Any, **__: Any) -> None:
        self.seconds.append(time.process_time() - self.began)


def main() -> bool:
    """Measure, print, and tell whether the goals are met."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        samples = _samples(root)
        texts = [text for each in samples for text in (each.question, each.answer)]
        base = str(make_tiny(root / "tiny", texts, vocabulary=400))
        runs = [(_ours(base, samples, root), _trl(base, samples, root)) for _ in range(ROUNDS)]
    ours, theirs = (median(run[side][0] for run in runs) for side in (0, 1))
    gap = max(abs(a - b) / b for a, b in zip(runs[0][0][1], runs[0][1][1], strict=True))
    figures = [
        Figure(
            "finetune: step of our recipe",
            round(ours * 1e3, 2),
            "ms",
            round(theirs * 1e3, 2),
            round(theirs * 1e3, 2),
        ),
        Figure("finetune: largest gap to TRL's loss", round(gap, 5), "of the loss", 0.02),
    ]
    return report("ml-finetune", figures)


def _samples(root: Path) -> list[Sample]:
    records = []
    for number in range(16):
        color, place = COLORS[number % 4], list(PLACES)[number // 4]
        draw(root / f"{number}.png", color, place)
        records.append(record(number, color, place, [f"{number}.png"]))
    (root / "vqa.json").write_text(json.dumps(records))
    return read_samples([root / "vqa.json"], root)


def _ours(base: str, samples: Sequence[Sample], root: Path) -> tuple[float, list[float]]:
    settings = Settings(
        model=base, merger="all", learning_rate=1e-3, schedule="constant", accumulation=4, max_steps=STEPS
    )
    encoder = Encoder(load_processor(base, settings), settings.max_tokens)
    trainer = make_trainer(settings, load_model(base, settings), encoder, samples, [], root / "ours")
    trainer.args.save_strategy = "no"
    return _timed(trainer)


def _trl(base: str, samples: Sequence[Sample], root: Path) -> tuple[float, list[float]]:
    model = AutoModelForImageTextToText.from_pretrained(base)
    adapters = LoraConfig(
        r=32,
        lora_alpha=64,
        target_modules=TARGETS,
        modules_to_save=merger_names(model, "all"),
        task_type="CAUSAL_LM",
    )
    arguments = SFTConfig(
        output_dir=str(root / "trl"),
        max_steps=STEPS,
        per_device_train_batch_size=1,
        gradient_accumulation_steps=4,
        learning_rate=1e-3,
        lr_scheduler_type="constant",
        weight_decay=0.0,
        logging_steps=1,
        save_strategy="no",
        report_to=[],
        use_cpu=True,
        bf16=False,
        max_length=None,
        gradient_checkpointing=False,
        dataloader_pin_memory=False,
        seed=0,
        disable_tqdm=True,
    )
    torch.manual_seed(0)
    trainer = SFTTrainer(
        model=model,
        args=arguments,
        train_dataset=Dataset.from_list([_row(each) for each in samples]),
        processing_class=load_processor(base),
        peft_config=adapters,
    )
    return _timed(trainer)


def _row(sample: Sample) -> dict[str, Any]:
    return {
        "images": [Image.open(path) for path in sample.images],
        "prompt": [{"role": "user", "content": sample.question.replace("<image>", "")}],
        "completion": [{"role": "assistant", "content": sample.answer}],
    }


def _timed(trainer: Any) -> tuple[float, list[float]]:
    """Median seconds of a step, and the losses."""
    clock = Clock()
    trainer.add_callback(clock)
    trainer.train()
    losses = [entry["loss"] for entry in trainer.state.log_history if "loss" in entry]
    return median(clock.seconds[WARM:]), losses


if __name__ == "__main__":
    sys.exit(not main())
