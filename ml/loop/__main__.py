"""Command line: `python -m ml.loop`, from annotations to a report on a tuned model in one go.

Every step is one of the project's commands, printed as it would be typed; the same command goes on after it
was cut off. The exit status is 0 where the goal is met, 1 where it is not, 2 where a step failed.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ml.loop.commands import LoopError, run, server
from ml.loop.records import write_records
from ml.loop.verdict import TUNED, read_score, write_verdict

HERE: Final = Path(__file__).parent
LITE: Final = "ViFailback_VQA_benchmark_lite"
BASELINES: Final = ("majority", "text-prior", "always-failed", "random")
CONTROLS: Final = ("keyframe_free", "last_frame", "text_only")
ANSWER_TOKENS: Final = 32  # of an answer that is an option's text; the untrained model would never end
IN_FLIGHT: Final = 2


@dataclass(frozen=True, slots=True)
class Size:
    """How large a loop is: episodes, steps of tuning and their rate, and whether all controls are asked."""

    episodes: int
    steps: int
    schedule: str
    everything: bool


FULL: Final = Size(episodes=600, steps=1500, schedule="cosine", everything=True)
# So few steps leave no time for slowing down.
SHORT: Final = Size(episodes=160, steps=400, schedule="constant", everything=False)


@dataclass(slots=True)
class Loop:
    """One loop: its folder, the root of its records, and how long each step took."""

    out: Path
    root: Path
    size: Size
    seconds: dict[str, float] = field(default_factory=dict)

    def build(self, split: Path | None, seed: int) -> None:
        """Make questions of the annotations, and the benchmark's controls."""
        options = ["--split", split] if split else []
        self.seconds["build"] = run(
            "ml.vqa", "build", self.root / "annotations.json", "--images", self.root, "--out", self.root,
            "--seed", seed, "--templates", HERE / "wording.toml", "--controls", *options,
        )  # fmt: skip

    def tune(self, seed: int) -> None:
        """Tune the tiny model, and merge it."""
        self.seconds["tune"] = run(
            "ml.finetune", "train", HERE / "tuning.yaml", "--data", self._file("ViFailback_VQA_train"),
            "--images", self.root, "--out", self.out / "tuning",
            "--set", f"max_steps={self.size.steps}", "--set", f"schedule={self.size.schedule}",
            "--set", f"seed={seed}",
        )  # fmt: skip
        self.seconds["merge"] = run(
            "ml.finetune", "merge", self.out / "tuning/adapter", "--out", self.out / "model"
        )

    def ask(self) -> list[str]:
        """Serve both models, ask them and the baselines, and return the names of the runs."""
        models = {TUNED: self.out / "model", "untrained": self.out / "tuning/base"}
        with server("ml.finetune.serving", self.out / "server.log") as address:
            for name, folder in models.items():
                self._bench(name, f"openai:{folder.resolve()}", "--base-url", address)
        for name in BASELINES:
            self._bench(name, name, "--train", self._file("ViFailback_VQA_train"))
        return [*models, *BASELINES]

    def _bench(self, name: str, spec: str, *more: object) -> None:
        self.seconds[f"ask {name}"] = run(
            "ml.bench", "run", *self._questions(), "--images", self.root, "--model", spec, "--label", name,
            "--out", self.out / "runs" / name, "--max-tokens", ANSWER_TOKENS,
            "--concurrency", IN_FLIGHT, *more,
        )  # fmt: skip

    def _questions(self) -> list[Path]:
        controls = [self._file(f"controls/{LITE}_{control}") for control in CONTROLS]
        return [self._file(LITE), *controls] if self.size.everything else controls[:1]

    def _file(self, name: str) -> Path:
        return self.root / "VQA" / f"{name}.json"

    def report(self, names: Sequence[str]) -> Path:
        """Write the tables and plots."""
        runs = [self.out / "runs" / name for name in names]
        self.seconds["report"] = run("ml.bench", "report", *runs, "--out", self.out / "report")
        return self.out / "report/report.md"


def main(arguments: Sequence[str] | None = None) -> int:
    """Walk the whole path."""
    options = _parser().parse_args(arguments)
    size = SHORT if options.short else FULL
    out: Path = options.out
    out.mkdir(parents=True, exist_ok=True)
    try:
        return 0 if _walk(options, Loop(out, options.records or out / "records", size)) else 1
    except (LoopError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2


def _walk(options: argparse.Namespace, loop: Loop) -> bool:
    split: Path | None = options.split
    source = f"those of {options.records}"
    if options.records is None:
        source = "drawn by a program, plainer than any camera's"
        began = time.monotonic()
        split = write_records(loop.root, loop.size.episodes, options.seed)
        loop.seconds["draw"] = time.monotonic() - began
    loop.build(split, options.seed)
    loop.tune(options.seed)
    names = loop.ask()
    report = loop.report(names)
    scores = [read_score(name, loop.out / "runs" / name) for name in names]
    return write_verdict(scores, loop.seconds, source, report, loop.out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ml.loop", description="From annotations to a measured model."
    )
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    parser.add_argument(
        "--records",
        type=Path,
        metavar="ROOT",
        help="a release's tree instead of drawn episodes; its VQA/ is written there",
    )
    parser.add_argument("--split", type=Path, metavar="SPLIT.toml", help="of those records")
    parser.add_argument("--short", action="store_true", help="the two-minute form")
    parser.add_argument("--seed", type=int, default=0)
    return parser


if __name__ == "__main__":
    sys.exit(main())
