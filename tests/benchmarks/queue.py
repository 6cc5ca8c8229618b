"""Claims a second of fifty clients, and where seeded errors are in the review queue: `make bench-queue`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from statistics import fmean

from tests.benchmarks.report import Figure, report
from tests.claiming import claims
from tests.servers.postgres import new_database, postgres_server

CLIENTS, EPISODES = 50, 500
SEEDS = range(5)
GOAL = 0.6


def claiming() -> list[Figure]:
    """Fifty clients empty a queue of five hundred episodes; and how many are wrong about it in any way."""
    found = {"SQLite": claims(CLIENTS, EPISODES, data=Path(tempfile.mkdtemp()))}
    with postgres_server() as socket:
        url = new_database(socket)
        found["PostgreSQL"] = claims(CLIENTS, EPISODES, data=Path(tempfile.mkdtemp()), database_url=url)
    what = f"{CLIENTS} clients at {EPISODES} episodes"
    rows = []
    for name, each in found.items():
        missing = len(set(each.episodes) - set(each.taken))
        twice = len(each.taken) - len(set(each.taken))
        wrong = missing + twice + each.false_ends + len(each.problems)
        rows.append(Figure(f"{what} on {name}: episodes twice or left over, false ends", wrong, "", 0))
        rows.append(Figure(f"{what} on {name}", round(len(each.taken) / each.seconds, 1), "claims/s"))
    return rows


def errors_first() -> list[Figure]:
    """The share of seeded errors in the first quarter of the queue: on average and at worst."""
    from tests.mistakes import GEMINI, VIFAILBACK_8B

    worlds = {
        "a model as right as ViFailback-8B": {"accuracy": VIFAILBACK_8B},
        "a model as right as Gemini-2.5-Pro": {"accuracy": GEMINI},
        "no model": {"accuracy": None},
        "no model, all annotated twice": {"accuracy": None, "doubled": 1.0},
    }
    what = "seeded errors in the first quarter of the queue"
    rows = []
    for name, options in worlds.items():
        shares = [_share(seed, **options) for seed in SEEDS]
        goal = GOAL if "ViFailback" in name else None
        rows.append(Figure(f"{what}, {name}, mean", round(fmean(shares), 3), "share", goal, 0.25, "more"))
        rows.append(Figure(f"{what}, {name}, worst", round(min(shares), 3), "share", goal, 0.25, "more"))
    return rows


def _share(seed: int, **options: object) -> float:
    """In a project of its own, which is taken back."""
    from django.db import transaction

    from apps.review.queue import review_queue
    from tests.mistakes import a_world
    from tests.people import make_cast

    with transaction.atomic():
        cast = make_cast()
        world = a_world(cast.project, cast.rita, seed=seed, **options)  # type: ignore[arg-type]
        rows = review_queue(cast.rita, cast.project.pk, order="risk")
        transaction.set_rollback(True)
    first = {row["id"] for row in rows[: len(rows) // 4]}
    return len(first & world.wrong) / len(world.wrong)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    os.environ["DATA_DIR"] = tempfile.mkdtemp()
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    report("queue", [*errors_first(), *claiming()])


if __name__ == "__main__":
    main()
