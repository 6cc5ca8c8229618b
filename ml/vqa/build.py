"""Annotations -> VQA data: two passes over the file, one record in memory at a time."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from ml.prompts import GROUP_OF, GROUPS, Group, Pack, load_pack
from ml.symbols import Size
from ml.vqa.annotation import Episode
from ml.vqa.controls import (
    CONTROLS,
    Control,
    keyframe_free,
    last_frame,
    named,
    rotations,
    shuffled,
    text_only,
)
from ml.vqa.distractors import Pools
from ml.vqa.pictures import Pictures
from ml.vqa.questions import Asker, Question
from ml.vqa.records import record
from ml.vqa.split import Split, load_plan, split
from ml.vqa.streams import ArrayFile, Json, Progress, encode, quiet, read_array
from ml.vqa.survey import episodes, survey

PREFIX: Final = "ViFailback_VQA"
MANIFEST: Final = "build.json"
FORMAT: Final = "vifailback-vqa-1"
Target = Group | tuple[Control, Group] | None
"""A file of records: of a group of the benchmark, of a control of it, or for training."""


def file_name(target: Target) -> str:
    """Return the path of a file of records below the output folder."""
    match target:
        case None:
            return f"VQA/{PREFIX}_train.json"
        case (control, group):
            return f"VQA/controls/{PREFIX}_benchmark_{group}_{control}.json"
        case group:
            return f"VQA/{PREFIX}_benchmark_{group}.json"


@dataclass(slots=True)
class Counts:
    """What was built and what was not, each with its number."""

    episodes: Counter[str] = field(default_factory=Counter)
    records: dict[str, Counter[str]] = field(default_factory=dict)  # file to tag
    not_asked: dict[str, Counter[str]] = field(default_factory=dict)  # tag to reason
    flags: Counter[str] = field(default_factory=Counter)

    def to_json(self) -> Json:
        """Return the counts with their keys in order."""
        return {
            "episodes": dict(sorted(self.episodes.items())),
            "records": {name: dict(sorted(tags.items())) for name, tags in sorted(self.records.items())},
            "not_asked": {tag: dict(sorted(why.items())) for tag, why in sorted(self.not_asked.items())},
            "flags": dict(sorted(self.flags.items())),
        }


@dataclass(slots=True)
class Builder:
    """Everything that one pass over the episodes needs."""

    asker: Asker
    pack: Pack
    split: Split
    pictures: Pictures
    out: Path
    step: int | None
    files: dict[Target, ArrayFile]
    counts: Counts = field(default_factory=Counts)

    def take(self, episode: Episode) -> None:
        """Write all records of one episode."""
        part = self.split.part(episode)
        seen = self.split.seen(episode)
        self.counts.episodes[part if part == "train" or seen else f"{part}, unseen task"] += 1
        self.counts.flags.update(episode.flags)
        self.pictures.complete(episode)
        for question in self._ask(episode):
            told = record(question, self.pack)
            if part == "train":
                self._write(None, told)
            else:
                self._write(GROUP_OF[question.kind], {**told, "seen": seen})
        if part == "benchmark" and len(self.files) > 1 + len(GROUPS):
            self._take_controls(episode, seen)

    def _ask(self, episode: Episode) -> Iterator[Question]:
        for asked in self.asker.questions(episode):
            if isinstance(asked, Question):
                yield asked
            else:
                tag, reason = asked
                self.counts.not_asked.setdefault(tag.value, Counter())[reason] += 1

    def _take_controls(self, episode: Episode, seen: bool) -> None:
        free, sources = keyframe_free(episode, self.step)
        self.pictures.copy(sources, self.out)
        for question in self._questions(free):
            told = {**record(question, self.pack), "seen": seen}
            self._control("keyframe_free", question, told)
            self._control("last_frame", question, last_frame(told, free.stills[-1].path))
            self._control("text_only", question, text_only(told))
            for variant, turned in enumerate(rotations(question)):
                self._control("rotations", question, {**record(turned, self.pack), "seen": seen}, variant)
        for question in self._questions(shuffled(free, self.asker.seed)):
            self._control("shuffled", question, {**record(question, self.pack), "seen": seen})

    def _questions(self, episode: Episode) -> Iterator[Question]:
        return (asked for asked in self.asker.questions(episode) if isinstance(asked, Question))

    def _control(self, control: Control, question: Question, told: Json, variant: int = 0) -> None:
        self._write((control, GROUP_OF[question.kind]), named(told, control, variant))

    def _write(self, target: Target, told: Json) -> None:
        file = self.files[target]
        file.write(encode(told))
        self.counts.records.setdefault(file_name(target), Counter())[told["tag"]] += 1


def targets(controls: bool) -> list[Target]:
    """Return the files of a build."""
    more = [(control, group) for control, groups in CONTROLS.items() for group in groups] if controls else []
    return [None, *GROUPS, *more]


def build(
    annotations: Path,
    *,
    images: Path,
    out: Path,
    seed: int = 0,
    templates: Path | None = None,
    split_file: Path | None = None,
    controls: bool = False,
    size: Size | None = None,
    progress: Progress = quiet,
) -> Json:
    """Write the VQA data of a file of annotations below `out`, and return what `build.json` says of it.

    `images` is the root that the annotations' paths are relative to; `size` that of frames which are not
    there to be measured. The same arguments give the same bytes, and a file appears whole or not at all.
    Raises DataError or PackError with one sentence where an input cannot be used, OSError where it cannot be
    read.
    """
    pack, plan = load_pack(templates), load_plan(split_file)
    known = survey(annotations, seed, progress)
    parted = split(known, plan)
    pictures = Pictures(images, size)
    with ExitStack() as stack:
        files = {
            target: stack.enter_context(ArrayFile(out / file_name(target))) for target in targets(controls)
        }
        asker = Asker(seed, Pools(known))
        builder = Builder(asker, pack, parted, pictures, out, known.step, files)
        for episode in episodes(read_array(annotations, progress, "building"), annotations):
            builder.take(episode)
    untrained = sorted(known.tasks.keys() - parted.trained)
    told = _manifest(builder, seed, [known.descriptions[key] for key in untrained])
    (out / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return told


def _manifest(builder: Builder, seed: int, unseen: list[str]) -> dict[str, Any]:
    pack, pictures = builder.pack, builder.pictures
    builder.counts.flags.update(pictures.flags)
    return {
        "format": FORMAT,
        "seed": seed,
        "prompts": {
            "name": pack.name,
            "version": pack.version,
            "sha256": pack.digest,
            "filled": list(pack.filled),
        },
        "unseen_tasks": unseen,
        **builder.counts.to_json(),
        "sha256": {file_name(target): file.digest for target, file in builder.files.items()},
    }
