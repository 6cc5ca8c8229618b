"""What building VQA data of the paper's size takes, and of ten times it: `python -m tests.benchmarks.vqa`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from ml.vqa.synthesize import PAPER_EPISODES
from tests.benchmarks.report import Figure, report

PAPER_RECORDS = 58_128
TIMES = 10


@dataclass(frozen=True, slots=True)
class Cost:
    """Wall time and peak resident memory of one process."""

    seconds: float
    megabytes: float


def run(*arguments: str) -> Cost:
    """Run `python -m ml.vqa` in a process of its own; raises where it fails."""
    start = perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "ml.vqa", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    told = process.stderr.read() if process.stderr else b""
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(told.decode())
    return Cost(perf_counter() - start, usage.ru_maxrss / 1024)


def build(root: Path, episodes: int, repeats: int = 1) -> tuple[Cost, int]:
    """Synthesize and build so many episodes; return the cheapest build and its number of records."""
    run("synthesize", "--episodes", str(episodes), "--seed", "0", "--out", str(root))
    arguments = (
        str(root / "annotations.json"),
        "--images",
        str(root),
        "--out",
        str(root / "out"),
        "--seed",
        "0",
    )
    costs = [run("build", *arguments) for _ in range(repeats)]
    told = json.loads((root / "out" / "build.json").read_text(encoding="utf-8"))
    records = sum(sum(tags.values()) for tags in told["records"].values())
    return min(costs, key=lambda cost: cost.seconds), records


def figures() -> list[Figure]:
    """Return the figures; those of ten times the episodes have those of the paper's number as reference."""
    with tempfile.TemporaryDirectory() as folder:
        one, records = build(Path(folder) / "one", PAPER_EPISODES, repeats=3)
        ten, _ = build(Path(folder) / "ten", TIMES * PAPER_EPISODES)
    seconds, megabytes = round(one.seconds, 2), round(one.megabytes, 1)
    return [
        Figure("records of 5,202 episodes", records, "records", reference=PAPER_RECORDS),
        Figure("build 5,202 episodes", seconds, "s", 15),
        Figure("peak memory of that", megabytes, "MB", 500),
        Figure("build 52,020 episodes", round(ten.seconds, 2), "s", round(1.1 * TIMES * seconds, 2), seconds),
        Figure(
            "peak memory of that, too", round(ten.megabytes, 1), "MB", round(1.1 * megabytes, 1), megabytes
        ),
    ]


if __name__ == "__main__":
    report("vqa", figures())
