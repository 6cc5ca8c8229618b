"""Command line: `python -m robot.supervisor --config CONFIG.toml`, and its records.

--config CONFIG.toml [--rollouts N] [--seconds S] [--log FILE.jsonl]
permission --config CONFIG.toml                 may the model act by itself on this task, and why
override --config CONFIG.toml --by NAME --reason TEXT [--revoke]
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import IO, Final

from ml.prompts import PackError
from robot.environment import EnvironmentInfo, EnvironmentLost
from robot.events import Entry, Step, Subscriber
from robot.supervisor.autonomy import Override, RecordsError, append_record, permission, read_records
from robot.supervisor.core import NotPermitted
from robot.supervisor.messages import Operate
from robot.supervisor.runner import Runner
from robot.supervisor.settings import Settings, SettingsError, load_settings, secret
from robot.wire.client import RemoteEnvironment

_USAGE_ERROR: Final = 2
_ERRORS: Final = (SettingsError, RecordsError, NotPermitted, EnvironmentLost, PackError, OSError)


class EntryLog:
    """Writes every entry, and each second's step, as a line of JSON; nothing is lost but the last line."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def begin(self, rollout: str, info: EnvironmentInfo) -> None:
        """Nothing to prepare."""

    def on_step(self, step: Step) -> None:
        """Steps are the recorder's."""

    def on_entry(self, entry: Entry) -> None:
        """Write it at once."""
        line = {"time": round(entry.time, 4), "entry": entry.kind, "data": dict(entry.data)}
        print(json.dumps(line, default=str), file=self._file, flush=True)

    def end(self) -> None:
        """Every line has been written."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; the status is 0, or 2 with one sentence on stderr."""
    options = _parser().parse_args(arguments)
    try:
        settings = load_settings(options.config)
        if options.command == "permission":
            return _permission(settings)
        if options.command == "override":
            return _override(settings, options)
        return _run(settings, options)
    except _ERRORS as error:
        print(f"error: {error}", file=sys.stderr)
        return _USAGE_ERROR


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m robot.supervisor", description="A supervisor between a robot, a policy and a model."
    )
    parser.add_argument("command", nargs="?", choices=("run", "permission", "override"), default="run")
    parser.add_argument("--config", type=Path, required=True, metavar="CONFIG.toml")
    parser.add_argument("--rollouts", type=int, default=1, help="how many, one after another")
    parser.add_argument(
        "--seconds", type=float, default=float("inf"), help="the most that a rollout may take"
    )
    parser.add_argument("--log", type=Path, metavar="FILE.jsonl", help="keep the entries there, else stdout")
    parser.add_argument("--by", default="", help="override: the admin's name")
    parser.add_argument("--reason", default="", help="override: why")
    parser.add_argument("--revoke", action="store_true", help="override: take it back")
    return parser


def _run(settings: Settings, options: argparse.Namespace) -> int:
    robot = settings.robot
    environment = RemoteEnvironment(robot.url, lockstep=robot.lockstep, token=secret(robot.token_env))
    file = options.log.open("a", encoding="utf-8") if options.log else sys.stdout
    subscribers: list[Subscriber] = [EntryLog(file)]
    try:
        runner = Runner(settings, environment, subscribers)
        try:
            stopped = _stop_on_signals(runner)
            for _ in range(options.rollouts):
                if not stopped.is_set():
                    runner.rollout(most_seconds=options.seconds)
        finally:
            runner.close()
    finally:
        environment.close()
    return 0


def _stop_on_signals(runner: Runner) -> threading.Event:
    stopped = threading.Event()

    def stop(number: int, frame: FrameType | None) -> None:
        stopped.set()
        runner.operate(Operate("finish", signal.Signals(number).name))

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    return stopped


def _permission(settings: Settings) -> int:
    task, model = _task(settings), settings.vlm.model
    told = permission(read_records(Path(settings.supervisor.records)), task, model)
    print(json.dumps({"task": task, "model": model, **asdict(told)}))
    return 0


def _override(settings: Settings, options: argparse.Namespace) -> int:
    if not options.by.strip() or not options.reason.strip():
        raise SettingsError("an override needs --by NAME and --reason TEXT")
    at = datetime.now(UTC).isoformat(timespec="seconds")
    override = Override(
        _task(settings), settings.vlm.model, options.by.strip(), options.reason.strip(), at, options.revoke
    )
    append_record(Path(settings.supervisor.records), override)
    return _permission(settings)


def _task(settings: Settings) -> str:
    if not settings.supervisor.task:
        raise SettingsError("supervisor.task must say which task the records are about")
    return settings.supervisor.task


if __name__ == "__main__":
    sys.exit(main())
