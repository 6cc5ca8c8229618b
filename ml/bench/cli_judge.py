"""`python -m ml.bench judge` and `judge-check`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from ml.bench.cli_run import Commands, add_cost, bar, leave, positive
from ml.bench.errors import BenchError
from ml.bench.judge_check import check_judge
from ml.bench.judges import CRITERIA, JudgeError, load_criteria, open_judge
from ml.bench.judging import JudgePlan, judge_run, load_human
from ml.bench.models import ModelOptions, chargeable
from ml.bench.prices import Price, load_prices
from ml.bench.summary import summarize, write_summary


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the commands to the parser."""
    server = argparse.ArgumentParser(add_help=False)
    server.add_argument("--base-url", metavar="URL", help="of an OpenAI-compatible server, with its /v1")
    server.add_argument("--concurrency", type=positive, default=8, help="requests at once (default: 8)")
    server.add_argument(
        "--criteria", type=Path, default=CRITERIA, metavar="FILE.toml", help="default: our own"
    )

    command = commands.add_parser("judge", parents=[server], help="score the open-ended answers of a run")
    command.add_argument("directory", type=Path, metavar="RUN")
    command.add_argument(
        "--judge",
        action="append",
        required=True,
        metavar="SPEC",
        help="openai:NAME, openai:NAME@URL or scripted; two or more show how far they agree",
    )
    command.add_argument("--drafted-by", metavar="NAME", help="the model that drafted the references")
    command.add_argument("--human", type=Path, metavar="SCORES.json", help="question id to a person's score")
    add_cost(command)
    command.set_defaults(run=_judge)

    check = commands.add_parser("judge-check", parents=[server], help="does a judge rank plain cases right?")
    check.add_argument("--judge", required=True, metavar="SPEC")
    check.set_defaults(run=_check)


def _judge(options: argparse.Namespace) -> int:
    criteria, prices = load_criteria(options.criteria), load_prices(options.prices)
    server = ModelOptions(options.base_url, options.concurrency)
    unpriced = any(_unpriced(spec, options.base_url, prices) for spec in options.judge)
    with bar("judgements") as progress:
        plan = JudgePlan(
            directory=options.directory,
            judges=[open_judge(spec, server, criteria) for spec in options.judge],
            criteria={"version": criteria.version, "sha256": criteria.digest},
            drafted_by=options.drafted_by,
            human=load_human(options.human),
            concurrency=options.concurrency,
            prices=prices,
            limit_cost=None if options.yes else options.limit_cost,
            progress=progress,
        )
        plan.allow = lambda left: leave(plan, left, unpriced)
        failed = judge_run(plan)
    return _told(options.directory, failed)


def _unpriced(spec: str, base_url: str | None, prices: Mapping[str, Price]) -> bool:
    name, _, own_url = spec.partition(":")[2].partition("@")
    return name not in prices and chargeable(spec, own_url or base_url)


def _told(directory: Path, failed: list[str]) -> int:
    judges = write_summary(directory)["judges"]
    for sentence in [*failed, *(f"warning: {text}" for text in judges["warnings"])]:
        print(sentence, file=sys.stderr)
    for name, one in judges["judges"].items():
        print(f"{name}: {one['scored']} scored, mean {one['mean']}")
    print(f"Krippendorff's alpha between judges: {judges['alpha']}")
    for line in summarize(directory).lines():
        print(line)
    return int(bool(failed))


def _check(options: argparse.Namespace) -> int:
    judge = open_judge(
        options.judge, ModelOptions(options.base_url, options.concurrency), load_criteria(options.criteria)
    )
    try:
        cases = check_judge(judge, options.concurrency)
    except JudgeError as error:
        raise BenchError(f"{judge.name}: {error}") from error
    for case in cases:
        mark = "right" if case.right else "WRONG"
        print(
            f"{mark}  good {case.good:.2f}  opposite {case.opposite:.2f}  empty {case.empty:.2f}  "
            f"{case.reference[:60]!r}"
        )
    right = sum(case.right for case in cases)
    print(f"{judge.name}: {right} of {len(cases)} ranked right")
    return int(right < len(cases))
