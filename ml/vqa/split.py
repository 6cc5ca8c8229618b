"""Which episodes train and which are the benchmark: by episode and by task description, never by question.

A SPLIT.toml may hold, all optional:

    benchmark_share = 0.10   # of the episodes of each task
    unseen_share = 0.05      # of the tasks: all their episodes are benchmark (at least one of ten)
    balance = true           # as many successes as failures in the benchmark, where there are enough
    unseen = ["Pull open the drawer."]        # descriptions or folders of tasks instead of a share of them

    [benchmark]              # instead of shares: how many episodes of a folder, or which ones by number
    stack_cups_ep1 = 30
    pull_drawer = [3, 8, 11]

A folder that `[benchmark]` does not name trains. Half of a task's successes always train.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from ml.vqa.annotation import Episode, task_key
from ml.vqa.draw import rank
from ml.vqa.streams import DataError
from ml.vqa.survey import Members, Survey, episode_rank

Part = Literal["train", "benchmark"]
_FEW_TASKS: Final = 10
_KINDS: Final = {
    "benchmark_share": (float, int),
    "unseen_share": (float, int),
    "balance": (bool,),
    "unseen": (list,),
    "benchmark": (dict,),
}


@dataclass(frozen=True, slots=True)
class SplitPlan:
    """What a SPLIT.toml says; the defaults are those of a split without one."""

    benchmark_share: float = 0.10
    unseen_share: float = 0.05
    balance: bool = True
    unseen: tuple[str, ...] | None = None
    benchmark: Mapping[str, int | Sequence[int]] | None = None


@dataclass(frozen=True, slots=True)
class Split:
    """The outcome: tasks that never train, and the ranks of the benchmark's episodes."""

    seed: int
    unseen: frozenset[str]
    ranks: frozenset[int]
    trained: frozenset[str] = field(default=frozenset())

    def part(self, episode: Episode) -> Part:
        """Return where an episode belongs."""
        if task_key(episode.task) in self.unseen or episode_rank(self.seed, episode.id) in self.ranks:
            return "benchmark"
        return "train"

    def seen(self, episode: Episode) -> bool:
        """Tell whether the episode's task occurs in training."""
        return task_key(episode.task) in self.trained


def load_plan(path: Path | None) -> SplitPlan:
    """Read a SPLIT.toml. Raises DataError where it says something else, OSError where it cannot be read."""
    if path is None:
        return SplitPlan()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise DataError(f"{path} is no TOML: {error}") from error
    for key, value in raw.items():
        if key not in _KINDS or not isinstance(value, _KINDS[key]):
            raise DataError(f"{path}: {key} is unknown or of the wrong kind; known are {', '.join(_KINDS)}")
    for key in ("benchmark_share", "unseen_share"):
        if not 0 <= raw.get(key, 0) < 1:
            raise DataError(f"{path}: {key} must be at least 0 and less than 1")
    return SplitPlan(**{**raw, "unseen": tuple(raw["unseen"]) if "unseen" in raw else None})


def split(survey: Survey, plan: SplitPlan) -> Split:
    """Split the surveyed episodes. Raises DataError where the plan names what is not there."""
    unseen = _unseen(survey, plan)
    chosen = frozenset(_chosen(survey, plan, unseen))
    trained = {
        key
        for key, folders in survey.tasks.items()
        if key not in unseen and any(rank_ not in chosen for m in folders.values() for rank_ in _all(m))
    }
    return Split(survey.seed, unseen, chosen, frozenset(trained))


def _all(members: Members) -> Iterator[int]:
    yield from members.failed
    yield from members.other


def _unseen(survey: Survey, plan: SplitPlan) -> frozenset[str]:
    """The tasks held out: those the plan names, or a share, drawn from the tasks of at most median size."""
    if plan.unseen is not None:
        return frozenset(_named(survey, name) for name in plan.unseen)
    if plan.benchmark is not None:
        return frozenset()
    count = len(survey.tasks)
    share = round(plan.unseen_share * count)
    if plan.unseen_share and count >= _FEW_TASKS:
        share = max(1, share)
    sizes = {key: sum(map(len, folders.values())) for key, folders in survey.tasks.items()}
    median = sorted(sizes.values())[count // 2]
    small = [key for key, size in sizes.items() if size <= median]
    return frozenset(sorted(small, key=lambda key: rank(survey.seed, "unseen", key))[: min(share, count - 1)])


def _named(survey: Survey, name: str) -> str:
    for key, folders in survey.tasks.items():
        if name in folders or task_key(str(name)) == key:
            return key
    raise DataError(f"the split holds out {name!r}, which is no task of the annotations")


def _chosen(survey: Survey, plan: SplitPlan, unseen: frozenset[str]) -> Iterator[int]:
    if plan.benchmark is not None:
        yield from _listed(survey, plan, plan.benchmark)
        return
    done, target = 0, 0.0
    for key, folders in sorted(survey.tasks.items()):
        if key in unseen:
            continue
        members = Members()
        for each in folders.values():
            members.failed += each.failed
            members.other += each.other
        # Rounded over all tasks together, so that many small ones give their share too.
        target += plan.benchmark_share * len(members)
        count = min(round(target) - done, len(members) - 1)
        done += count
        yield from _least(members, count, plan.balance)


def _least(members: Members, count: int, balance: bool) -> list[int]:
    """The ranks of `count` episodes, half of them successes where there are enough and if that is wished."""
    if not balance:
        return sorted(_all(members))[:count]
    successes = min(count // 2, len(members.other) // 2)
    failures = min(count - successes, len(members.failed))
    return sorted(members.other)[: count - failures] + sorted(members.failed)[:failures]


def _listed(survey: Survey, plan: SplitPlan, wanted: Mapping[str, Any]) -> Iterator[int]:
    folders: dict[str, list[Members]] = {}
    for by_folder in survey.tasks.values():
        for folder, members in by_folder.items():
            folders.setdefault(folder, []).append(members)
    for folder, what in wanted.items():
        if folder not in folders:
            raise DataError(f"the split names {folder}, which is no folder of the annotations")
        members = Members()
        for each in folders[folder]:
            members.failed += each.failed
            members.other += each.other
        yield from _of_folder(survey.seed, folder, members, what, plan.balance)


def _of_folder(seed: int, folder: str, members: Members, what: object, balance: bool) -> list[int]:
    if isinstance(what, int) and not isinstance(what, bool) and 0 <= what <= len(members):
        return _least(members, what, balance)
    if isinstance(what, list) and all(isinstance(number, int) for number in what):
        ranks = {episode_rank(seed, f"{folder}/episode_{number}"): number for number in what}
        missing = sorted(ranks[rank_] for rank_ in ranks.keys() - set(_all(members)))
        if not missing:
            return list(ranks)
        raise DataError(f"the split names episode {missing[0]} of {folder}, which is not there")
    raise DataError(
        f"the split's {folder} must be a number up to {len(members)}, or a list of episode numbers"
    )
