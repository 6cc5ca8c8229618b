"""The recipe learns, and what it saves answers the same."""

import time

import pytest

from ml.finetune.answers import answers
from ml.finetune.logs import curve, read_log
from ml.finetune.merging import merge
from ml.finetune.recipe import LOG, PLOT, train
from ml.finetune.settings import Settings

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


def test_logs_and_plots_the_losses(overfit):
    out = overfit[0].parent
    steps, losses = curve(read_log(out / LOG))
    assert steps == list(range(1, 301))
    assert losses[-1] < losses[0] / 10
    assert (out / PLOT).read_bytes().startswith(b"\x89PNG")
