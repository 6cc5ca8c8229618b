"""`python -m ml.bench run`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Protocol

from tqdm import tqdm

from ml.bench.items import load_items
from ml.bench.models import MAX_TOKENS, ModelOptions, chargeable, open_model
from ml.bench.prices import Estimate, load_prices
from ml.bench.runner import Outcome, RunPlan, run
from ml.bench.summary import Summary, write_summary

Commands = argparse._SubParsersAction  # argparse has no public name for it
LIMIT_COST: Final = 1.0


def add(commands: Commands[argparse.ArgumentParser]) -> None:
    """Add the command to the parser."""
    command = commands.add_parser("run", help="ask a model the questions; goes on where it was stopped")
    command.add_argument(
        "files", type=Path, nargs="+", metavar="VQA.json", help="questions and their controls"
    )
    command.add_argument("--images", type=Path, required=True, metavar="ROOT")
    command.add_argument(
        "--model",
        required=True,
        metavar="SPEC",
        help="openai:NAME, transformers:PATH, scripted:FILE, always-failed, majority, random, text-prior",
    )
    command.add_argument("--out", type=Path, required=True, metavar="RUN")
    command.add_argument("--base-url", metavar="URL", help="of an OpenAI-compatible server, with its /v1")
    command.add_argument("--concurrency", type=positive, default=16, help="requests at once (default: 16)")
    command.add_argument("--timeout", type=float, default=300.0, help="seconds a try (default: 300)")
    command.add_argument("--attempts", type=positive, default=6, help="tries a question (default: 6)")
    command.add_argument("--max-tokens", type=positive, default=MAX_TOKENS, help="default: %(default)s")
    command.add_argument("--label", default="", help="the model's name in reports (default: of SPEC)")
    command.add_argument(
        "--train", type=Path, metavar="VQA.json", help="what majority and text-prior learn from"
    )
    command.add_argument("--seed", type=int, default=0, help="of random (default: 0)")
    command.add_argument("--episodes", type=int, help="trajectories the model was trained on, for the plots")
    command.add_argument("--hours", type=float, help="hours of annotation behind them, for the plots")
    add_cost(command)
    command.set_defaults(run=_run)


def add_cost(command: argparse.ArgumentParser) -> None:
    """Add the options about money."""
    command.add_argument("--prices", type=Path, metavar="PRICES.toml", help="price of a million tokens")
    command.add_argument(
        "--limit-cost",
        type=float,
        default=LIMIT_COST,
        help="ask before more is spent, and stop where it is (default: 1.00)",
    )
    command.add_argument("--yes", action="store_true", help="spend what it takes, without a question")


def positive(text: str) -> int:
    """Read a whole number of at least 1."""
    if not text.isdecimal() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} must be a whole number of at least 1")
    return int(text)


def _run(options: argparse.Namespace) -> int:
    items = load_items(options.files)
    train = load_items([options.train]) if options.train else ()
    model = open_model(
        options.model,
        items,
        ModelOptions(
            options.base_url,
            options.concurrency,
            options.timeout,
            options.attempts,
            options.max_tokens,
            train,
            options.seed,
        ),
    )
    with bar("questions") as progress:
        plan = RunPlan(
            items=items,
            root=options.images,
            out=options.out,
            concurrency=options.concurrency,
            price=load_prices(options.prices).get(model.name),
            limit_cost=None if options.yes else options.limit_cost,
            max_tokens=options.max_tokens,
            label=options.label,
            training={"episodes": options.episodes, "hours": options.hours},
            progress=progress,
        )
        unpriced = plan.price is None and chargeable(options.model, options.base_url)
        plan.allow = lambda left: leave(plan, left, unpriced)
        outcome = run(plan, model)
    return _told(outcome, options.out, Summary(write_summary(options.out)))


class Limited(Protocol):
    """A plan that may spend up to `limit_cost`; None is no limit."""

    limit_cost: float | None


def leave(plan: Limited, left: Estimate, unpriced: bool) -> bool:
    """Say what is to be spent and, where it may be more than the plan's limit, ask. A yes lifts the limit.

    `unpriced`: somebody may charge at a price that is not known, which is over any limit. Without a terminal
    the answer is no.
    """
    print(left, file=sys.stderr)
    limit = plan.limit_cost
    if limit is None or (not unpriced and (left.cost or 0.0) <= limit):
        return True
    doubt = "No price is known (--prices): it may cost" if unpriced else "That is"
    print(f"{doubt} more than {limit:.2f}. Go on? [y/N] ", end="", file=sys.stderr, flush=True)
    if not sys.stdin.isatty():
        print("\nNo terminal to ask: say --yes or a higher --limit-cost.", file=sys.stderr)
        return False
    if sys.stdin.readline().strip().lower() not in ("y", "yes"):
        return False
    plan.limit_cost = None
    return True


@contextmanager
def bar(unit: str) -> Iterator[Callable[[int, int], None]]:
    """Show a progress bar on stderr; yields the callback that moves it."""
    with tqdm(unit=f" {unit}", file=sys.stderr, mininterval=0.5) as shown:

        def progress(done: int, total: int) -> None:
            shown.total = total
            shown.update(done - shown.n)

        yield progress


def _told(outcome: Outcome, out: Path, summary: Summary) -> int:
    print(
        f"{outcome.answered} answered now, {outcome.reused} before, "
        f"{outcome.errored} without an answer: {out}"
    )
    for line in summary.lines():
        print(line)
    if outcome.stopped:
        print(f"stopped: {outcome.stopped}; --yes or a higher --limit-cost goes on", file=sys.stderr)
    return int(bool(outcome.stopped) or not (outcome.answered or outcome.reused))
