"""VQA records as training samples: read, checked before anything is trained, encoded, batched."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, Final

import torch
from PIL import Image
from torch.utils.data import Dataset
from tqdm import tqdm

from ml.finetune.settings import FinetuneError

IMAGE: Final = "<image>"
IGNORED: Final = -100  # the label of a token that is not learned
END_OF_TURN: Final = "<|im_end|>\n"
_MARK: Final = re.compile(r"<\|\w+\|>")

Json = dict[str, Any]
Tensors = dict[str, torch.Tensor]


@dataclass(frozen=True, slots=True)
class Sample:
    """A question, its pictures and the answer to learn. `name` is what messages call it."""

    name: str
    episode: str
    tag: str
    question: str
    answer: str
    images: tuple[Path, ...]


def read_samples(files: Sequence[Path], root: Path, tags: Sequence[str] | None = None) -> list[Sample]:
    """Read VQA files (arrays in release form), pictures below `root`.

    Raises FinetuneError, naming the records, for a picture that is missing or outside the root and for
    places of pictures that do not match their list: nothing is left out on its own.
    """
    samples = [_sample(raw, file, place, root) for file in files for place, raw in enumerate(_records(file))]
    samples = [each for each in samples if tags is None or each.tag in tags]
    if not samples:
        raise FinetuneError(
            "there is no record to train on" + (f" with the tags {', '.join(tags)}" if tags else "")
        )
    absent = [each.name for each in samples if not all(path.is_file() for path in each.images)]
    _refuse(absent, "lack a picture")
    return samples


def _records(file: Path) -> list[Json]:
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except ValueError as error:
        raise FinetuneError(f"{file} is not JSON: {error}") from error
    if not isinstance(found, list):
        raise FinetuneError(f"{file} is no array of VQA records")
    return found


def _sample(raw: Json, file: Path, place: int, root: Path) -> Sample:
    name = str(raw.get("question_id") or f"{file.name}#{place}")
    match raw:
        case {
            "messages": [
                {"role": "user", "content": str(question)},
                {"role": "assistant", "content": str(answer)},
            ]
        }:
            pass
        case _:
            raise FinetuneError(f"{name} is not one question of the user and one answer of the assistant")
    images = [str(path) for path in raw.get("images") or []]
    if question.count(IMAGE) != len(images):
        raise FinetuneError(f"{name} has {question.count(IMAGE)} places for {len(images)} pictures")
    if mark := _MARK.search(question + answer):
        raise FinetuneError(f"{name} has {mark[0]} in its text, which is a mark of the chat's form")
    if not answer.strip():
        raise FinetuneError(f"{name} has an empty answer")
    paths = tuple(_below(root, path, name) for path in images)
    return Sample(
        name,
        str(raw.get("episode_id") or _folder(images, name)),
        str(raw.get("tag", "")),
        question,
        answer,
        paths,
    )


def _below(root: Path, path: str, name: str) -> Path:
    pure = PurePosixPath(path)
    if pure.is_absolute() or ".." in pure.parts:
        raise FinetuneError(f"{name} names a picture outside the root: {path}")
    return root / pure


def _folder(images: Sequence[str], name: str) -> str:
    """What stands for the episode where a record names none: the folder of its pictures."""
    return str(PurePosixPath(images[0]).parent) if images else name


def split_held_out(samples: Sequence[Sample], part: float, seed: int) -> tuple[list[Sample], list[Sample]]:
    """Return those to train on and those held out: whole episodes, at least one where `part` is above 0."""
    if not part:
        return list(samples), []
    episodes = sorted({each.episode for each in samples})
    random.Random(seed).shuffle(episodes)  # noqa: S311 (a split, no secret)
    held = frozenset(episodes[: max(1, round(part * len(episodes)))])
    if len(held) == len(episodes):
        raise FinetuneError("holding episodes out leaves none to train on")
    return [each for each in samples if each.episode not in held], [
        each for each in samples if each.episode in held
    ]


def take_episodes(samples: Sequence[Sample], count: int, seed: int) -> list[Sample]:
    """Return the samples of `count` episodes; a larger count holds all of a smaller one's."""
    episodes = sorted({each.episode for each in samples})
    if count > len(episodes):
        raise FinetuneError(f"a size of {count} trajectories was asked for, but there are {len(episodes)}")
    random.Random(seed).shuffle(episodes)  # noqa: S311 (a choice, no secret)
    chosen = frozenset(episodes[:count])
    return [each for each in samples if each.episode in chosen]


@dataclass(slots=True)
class Encoder:
    """Samples to a model's inputs, with loss on the answer only."""

    processor: Any
    max_tokens: int
    _image_tokens: dict[Path, int] = field(default_factory=dict)

    def check(self, samples: Iterable[Sample]) -> int:
        """Return the tokens of the longest sample, from texts and headers of pictures alone.

        Raises FinetuneError with the names of those that are too long: cuts lose pictures or answers.
        """
        lengths = {
            each.name: self.length(each) for each in tqdm(samples, desc="lengths", leave=False, disable=None)
        }
        long = [f"{name} ({length})" for name, length in lengths.items() if length > self.max_tokens]
        _refuse(long, f"are longer than max_tokens = {self.max_tokens}")
        return max(lengths.values(), default=0)

    def length(self, sample: Sample) -> int:
        """Return a sample's tokens, those of its pictures included."""
        tokenizer = self.processor.tokenizer
        words = tokenizer(self.prompt(sample), add_special_tokens=False).input_ids
        pictures = sum(self._tokens_of(path) - 1 for path in sample.images)  # the text holds one for each
        return len(words) + pictures + len(self._answer(sample))

    def _tokens_of(self, path: Path) -> int:
        if path not in self._image_tokens:
            with Image.open(path) as picture:
                width, height = picture.size
            pictures = self.processor.image_processor
            patches = pictures.get_number_of_image_patches(height, width, {})
            self._image_tokens[path] = patches // pictures.merge_size**2
        return self._image_tokens[path]

    def prompt(self, sample: Sample) -> str:
        """Return the text in the chat's form, up to where the assistant speaks."""
        message = {"role": "user", "content": content_of(sample.question)}
        return self.processor.apply_chat_template([message], add_generation_prompt=True, tokenize=False)

    def question(self, sample: Sample) -> Tensors:
        """Return the inputs of the question alone, as at inference."""
        pictures = [_open(path) for path in sample.images]
        inputs = dict(
            self.processor(text=[self.prompt(sample)], images=pictures or None, return_tensors="pt")
        )
        _need_token_types(inputs, sample.name)
        return inputs

    def __call__(self, sample: Sample) -> Tensors:
        """Return question and answer with `labels`; the answer is encoded apart, as it is generated."""
        inputs = self.question(sample)
        answer = torch.tensor([self._answer(sample)])
        labels = torch.cat([torch.full_like(inputs["input_ids"], IGNORED), answer], dim=1)
        if labels.shape[1] > self.max_tokens:
            raise FinetuneError(f"{sample.name} has {labels.shape[1]} tokens, more than {self.max_tokens}")
        follow = {
            "input_ids": answer,
            "attention_mask": torch.ones_like(answer),
            "mm_token_type_ids": torch.zeros_like(answer),
        }
        longer = {key: torch.cat([inputs[key], value], dim=1) for key, value in follow.items()}
        return {**inputs, **longer, "labels": labels}

    def _answer(self, sample: Sample) -> list[int]:
        return self.processor.tokenizer(sample.answer + END_OF_TURN, add_special_tokens=False).input_ids


def content_of(question: str) -> list[Json]:
    """Return a text with its `<image>` places as parts of a chat message."""
    first, *rest = question.split(IMAGE)
    parts: list[Json] = [{"type": "text", "text": first}] if first else []
    for text in rest:
        parts += [{"type": "image"}, *([{"type": "text", "text": text}] if text else [])]
    return parts


class Samples(Dataset[Tensors]):
    """Samples that are encoded when they are wanted."""

    def __init__(self, samples: Sequence[Sample], encoder: Encoder) -> None:
        self.samples, self.encoder = samples, encoder

    def __len__(self) -> int:
        return len(self.samples)

    def __getitem__(self, place: int) -> Tensors:
        return self.encoder(self.samples[place])


@dataclass(frozen=True, slots=True)
class Collator:
    """A batch of encoded samples: texts padded at the end, pictures one after the other."""

    pad: int

    def __call__(self, items: Sequence[Mapping[str, torch.Tensor]]) -> Tensors:
        """Return the batch. Raises FinetuneError where an item lacks `mm_token_type_ids`."""
        fills = {"input_ids": self.pad, "attention_mask": 0, "mm_token_type_ids": 0, "labels": IGNORED}
        for item in items:
            _need_token_types(item, "a sample")
        batch = {key: self._padded([item[key][0] for item in items], fill) for key, fill in fills.items()}
        for key in ("pixel_values", "image_grid_thw"):
            if found := [item[key] for item in items if key in item]:
                batch[key] = torch.cat(found)
        return batch

    @staticmethod
    def _padded(rows: list[torch.Tensor], fill: int) -> torch.Tensor:
        return torch.nn.utils.rnn.pad_sequence(rows, batch_first=True, padding_value=fill)


def _need_token_types(inputs: Mapping[str, Any], name: str) -> None:
    """Without them the positions of pictures are wrong: training breaks, and generating gets worse unseen."""
    if "mm_token_type_ids" not in inputs:
        raise FinetuneError(f"{name} has no mm_token_type_ids; this processor does not fit the model")


def _open(path: Path) -> Image.Image:
    try:
        with Image.open(path) as picture:
            return picture.convert("RGB")
    except OSError as error:
        raise FinetuneError(f"{path} is no picture that can be read: {error}") from error


def _refuse(names: Sequence[str], what: str) -> None:
    if names:
        raise FinetuneError(f"{len(names)} samples {what}: {', '.join(names)}")
