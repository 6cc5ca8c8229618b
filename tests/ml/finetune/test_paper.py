"""The paper's recipe at full size, on the meta device: its architecture is data of the package."""

import json

import pytest
import torch
from transformers import AutoModelForImageTextToText, Qwen3VLConfig

from ml.finetune.modules import prepare, trainable_counts
from ml.finetune.recipe import check_processes
from ml.finetune.settings import CONFIGS, FinetuneError, make_settings, read_settings

LAYERS, RANK = 36, 32
# In and out of q, k, v, o, gate, up, down.
PROJECTIONS = [
    (4096, 4096),
    (4096, 1024),
    (4096, 1024),
    (4096, 4096),
    (4096, 12288),
    (4096, 12288),
    (12288, 4096),
]
ADAPTERS = LAYERS * sum(RANK * (wide + high) for wide, high in PROJECTIONS)
JOINED = 4 * 1152  # a merger joins 2 x 2 patches of the vision tower
LINEARS = JOINED * JOINED + JOINED + JOINED * 4096 + 4096
MERGER, DEEPSTACK = LINEARS + 2 * 1152, 3 * (LINEARS + 2 * JOINED)


def full_size():
    values = json.loads((CONFIGS / "qwen3_vl_8b.json").read_text())
    with torch.device("meta"):
        return AutoModelForImageTextToText.from_config(Qwen3VLConfig(**values))


def test_paper_config_is_the_papers():
    paper = read_settings("paper")
    assert (paper.rank, paper.alpha, paper.learning_rate, paper.epochs) == (32, 64, 1e-5, 1)
    assert (paper.batch_size, paper.accumulation, paper.processes, paper.effective_batch) == (1, 4, 4, 16)
    zero = json.loads((CONFIGS / f"{paper.deepspeed}.json").read_text())
    assert zero["zero_optimization"]["stage"] == 2
    assert paper.model.endswith("Qwen3-VL-8B-Instruct")


@pytest.mark.parametrize(
    ("merger", "mergers"),
    [
        ("none", {}),
        ("main", {"merger": MERGER}),
        ("all", {"merger": MERGER, "deepstack mergers": DEEPSTACK}),
    ],
)
def test_trains_these_parameters_of_8b(merger, mergers):
    model = full_size()
    assert sum(each.numel() for each in model.parameters()) == 8_767_123_696
    prepared = prepare(model, read_settings("paper", merger=merger))
    assert trainable_counts(prepared) == {"adapters": ADAPTERS, **mergers}
    adapted = [name for name, _ in prepared.named_modules() if name.endswith("lora_A")]
    assert len(adapted) == LAYERS * len(PROJECTIONS)
    assert not any("visual" in name for name in adapted)


def test_refuses_another_number_of_processes():
    with pytest.raises(FinetuneError, match="counts on 4 processes"):
        check_processes(read_settings("paper"))


def test_refuses_a_model_without_those_modules():
    with pytest.raises(FinetuneError, match="trainable"):
        prepare(torch.nn.Sequential(torch.nn.Linear(2, 2)), read_settings("laptop"))


@pytest.mark.parametrize(
    "values", [{"merger": "some"}, {"rank": "32"}, {"learnin_rate": 1.0}, {"held_out": 1.0}]
)
def test_refuses_settings_it_does_not_know(values):
    with pytest.raises(FinetuneError):
        make_settings({"model": "tiny", **values})
