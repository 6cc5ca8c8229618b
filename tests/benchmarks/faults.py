"""What N random faults over annotations lost: `python -m tests.benchmarks.faults N SEED`.

The same N and SEED give the same faults again.
"""

import sys
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests import videos
from tests.benchmarks.report import Figure, report
from tests.e2e.faults import annotate_through
from tests.e2e.site import start_site

PROCESSES = 2
PART = 25  # faults on one annotation


@dataclass
class Outcome:
    """Of one part: the faults that lost nothing, by name; the edits made and kept; what went wrong."""

    survived: Counter[str] = field(default_factory=Counter)
    made: int = 0
    kept: int = 0
    wrong: str = ""


def run_part(prepared: Path, film: Path, part: tuple[str, int]) -> Outcome:
    seed, faults = part
    outcome = Outcome()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        chromium = playwright.chromium
        try:
            for name, made in annotate_through(faults, seed, chromium, prepared, film, Path(folder)):
                outcome.survived[name] += 1
                outcome.made, outcome.kept = len(made.all), len(made.kept)
        except AssertionError as error:
            outcome.wrong = "; ".join([str(error).strip().splitlines()[0], *getattr(error, "__notes__", [])])
    return outcome


def outcomes(faults: int, seed: str) -> list[Outcome]:
    sizes = [min(PART, faults - begun) for begun in range(0, faults, PART)]
    parts = [(f"{seed}.{number}", size) for number, size in enumerate(sizes)]
    found: list[Outcome] = []
    with tempfile.TemporaryDirectory() as folder:
        site, _ = start_site(Path(folder) / "data")
        site.stop()
        film = videos.make("fps_5", Path(folder) / "film", frames=12).path
        with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
            for outcome in pool.map(partial(run_part, site.data_dir, film), parts):
                found.append(outcome)
                done = sum(each.survived.total() for each in found)
                print(f"{done} of {faults} faults {outcome.wrong}", file=sys.stderr, flush=True)
    return found


def main(faults: int, seed: str) -> int:
    found = outcomes(faults, seed)
    survived = sum((each.survived for each in found), Counter[str]())
    made, kept = sum(each.made for each in found), sum(each.kept for each in found)
    figures = [
        Figure(
            f"random faults (seed {seed}) that lost nothing",
            survived.total(),
            "faults",
            faults,
            better="more",
        ),
        *(
            Figure(f"of them {name.replace('_', ' ')}", count, "faults")
            for name, count in sorted(survived.items())
        ),
        Figure("edits made", made, "edits"),
        Figure("edits younger than 50 ms when their page was ended, and gone with it", made - kept, "edits"),
    ]
    return 0 if report("faults", figures) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2]))
