"""ZeRO-2 on two processes of a CPU, started by DeepSpeed's own launcher."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ml.finetune.logs import curve, read_log

pytest.importorskip("deepspeed", reason="DeepSpeed is not installed: `pip install deepspeed` for this test")
pytestmark = [pytest.mark.full, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[3]
SETTINGS = {"merger": "all", "learning_rate": 1e-3, "max_steps": 8, "save_steps": 4, "threads": 1}
LAUNCHER = "from deepspeed.launcher.runner import main; main()"


def train(squares, tiny, out, *launcher, **changes):
    config = out.with_suffix(".json")
    config.write_text(json.dumps({"model": str(tiny), **SETTINGS, **changes}))
    data = ["--data", squares / "vqa.json", "--images", squares]
    words = ["ml.finetune", "train", config, *data, "--out", out]
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    here = {"PYTHONPATH": path, "OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1", "DS_ACCELERATOR": "cpu"}
    command = [sys.executable, *(launcher or ["-m"]), *map(str, words)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, **here}, check=True)
    return curve(read_log(out / "log.jsonl"))[1]


def test_zero2_learns_as_one_process_and_resumes(squares, tiny, tmp_path):
    whole = train(squares, tiny, tmp_path / "one", accumulation=2)
    launcher = ["-c", LAUNCHER, "--num_gpus", "2", "--module"]
    shared = {"processes": 2, "deepspeed": "zero2"}
    first = train(squares, tiny, tmp_path / "two", *launcher, **shared)
    assert first == pytest.approx(whole, rel=1e-4)
    assert (tmp_path / "two/checkpoint-4/global_step4").is_dir()  # in shards: it was DeepSpeed that wrote it
    for later in ("checkpoint-8", "adapter"):
        shutil.rmtree(tmp_path / "two" / later)
    assert train(squares, tiny, tmp_path / "two", *launcher, **shared) == first
