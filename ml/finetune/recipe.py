"""The recipe: settings and VQA records in, a finetuned model out (paper, section 5.1)."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import torch
from accelerate import PartialState
from transformers import AutoModelForImageTextToText, Trainer, TrainingArguments, set_seed
from transformers.trainer_utils import get_last_checkpoint

from ml.finetune.logs import JsonLog, curve, plot_losses, read_log
from ml.finetune.modules import describe, prepare
from ml.finetune.processor import load_processor
from ml.finetune.samples import Collator, Encoder, Sample, Samples, split_held_out
from ml.finetune.settings import CONFIGS, TINY, FinetuneError, Settings
from ml.finetune.tiny import make_tiny

ADAPTER: Final = "adapter"  # below a run: what `merge` joins with its base
MODEL: Final = "model"  # below a run of full tuning
BASE: Final = "base"  # below a run whose base is made of noise
RUN: Final = "run.json"
LOG: Final = "log.jsonl"
PLOT: Final = "loss.png"


class AnswerTrainer(Trainer):
    """The stock trainer, which refuses batches that would train on wrong positions."""

    def compute_loss(self, model: Any, inputs: dict[str, Any], *rest: Any, **named: Any) -> Any:
        """Return the loss a token. Raises FinetuneError where `mm_token_type_ids` got lost on the way."""
        if "mm_token_type_ids" not in inputs:
            raise FinetuneError("a batch has no mm_token_type_ids: positions of its pictures would be wrong")
        return super().compute_loss(model, inputs, *rest, **named)


def train(settings: Settings, samples: Sequence[Sample], out: Path) -> Path:
    """Finetune and return the folder of the adapter (or, tuned in full, the model).

    A run that was cut off goes on from its last whole checkpoint in `out`, with the losses it would have had.
    Raises FinetuneError before anything is trained where the run cannot be done as asked.
    """
    check_processes(settings)
    # Without a GPU it has to be told to look for other processes; until then each takes itself for the first.
    PartialState(cpu=not torch.cuda.is_available())
    if settings.threads:
        torch.set_num_threads(settings.threads)
    training, held = split_held_out(samples, settings.held_out, settings.seed)
    with PartialState().main_process_first():
        _claim(settings, samples, out)
        base = _base(settings, training, out)
    encoder = Encoder(load_processor(base, settings), settings.max_tokens)
    _tell(
        f"{len(training)} samples to train on, {len(held)} held out, longest {encoder.check(samples)} tokens"
    )
    trainer = make_trainer(settings, load_model(base, settings), encoder, training, held, out)
    trainer.train(resume_from_checkpoint=last_checkpoint(out))
    return _finish(trainer, encoder, settings, out)


def check_processes(settings: Settings) -> None:
    """Raise FinetuneError where a launcher started another number of processes than the settings count on."""
    started = int(os.environ.get("WORLD_SIZE", "1"))
    if started != settings.processes:
        raise FinetuneError(
            f"the config counts on {settings.processes} processes (an effective batch of "
            f"{settings.effective_batch}), but {started} run; launch as many, or set `processes`"
        )


def _claim(settings: Settings, samples: Sequence[Sample], out: Path) -> None:
    """Note what the run is; a folder is only gone on with by the run that began it."""
    records = hashlib.sha256(repr([(each.name, each.question, each.answer) for each in samples]).encode())
    text = json.dumps({"settings": json.loads(settings.as_json()), "records": records.hexdigest()}, indent=2)
    out.mkdir(parents=True, exist_ok=True)
    note = out / RUN
    if not note.is_file():
        note.write_text(text)
    elif note.read_text() != text:
        raise FinetuneError(f"{out} holds a run with other settings or records; name another folder")


def _base(settings: Settings, samples: Sequence[Sample], out: Path) -> str:
    if settings.model != TINY:
        return settings.model
    base = out / BASE
    if not (base / "config.json").is_file():
        unfinished = out / f".{BASE}"
        shutil.rmtree(unfinished, ignore_errors=True)
        texts = [text for each in samples for text in (each.question, each.answer)]
        make_tiny(unfinished, texts, seed=settings.seed).rename(base)
    return str(base)


def load_model(base: str, settings: Settings) -> Any:
    """Return the base with the trainable parts prepared, the same for the same seed."""
    try:
        model = AutoModelForImageTextToText.from_pretrained(base, dtype=getattr(torch, settings.dtype))
    except OSError as error:
        raise FinetuneError(f"{base} is no model that can be loaded: {str(error).splitlines()[0]}") from error
    set_seed(settings.seed)
    model.config.use_cache = False
    prepared = prepare(model, settings)
    _learn_in_full(prepared)
    _tell(describe(prepared))
    return prepared


def _learn_in_full(model: Any) -> None:
    """Keep what trains in 32 bits: a step of 1e-5 is lost in the rounding of most bfloat16 weights.

    peft does so for adapters, not for modules that train whole; DeepSpeed keeps copies of its own.
    """
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.float()


def make_trainer(
    settings: Settings,
    model: Any,
    encoder: Encoder,
    training: Sequence[Sample],
    held: Sequence[Sample],
    out: Path,
) -> Trainer:
    """Return the trainer of a run."""
    return AnswerTrainer(
        model=model,
        args=arguments(settings, out, evaluated=bool(held)),
        data_collator=Collator(encoder.processor.tokenizer.pad_token_id),
        train_dataset=Samples(training, encoder),
        eval_dataset=Samples(held, encoder) if held else None,
        callbacks=[JsonLog(out / LOG)],
    )


def arguments(settings: Settings, out: Path, *, evaluated: bool = False) -> TrainingArguments:
    """Return what the trainer takes, of the settings."""
    if settings.gradient_checkpointing:
        checkpointing: dict[str, Any] = {"gradient_checkpointing_kwargs": {"use_reentrant": False}}
    else:
        checkpointing = {}
    return TrainingArguments(
        output_dir=str(out),
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.schedule,
        warmup_steps=settings.warmup,  # below 1: a part of all steps
        weight_decay=settings.weight_decay,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps,
        per_device_train_batch_size=settings.batch_size,
        per_device_eval_batch_size=settings.batch_size,
        gradient_accumulation_steps=settings.accumulation,
        gradient_checkpointing=settings.gradient_checkpointing,
        deepspeed=str(_deepspeed(settings.deepspeed)) if settings.deepspeed else None,
        bf16=settings.dtype == "bfloat16",
        use_cpu=not torch.cuda.is_available(),
        seed=settings.seed,
        logging_steps=settings.log_steps,
        logging_nan_inf_filter=False,  # a loss that is no number is told, not smoothed away
        report_to=[settings.logs] if settings.logs == "tensorboard" else [],
        eval_strategy="steps" if evaluated else "no",
        eval_steps=settings.eval_steps,
        prediction_loss_only=True,
        save_strategy="steps",
        save_steps=settings.save_steps,
        save_total_limit=settings.keep_checkpoints,
        remove_unused_columns=False,
        label_names=["labels"],
        dataloader_num_workers=settings.workers,
        dataloader_pin_memory=torch.cuda.is_available(),
        ddp_find_unused_parameters=False,
        disable_tqdm=not sys.stderr.isatty(),
        **checkpointing,
    )


def _deepspeed(name: str) -> Path:
    found = CONFIGS / f"{name}.json"
    path = found if found.is_file() else Path(name)
    if not path.is_file():
        raise FinetuneError(f"{name} is no DeepSpeed config, neither shipped nor a file")
    return path


def last_checkpoint(out: Path) -> str | None:
    """Return the newest whole checkpoint; those cut off while they were written are removed.

    The trainer writes `trainer_state.json` last.
    """
    with PartialState().main_process_first():
        while found := get_last_checkpoint(str(out)):
            if _is_whole(Path(found)):
                return found
            shutil.rmtree(found, ignore_errors=True)
    return None


def _is_whole(checkpoint: Path) -> bool:
    """Also the other processes' random numbers are there, which they write on their own."""
    started = int(os.environ.get("WORLD_SIZE", "1"))
    try:
        told = "global_step" in json.loads((checkpoint / "trainer_state.json").read_text())
    except (OSError, ValueError):
        return False
    return told and len(list(checkpoint.glob("rng_state*.pth"))) >= started


def _finish(trainer: Trainer, encoder: Encoder, settings: Settings, out: Path) -> Path:
    """Save what was trained, and the curve."""
    result = out / (ADAPTER if settings.tuning == "lora" else MODEL)
    if settings.tuning == "full":
        trained: Any = trainer.model
        trained.to(getattr(torch, settings.dtype))  # as its base is
    trainer.save_model(str(result))
    if trainer.is_world_process_zero():
        encoder.processor.save_pretrained(result)
        entries = read_log(out / LOG)
        plot_losses(entries, out / PLOT)
        steps, losses = curve(entries)
        _tell(f"{steps[-1]} steps, loss {losses[0]:.4f} -> {losses[-1]:.4f}; {result}")
    return result


def _tell(text: str) -> None:
    if PartialState().is_main_process:
        print(text, flush=True)
