"""Judge the open-ended answers of a run; cached by content."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ml.bench.errors import BenchError
from ml.bench.items import Item, Json
from ml.bench.judges import Judge, JudgeError, Level
from ml.bench.prices import Estimate, Meter, Price
from ml.bench.rundir import (
    JUDGEMENTS,
    RUN,
    JsonLines,
    locked,
    read_items,
    read_json,
    read_lines,
    read_log,
    write_json,
)
from ml.bench.scoring import COT, score
from ml.prompts import Group

JUDGES: Final = "judges.json"
Progress = Callable[[int, int], None]


def level_of(item: Item) -> Level:
    """Return which criteria a question is judged by: low-level for analyses with commands."""
    return "low_level" if item.kind in COT else "high_level"


def content_key(judge: Mapping[str, object], level: Level, reference: str, candidate: str) -> str:
    """Hash all that a judgement depends on."""
    text = json.dumps([judge, level, reference, candidate], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(slots=True)
class Judgements:
    """A run's judges (name to settings), their scores by content, and what is known for calibration."""

    judges: dict[str, Json] = field(default_factory=dict)
    by_key: dict[str, float] = field(default_factory=dict)
    drafted_by: str | None = None
    human: dict[str, float] = field(default_factory=dict)
    criteria: Json = field(default_factory=dict)
    spent: dict[str, Json] = field(default_factory=dict)

    @classmethod
    def of_run(cls, directory: Path) -> Judgements:
        """Read a run's; empty where it was not judged."""
        if not (directory / JUDGES).exists():
            return cls()
        known = read_json(directory / JUDGES)
        rows = list(read_lines(directory / JUDGEMENTS))
        return cls(
            known["judges"],
            {row["key"]: row["score"] for row in rows if row["score"] is not None},
            known["drafted_by"],
            known["human"],
            known["criteria"],
            {name: _spent([row for row in rows if row["judge"] == name]) for name in known["judges"]},
        )

    def scores(self, item: Item, candidate: str) -> list[tuple[str, float]]:
        """Return each judge's score of an answer, as far as it is there."""
        found = []
        for name, settings in self.judges.items():
            key = content_key(settings, level_of(item), item.reply, candidate)
            if key in self.by_key:
                found.append((name, self.by_key[key]))
        return found


def _spent(rows: Sequence[Json]) -> Json:
    costs = [row["cost"] for row in rows if row["cost"] is not None]
    tokens = {f"{side}_tokens": sum(row["tokens"][side] for row in rows) for side in ("input", "output")}
    return {**tokens, "cost": sum(costs) if costs else None}


def load_human(path: Path | None) -> dict[str, float]:
    """Read human scores, an object of question id to a score in [0, 1]."""
    if path is None:
        return {}
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise BenchError(f"{path} is no JSON: {error}") from error
    if not isinstance(raw, dict) or not all(isinstance(v, int | float) and 0 <= v <= 1 for v in raw.values()):
        raise BenchError(f"{path} must be an object of question id to a score from 0 to 1")
    return {name: float(value) for name, value in raw.items()}


@dataclass(slots=True)
class JudgePlan:
    """Which run to judge by whom; `allow` is asked first and `limit_cost` stops, as in a run."""

    directory: Path
    judges: Sequence[Judge]
    criteria: Json
    drafted_by: str | None = None
    human: Mapping[str, float] = field(default_factory=dict)
    concurrency: int = 8
    prices: Mapping[str, Price] = field(default_factory=dict)
    limit_cost: float | None = None
    allow: Callable[[Estimate], bool] = lambda estimate: True
    progress: Progress = lambda done, total: None


def judge_run(plan: JudgePlan) -> list[str]:
    """Judge what is not judged yet; return one sentence for each answer that got no score.

    Raises BenchError where the directory is no run, or the leave to spend is not given.
    """
    return asyncio.run(_judge(plan))


async def _judge(plan: JudgePlan) -> list[str]:
    read_json(plan.directory / RUN)
    known = Judgements.of_run(plan.directory)
    judges = {**known.judges, **{judge.name: dict(judge.settings) for judge in plan.judges}}
    description = {
        "judges": judges,
        "criteria": plan.criteria,
        "drafted_by": plan.drafted_by or known.drafted_by,
        "human": {**known.human, **plan.human},
    }
    with locked(plan.directory):
        write_json(plan.directory / JUDGES, description)
        log = JsonLines(plan.directory / JUDGEMENTS)
        try:
            return await _Judging(plan, list(_open(plan, known.by_key)), log, known).go()
        finally:
            log.close()
            for judge in plan.judges:
                await judge.close()


@dataclass(frozen=True, slots=True)
class _Task:
    """One text to be scored by one judge."""

    judge: Judge
    item: Item
    answer: str
    key: str

    @property
    def texts(self) -> tuple[Level, str, str]:
        """What the judge is given."""
        return level_of(self.item), self.item.reply, self.answer


def _open(plan: JudgePlan, done: Mapping[str, float]) -> Iterator[_Task]:
    """Every text that a judge has not scored, each once."""
    log, seen = read_log(plan.directory), set(done)
    for item in read_items(plan.directory):
        row = log.get(item.id)
        if item.group is not Group.HARD or row is None or row["status"] != "answered":
            continue
        if score(item, row["answer"], row["finish"]).status != "read":
            continue
        for judge in plan.judges:
            key = content_key(judge.settings, level_of(item), item.reply, row["answer"])
            if key not in seen:
                seen.add(key)
                yield _Task(judge, item, row["answer"], key)


class _Judging:
    """One judging under way."""

    def __init__(self, plan: JudgePlan, tasks: Sequence[_Task], log: JsonLines, known: Judgements) -> None:
        self._plan, self._tasks, self._log = plan, tasks, log
        self._spent = sum(each["cost"] or 0.0 for each in known.spent.values())
        self._failed: list[str] = []
        self._done = 0

    async def go(self) -> list[str]:
        if self._tasks and not self._plan.allow(self._estimate()):
            raise BenchError("nothing was judged")
        waiting = iter(self._tasks)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._plan.concurrency, len(self._tasks))):
                group.create_task(self._work(waiting))
        if self._over() and self._done < len(self._tasks):
            self._failed.append(
                f"stopped: the judgements have cost {self._spent:.2f}, the limit is "
                f"{self._plan.limit_cost:.2f}; --yes or a higher --limit-cost goes on"
            )
        return self._failed

    def _estimate(self) -> Estimate:
        tokens = [(task.judge.name, *task.judge.expected(*task.texts)) for task in self._tasks]
        costs = [self._plan.prices[name].of(*own) for name, *own in tokens if name in self._plan.prices]
        total = sum(costs) if costs else None
        return Estimate(
            len(tokens), sum(one for _, one, _ in tokens), sum(one for _, _, one in tokens), total
        )

    def _over(self) -> bool:
        limit = self._plan.limit_cost
        return limit is not None and self._spent >= limit > 0

    async def _work(self, waiting: Iterator[_Task]) -> None:
        for task in waiting:
            if self._over():
                return
            self._log.write(await self._one(task))
            self._done += 1
            self._plan.progress(self._done, len(self._tasks))

    async def _one(self, task: _Task) -> Json:
        meter, value, message = Meter(), None, None
        try:
            value = await task.judge.score(*task.texts, meter)
        except JudgeError as error:
            message = str(error)
            self._failed.append(f"{task.item.id}: {task.judge.name}: {message}")
        price = self._plan.prices.get(task.judge.name)
        cost = price.of(meter.input_tokens, meter.output_tokens) if price else None
        self._spent += cost or 0.0
        return {
            "key": task.key,
            "judge": task.judge.name,
            "question_id": task.item.id,
            "score": value,
            "tokens": {"input": meter.input_tokens, "output": meter.output_tokens},
            "cost": cost,
            "error": message,
        }
