"""Nothing is cut, nothing is left out, and only answers are learned."""

import json

import pytest
import torch

from ml.finetune.__main__ import main
from ml.finetune.processor import load_processor
from ml.finetune.recipe import AnswerTrainer
from ml.finetune.samples import IGNORED, Collator, Encoder, read_samples, split_held_out, take_episodes
from ml.finetune.settings import FinetuneError

MARKED = {"role": "assistant", "content": "Yes.<|im_end|>"}


@pytest.fixture(scope="module")
def encoder(tiny):
    return Encoder(load_processor(str(tiny)), max_tokens=4096)


def test_learns_the_answer_only(encoder, samples):
    for sample in samples:
        item = encoder(sample)
        labels = item["labels"][0]
        learned = encoder.processor.tokenizer.decode(labels[labels != IGNORED])
        assert learned == sample.answer + "<|im_end|>\n"
        assert item["input_ids"].shape == item["labels"].shape == item["mm_token_type_ids"].shape


def test_length_is_known_without_encoding(encoder, samples):
    assert [encoder.length(each) for each in samples] == [
        encoder(each)["labels"].shape[1] for each in samples
    ]


def test_padding_is_not_learned(encoder, samples):
    batch = Collator(pad=0)([encoder(samples[0]), encoder(samples[1])])
    assert (batch["labels"][batch["attention_mask"] == 0] == IGNORED).all()
    assert batch["pixel_values"].shape[0] == batch["image_grid_thw"].prod(1).sum()


def test_refuses_long_samples_by_name(encoder, samples):
    short = Encoder(encoder.processor, max_tokens=min(map(encoder.length, samples)))
    with pytest.raises(FinetuneError, match="longer than max_tokens") as refused:
        short.check(samples)
    assert "squares/episode_1/move" in str(refused.value)
    assert "squares/episode_0/move" not in str(refused.value)
    long = [each.name for each in samples if short.length(each) > short.max_tokens]
    assert all(name in str(refused.value) for name in long)  # every one, however many


def test_missing_token_types_fail_loudly(encoder, samples):
    item = encoder(samples[0])
    del item["mm_token_type_ids"]
    with pytest.raises(FinetuneError, match="mm_token_type_ids"):
        Collator(pad=0)([item])
    with pytest.raises(FinetuneError, match="mm_token_type_ids"):
        AnswerTrainer.compute_loss(object.__new__(AnswerTrainer), torch.nn.Identity(), item)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"images": ["squares/none.png"]}, "lack a picture: squares/episode_0/move"),
        ({"images": ["../secret.png"]}, "outside the root"),
        ({"images": ["/secret.png"]}, "outside the root"),
        ({"images": []}, "1 places for 0 pictures"),
        ({"messages": []}, "not one question"),
        ({"messages": [{"role": "user", "content": "<image>?"}, MARKED]}, r"has <\|im_end\|> in its text"),
    ],
)
def test_refuses_bad_records_by_name(squares, tmp_path, change, message):
    records = json.loads((squares / "vqa.json").read_text())
    (tmp_path / "vqa.json").write_text(json.dumps([{**records[0], **change}]))
    with pytest.raises(FinetuneError, match=message):
        read_samples([tmp_path / "vqa.json"], squares)


def test_holds_whole_episodes_out(samples):
    training, held = split_held_out(samples, 0.25, seed=1)
    assert len(held) == 4
    assert not {each.episode for each in training} & {each.episode for each in held}


def test_a_smaller_size_is_part_of_a_larger(samples):
    small, large = ({each.name for each in take_episodes(samples, count, 0)} for count in (4, 8))
    assert small < large
    assert len(small) == 4
    with pytest.raises(FinetuneError, match="17 trajectories"):
        take_episodes(samples, 17, 0)


def test_command_says_one_sentence(squares, tmp_path, capsys):
    data = [str(squares / "vqa.json"), "--images", str(squares), "--out", str(tmp_path / "out")]
    assert main(["train", "laptop", "--data", *data, "--set", "max_tokens=8"]) == 2
    said = capsys.readouterr().err
    assert said.splitlines()[-1].startswith("error: 16 samples are longer")
    assert "Traceback" not in said
