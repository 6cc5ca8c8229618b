"""Is a judge fit to judge? It must rank good answers above opposite and empty ones."""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from ml.bench.judges import Judge

FIXTURE: Final = Path(__file__).with_name("judge_fixture.toml")


@dataclass(frozen=True, slots=True)
class Checked:
    """One case with the judge's three scores."""

    reference: str
    good: float
    opposite: float
    empty: float

    @property
    def right(self) -> bool:
        """Tell whether the good answer has the highest score."""
        return self.good > max(self.opposite, self.empty)


def check_judge(judge: Judge, concurrency: int = 4) -> list[Checked]:
    """Score the fixture. Raises JudgeError where a score could not be had."""
    cases = tomllib.loads(FIXTURE.read_text(encoding="utf-8"))["case"]
    return asyncio.run(_all(judge, cases, concurrency))


async def _all(judge: Judge, cases: Sequence[dict[str, Any]], concurrency: int) -> list[Checked]:
    free = asyncio.Semaphore(concurrency)

    async def one(case: dict[str, Any]) -> Checked:
        async with free:
            scores = [
                await judge.score(case["level"], case["reference"], answer)
                for answer in (case["good"], case["opposite"], "")
            ]
        return Checked(case["reference"], *scores)

    try:
        return list(await asyncio.gather(*map(one, cases)))
    finally:
        await judge.close()
