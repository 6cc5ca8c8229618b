"""The first pass over the annotations: what splits and distractors need to know of all of them."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ml.prompts import FAILURE_TYPES
from ml.symbols import Command
from ml.vqa.annotation import Episode, read_episode, task_key
from ml.vqa.draw import rank
from ml.vqa.frames import commonest, step_of
from ml.vqa.streams import DataError, Json, Progress, quiet, read_array

Arms = tuple[str, ...]


@dataclass(slots=True)
class Members:
    """The episodes of one task in one folder, as ranks (8 bytes each): failed, and successful or unknown."""

    failed: array[int] = field(default_factory=lambda: array("Q"))
    other: array[int] = field(default_factory=lambda: array("Q"))

    def __len__(self) -> int:
        return len(self.failed) + len(self.other)


@dataclass(slots=True)
class Survey:
    """What all annotations have in common; holds 8 bytes an episode, and each distinct text once."""

    seed: int
    tasks: dict[str, dict[str, Members]] = field(default_factory=dict)  # task key to folder to episodes
    descriptions: dict[str, str] = field(default_factory=dict)  # task key to description
    commands: dict[Arms, dict[str, Command]] = field(default_factory=dict)
    subtasks: dict[str, None] = field(default_factory=dict)
    failure_types: set[str] = field(default_factory=set)
    steps: Counter[int] = field(default_factory=Counter)

    def add(self, episode: Episode) -> None:
        """Take one episode in."""
        key = task_key(episode.task)
        self.descriptions.setdefault(key, episode.task)
        members = self.tasks.setdefault(key, {}).setdefault(episode.folder, Members())
        (members.failed if episode.failed else members.other).append(episode_rank(self.seed, episode.id))
        self.subtasks.update(dict.fromkeys(episode.subtasks))
        if episode.failure_type:
            self.failure_types.add(episode.failure_type)
        for side in (episode.avoidance, episode.correction):
            if side.command:
                self.commands.setdefault(arms_of(side.command), {})[side.command_text] = side.command
        step = step_of(episode.stills)
        if step:
            self.steps[step] += 1

    def check(self) -> None:
        """Raise DataError where an episode comes twice: its questions would have the same ids."""
        for folders in self.tasks.values():
            for folder, members in folders.items():
                ranks = [*members.failed, *members.other]
                if len(set(ranks)) < len(ranks):
                    raise DataError(f"an episode of {folder} is in the annotations twice; leave one out")

    @property
    def step(self) -> int | None:
        """Frames between two samples in most episodes."""
        return commonest(self.steps)

    @property
    def types(self) -> tuple[str, ...]:
        """The paper's failure types and, behind them, others that were used."""
        return (*FAILURE_TYPES, *sorted(self.failure_types - set(FAILURE_TYPES)))


def arms_of(command: Command) -> Arms:
    """Return the arms that a command names; none where the whole robot holds still."""
    return tuple(part.arm for part in command.arms)


def episode_rank(seed: int, episode: str) -> int:
    """Return the place of an episode in the random order of its task: the least are the benchmark."""
    return rank(seed, "split", episode)


def survey(path: Path, seed: int, progress: Progress = quiet) -> Survey:
    """Read all annotations once. Raises DataError where the file cannot be used."""
    found = Survey(seed)
    for episode in episodes(read_array(path, progress, "surveying"), path):
        found.add(episode)
    found.check()
    if not found.tasks:
        raise DataError(f"{path} holds no annotations")
    return found


def episodes(records: Iterable[Json], path: Path) -> Iterable[Episode]:
    """Read each record; an error names its number in the file, from 1."""
    for number, raw in enumerate(records, 1):
        try:
            yield read_episode(raw)
        except DataError as error:
            raise DataError(f"{path}, record {number}: {error}") from error
