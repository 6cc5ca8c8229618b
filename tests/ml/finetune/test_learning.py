"""The recipe learns, and what it saves answers the same."""

import json
import shutil
import time

import pytest
import torch
from safetensors.torch import load_file

from ml.finetune.answers import answers
from ml.finetune.logs import curve, read_log
from ml.finetune.merging import merge, weights_of
from ml.finetune.recipe import LOG, PLOT, load_model, train
from ml.finetune.settings import Settings

pytestmark = pytest.mark.timeout(600)  # of the clock, which others on the machine share
BUDGET = 90.0  # seconds of one processor: a busy machine does not slow the recipe


@pytest.fixture(scope="module")
def overfit(tiny, samples, tmp_path_factory):
    settings = Settings(
        model=str(tiny),
        merger="all",
        learning_rate=1e-3,
        schedule="constant",
        batch_size=16,
        max_steps=300,
        save_steps=1000,
        threads=1,
    )
    out = tmp_path_factory.mktemp("overfit")
    began = time.process_time()
    adapter = train(settings, samples, out)
    return adapter, time.process_time() - began


def test_overfits_sixteen_samples(overfit, samples):
    adapter, seconds = overfit
    found = list(answers(adapter, samples, 24))
    assert sum(got == each.answer for got, each in zip(found, samples, strict=True)) >= 14
    assert seconds < BUDGET


def test_merged_model_answers_as_the_adapter(overfit, samples, tmp_path):
    adapter, _ = overfit
    merged = merge(adapter, tmp_path / "merged")
    assert list(answers(merged, samples, 24)) == list(answers(adapter, samples, 24))


def test_merged_model_loads_wherever_its_base_does(overfit, tiny, tmp_path):
    """vLLM does not run here; but it reads these files and these names of weights of the base, too."""
    merged = merge(overfit[0], tmp_path / "merged")
    assert dict(weights_of(merged)) == dict(weights_of(tiny))
    for name in ("config.json", "generation_config.json", "tokenizer.json", "chat_template.jinja"):
        assert (merged / name).read_bytes() == (tiny / name).read_bytes()


def test_merged_model_asks_for_pictures_as_large_as_it_was_trained_on(tiny, samples, tmp_path):
    """Also from the older of the two files that say so, which servers read."""
    base = shutil.copytree(tiny, tmp_path / "base")
    images = json.loads((base / "processor_config.json").read_text())["image_processor"]
    (base / "preprocessor_config.json").write_text(json.dumps(images))
    settings = Settings(model=str(base), max_pixels=9000, max_steps=1, threads=1)
    merged = merge(train(settings, samples, tmp_path / "run"), tmp_path / "merged")
    files = [merged / f"{name}_config.json" for name in ("preprocessor", "processor")]
    old, new = (json.loads(path.read_text()) for path in files)
    assert old["size"]["longest_edge"] == new["image_processor"]["size"]["longest_edge"] == 9000


@pytest.mark.parametrize("tuning", ["lora", "full"])
def test_small_steps_are_not_lost_in_bfloat16(tiny, samples, tmp_path, tuning):
    """At the paper's rate a whole module in 16 bits would hardly move; nobody would be told."""
    small = {"dtype": "bfloat16", "learning_rate": 1e-5, "max_steps": 2, "threads": 1}
    settings = Settings(model=str(tiny), tuning=tuning, merger="all", **small)
    trained = train(settings, samples, tmp_path / "run")
    model = load_model(str(tiny), settings)
    assert {each.dtype for each in model.parameters() if each.requires_grad} == {torch.float32}
    assert {each.dtype for each in model.parameters()} == {torch.float32, torch.bfloat16}
    if tuning == "full":
        assert {kind for _, (_, kind) in weights_of(trained)} == {"BF16"}
        return
    saved = load_file(trained / "adapter_model.safetensors")
    (name,) = (key for key in saved if key.endswith("visual.merger.linear_fc1.weight"))
    before = load_file(tiny / "model.safetensors")[name.removeprefix("base_model.model.")]
    moved = (saved[name] != before.bfloat16().float()).float().mean()
    assert moved > 0.9


def test_logs_and_plots_the_losses(overfit):
    out = overfit[0].parent
    steps, losses = curve(read_log(out / LOG))
    assert steps == list(range(1, 301))
    assert losses[-1] < losses[0] / 10
    assert (out / PLOT).read_bytes().startswith(b"\x89PNG")
