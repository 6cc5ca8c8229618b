"""Runs in processes of their own: killed and resumed, and on two processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ml.finetune.logs import curve, read_log
from ml.finetune.recipe import train
from ml.finetune.settings import Settings

ROOT = Path(__file__).parents[3]
STEPS = 16
SETTINGS = {
    "merger": "all",
    "tuning": "lora",
    "dropout": 0.1,  # so that a resume must restore the random numbers too
    "learning_rate": 1e-3,
    "schedule": "cosine",
    "max_steps": STEPS,
    "save_steps": 4,
    "threads": 1,
}


def run(squares, tiny, out, launcher=(), **changes):
    config = out.with_suffix(".json")  # JSON is YAML
    config.write_text(json.dumps({"model": str(tiny), **SETTINGS, **changes}))
    module = ["-m", "ml.finetune", "train", str(config), "--data", str(squares / "vqa.json")]
    command = [sys.executable, *launcher, *module, "--images", str(squares), "--out", str(out)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )


def here(samples, tiny, out, **changes):
    """The same run in this process, which has loaded torch already."""
    train(Settings(model=str(tiny), **{**SETTINGS, **changes}), samples, out)


def finish(process):
    output, _ = process.communicate()
    assert process.returncode == 0, output.decode()[-2000:]
    return output.decode()


def losses(out, key="loss"):
    return curve(read_log(out / "log.jsonl"), key)


def kill_after(process, out, step):
    """Kill the run, with SIGKILL, once it logged the step."""
    log = out / "log.jsonl"
    while process.poll() is None:
        if log.exists() and log.read_text().count('"loss"') >= step:
            os.kill(process.pid, signal.SIGKILL)
            break
        time.sleep(0.005)
    process.communicate()
    assert process.returncode == -signal.SIGKILL


def test_resumes_exactly_after_a_kill(squares, samples, tiny, tmp_path):
    held = {"held_out": 0.25, "eval_steps": 4}
    cut = run(squares, tiny, tmp_path / "cut", **held)
    kill_after(cut, tmp_path / "cut", 7)
    here(samples, tiny, tmp_path / "whole", **held)
    logged = losses(tmp_path / "cut")[0]
    assert 7 <= len(logged) < STEPS
    finish(run(squares, tiny, tmp_path / "cut", **held))
    assert losses(tmp_path / "cut") == losses(tmp_path / "whole")
    assert losses(tmp_path / "cut", "eval_loss") == losses(tmp_path / "whole", "eval_loss")
    assert losses(tmp_path / "cut", "eval_loss")[0] == [4, 8, 12, 16]
    weights = [
        (tmp_path / name / "adapter/adapter_model.safetensors").read_bytes() for name in ("cut", "whole")
    ]
    assert weights[0] == weights[1]


# As docs/finetune.md says it. `--multi_gpu` makes accelerate start two processes where it would look for MPI;
# without a GPU they meet over gloo.
LAUNCH = "--multi_gpu --num_processes 2 --num_machines 1 --mixed_precision no --dynamo_backend no"
ACCELERATE = ["-m", "accelerate.commands.launch", *LAUNCH.split(), "--main_process_port", "0"]


def test_two_processes_started_by_accelerate_learn_as_one_that_accumulates(squares, samples, tiny, tmp_path):
    shared = {"dropout": 0.0, "max_steps": 6}
    here(samples, tiny, tmp_path / "one", accumulation=2, **shared)
    said = finish(run(squares, tiny, tmp_path / "two", ACCELERATE, processes=2, **shared))
    assert said.count("trainable:") == 1  # one of the two speaks, and one writes
    assert losses(tmp_path / "two")[1] == pytest.approx(losses(tmp_path / "one")[1], rel=1e-4)
