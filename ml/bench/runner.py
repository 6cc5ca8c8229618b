"""Ask a model every question of a benchmark, a limited number at a time, and log each answer at once."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Final

from ml.bench.chat import Reply, RequestError
from ml.bench.errors import BenchError
from ml.bench.items import Item, Json, data_hash, wording_hash
from ml.bench.models import Model, Prepared, Preparer
from ml.bench.prices import Estimate, Price, estimate
from ml.bench.rundir import LOG, JsonLines, begin, locked, read_lines
from ml.bench.scoring import score

Progress = Callable[[int, int], None]  # questions done, of all
FORMAT: Final = 1


@dataclass(slots=True)
class RunPlan:
    """What to run. `limit_cost` stops the run once its answers have cost as much (None: no limit).

    `allow` is asked with the estimate, before anything is sent; a no raises BenchError.
    """

    items: Sequence[Item]
    root: Path
    out: Path
    concurrency: int = 16
    price: Price | None = None
    limit_cost: float | None = None
    max_tokens: int = 2048
    label: str = ""
    training: Json = field(default_factory=dict)
    allow: Callable[[Estimate], bool] = lambda estimate: True
    progress: Progress = lambda done, total: None


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: questions by status; `stopped` says why where some were not asked."""

    answered: int
    errored: int
    reused: int
    stopped: str | None = None


def run(plan: RunPlan, model: Model) -> Outcome:
    """Run or go on with a run. What is answered is never sent again; errors are tried again.

    Raises BenchError where the run cannot begin; a failing question never ends it.
    """
    return asyncio.run(run_async(plan, model))


async def run_async(plan: RunPlan, model: Model) -> Outcome:
    """Do what `run` does, in a loop that runs."""
    try:
        with locked(plan.out):
            begin(plan.out, description(plan, model), plan.items)
            return await _Run(plan, model).go()
    finally:
        await model.close()


def description(plan: RunPlan, model: Model) -> Json:
    """Return what makes a run this run: model, settings, and hashes of data and wording."""
    return {
        "format": FORMAT,
        "model": plan.label or model.name,
        "settings": dict(model.settings),
        "questions": len(plan.items),
        "data_sha256": data_hash(plan.items),
        "wording_sha256": wording_hash(plan.items),
        "training": plan.training,
    }


class _Run:
    """One run under way."""

    def __init__(self, plan: RunPlan, model: Model) -> None:
        self._plan, self._model = plan, model
        self._preparer = Preparer(plan.root, model)
        rows = list(read_lines(plan.out / LOG))
        self._answered = {row["request"] for row in rows if row["status"] == "answered"}
        self._spent = sum(row["cost"] or 0.0 for row in rows)
        self._counts = {"answered": 0, "errored": 0, "reused": 0}
        self._stopped: str | None = None
        self._log = JsonLines(plan.out / LOG)

    async def go(self) -> Outcome:
        try:
            self._ask_leave()
            questions = iter(self._plan.items)
            width = min(self._plan.concurrency, self._model.most_in_flight or self._plan.concurrency)
            async with asyncio.TaskGroup() as group:
                for _ in range(min(width, len(self._plan.items))):
                    group.create_task(self._work(questions))
        finally:
            self._log.close()
        return Outcome(**self._counts, stopped=self._stopped)

    def _ask_leave(self) -> None:
        """Ask whether what is left may be spent."""
        done = {row["question_id"] for row in read_lines(self._plan.out / LOG) if row["status"] == "answered"}
        left = estimate(
            (item for item in self._plan.items if item.id not in done),
            self._plan.max_tokens,
            self._plan.price,
        )
        if left.questions and not self._plan.allow(left):
            raise BenchError("nothing was asked")

    async def _work(self, questions: Iterator[Item]) -> None:
        """Take one question after the other until there are none."""
        for item in questions:
            if self._over():
                return
            row = await self._one(item)
            if row is None:
                self._counts["reused"] += 1
            else:
                self._log.write(row)
                self._spent += row["cost"] or 0.0
                self._counts[row["status"]] += 1
            self._plan.progress(sum(self._counts.values()), len(self._plan.items))

    def _over(self) -> bool:
        limit = self._plan.limit_cost
        if limit is not None and self._spent >= limit > 0 and self._stopped is None:
            self._stopped = f"the answers have cost {self._spent:.2f}, the limit is {limit:.2f}"
        return self._stopped is not None

    async def _one(self, item: Item) -> Json | None:
        """Return the log row of one question; None where its answer is in the log already."""
        digest, started = "", perf_counter()
        try:
            prepared = await self._preparer.prepare_off_loop(item)
            digest, started = prepared.digest, perf_counter()
            if digest in self._answered:
                return None
            reply = await self._model.answer(prepared)
        except (RequestError, BenchError, OSError) as error:
            attempts = error.attempts if isinstance(error, RequestError) else 0
            return _row(item, digest, started, error=str(error), attempts=attempts)
        return self._answer_row(prepared, reply, started)

    def _answer_row(self, prepared: Prepared, reply: Reply, started: float) -> Json:
        price, cost = self._plan.price, None
        if price:
            cost = price.of(reply.input_tokens or 0, reply.output_tokens or 0)
        reading = score(prepared.item, reply.text, reply.finish)
        return _row(
            prepared.item,
            prepared.digest,
            started,
            answer=reply.text,
            finish=reply.finish,
            parse=reading.to_json(),
            score=reading.score,
            tokens={"input": reply.input_tokens, "output": reply.output_tokens},
            cost=cost,
            attempts=reply.attempts,
        )


def _row(item: Item, digest: str, started: float, **fields: object) -> Json:
    row: Json = {
        "question_id": item.id,
        "request": digest,
        "status": "errored" if "error" in fields else "answered",
        "answer": None,
        "finish": None,
        "parse": None,
        "score": None,
        "tokens": None,
        "cost": None,
        "latency": round(perf_counter() - started, 4),
        "attempts": 0,
        "error": None,
    }
    return {**row, **fields}
