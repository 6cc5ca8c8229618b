"""Many clients at one queue, each a process with a database connection of its own.

`python -m tests.claiming CLIENTS EPISODES` makes the database that DATABASE_URL names, else SQLite in
DATA_DIR, lets the clients take until each is told that nothing is left, and prints it all as one JSON object.
"""

import json
import multiprocessing
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any


@dataclass(frozen=True)
class Claims:
    """What each client took, in seconds of the machine's one clock: `[client, episode, asked, answered]`.

    An `episode` of None is the answer that nothing is left. `problems` are sentences of clients that failed.
    """

    episodes: list[int]
    calls: list[tuple[int, int | None, float, float]]
    problems: list[str]

    @property
    def taken(self) -> list[int]:
        return [episode for _, episode, _, _ in self.calls if episode is not None]

    @property
    def seconds(self) -> float:
        """From the first question to the last episode's answer."""
        answers = [answered for _, episode, _, answered in self.calls if episode is not None]
        return max(answers) - min(asked for _, _, asked, _ in self.calls)

    @property
    def false_ends(self) -> int:
        """How often one was told that nothing is left, and somebody who asked later was given some."""
        ends = [answered for _, episode, _, answered in self.calls if episode is None]
        given = [asked for _, episode, asked, _ in self.calls if episode is not None]
        return sum(any(asked > end for asked in given) for end in ends)


def claims(clients: int, episodes: int, *, data: Path, database_url: str | None = None) -> Claims:
    """Run all of it in a process of its own, so that the clients are forked from a small and clean one."""
    env = {**os.environ, "DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    env.pop("DATABASE_URL", None)
    if database_url:
        env["DATABASE_URL"] = database_url
    command = [sys.executable, "-m", "tests.claiming", str(clients), str(episodes)]
    ended = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr)
    return Claims(**json.loads(ended.stdout.splitlines()[-1]))


def _prepare(clients: int, episodes: int) -> tuple[int, list[int], list[int]]:
    """A project with that many annotators and ready episodes: its id, and theirs."""
    from django.core.management import call_command

    from apps.accounts.models import Membership, Project, User
    from apps.episodes.models import Camera, Episode
    from tests.people import make_cast
    from tests.work import make_task

    call_command("migrate", verbosity=0)
    project = Project.objects.get(pk=make_cast().project.pk)
    people = User.objects.bulk_create(User(username=f"client_{n}") for n in range(clients))
    Membership.objects.bulk_create(
        Membership(project=project, user=each, role="annotator") for each in people
    )
    task = make_task(project)
    made = Episode.objects.bulk_create(
        Episode(
            project=project, task=task, number=n, stem=f"take {n}", state="ready", source_sha256=f"{n:064}"
        )
        for n in range(episodes)
    )
    Camera.objects.bulk_create(Camera(episode=each, name="cam_high", is_head=True) for each in made)
    return project.pk, [each.pk for each in people], [each.pk for each in made]


def _client(number: int, person: int, project: int, start: Any, out: Any) -> None:
    """Take and begin until the queue is empty."""
    from apps.accounts.models import User
    from apps.annotation.queue import queue_next
    from apps.annotation.services import episode_claim

    calls: list[tuple[int, int | None, float, float]] = []
    problem = ""
    try:
        user = User.objects.get(pk=person)
        start.wait()
        while not calls or calls[-1][1] is not None:
            asked = monotonic()
            episode = queue_next(project_id=project, by=user)
            if episode is not None:
                episode_claim(episode=episode, by=user)
            calls.append((number, episode.pk if episode else None, asked, monotonic()))
    except Exception as error:  # told to the parent, which fails
        problem = f"client {number}: {error!r}"
        start.abort()
    out.put((calls, problem))


def main(clients: int, episodes: int) -> None:
    import django
    from django.conf import settings
    from django.db import connections

    settings.DATABASES["default"]["OPTIONS"].pop("pool", None)  # each client is one connection
    django.setup()
    project, people, made = _prepare(clients, episodes)
    connections.close_all()
    fork = multiprocessing.get_context("fork")
    start, out = fork.Barrier(clients), fork.Queue()
    processes = [
        fork.Process(target=_client, args=(number, person, project, start, out))
        for number, person in enumerate(people)
    ]
    for process in processes:
        process.start()
    results = [out.get() for _ in processes]
    for process in processes:
        process.join()
    calls = [call for rows, _ in results for call in rows]
    print(json.dumps(asdict(Claims(made, calls, [problem for _, problem in results if problem]))))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
