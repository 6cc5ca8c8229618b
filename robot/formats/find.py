"""What recordings lie in a folder: LeRobot data sets by `meta/info.json`, ALOHA files by their ending."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from robot.formats import aloha, lerobot
from robot.formats.recording import FormatRejected, Recording


@dataclass(frozen=True)
class Found:
    """One episode that can be read, or one sentence that says why what lies there cannot."""

    name: str
    read: Callable[[], Recording]
    problem: str = ""


def find(path: Path) -> Iterator[Found]:
    """Every recording in a file or below a folder, in natural order; what cannot be read has a problem."""
    if path.is_file():
        if path.suffix.lower() in aloha.SUFFIXES:
            yield Found(path.stem, partial(aloha.read, path))
        return
    datasets = sorted(each.parent.parent for each in path.rglob("meta/info.json"))
    for root in datasets:
        yield from _dataset(root)
    for file in sorted(path.rglob("*"), key=_natural):
        if file.suffix.lower() in aloha.SUFFIXES and file.is_file() and not file.is_symlink():
            yield Found(file.stem, partial(aloha.read, file))


def _dataset(root: Path) -> Iterator[Found]:
    try:
        dataset = lerobot.open_dataset(root)
    except FormatRejected as problem:
        yield Found(root.name, partial(lerobot.read, root, 0), str(problem))
        return
    for episode in dataset.episodes:
        yield Found(f"{root.name}_episode_{episode.index}", partial(lerobot.read_episode, dataset, episode))


def _natural(path: Path) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", str(path))
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
