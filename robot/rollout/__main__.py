"""`python -m robot.rollout upload|watch DIR --url URL --token TOKEN`."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from robot.rollout.site import Site
from robot.rollout.upload import Sending


def main(arguments: list[str] | None = None) -> int:
    """Exits with 0 when all that is recorded is at the site; with 1 when something was not taken or sent."""
    options = _parser().parse_args(arguments)
    if not options.token:
        print("Give --token, or set VIFAILBACK_TOKEN.", file=sys.stderr)
        return 2
    if not options.directory.is_dir():
        print(f"There is no folder {options.directory}.", file=sys.stderr)
        return 2
    sending = Sending(options.directory, Site(options.url, options.token), options.patience, _complain)
    return _watch(sending, options.every) if options.command == "watch" else _upload(sending)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m robot.rollout", description="Send rollouts to the site.")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, text in (("upload", "send what is recorded"), ("watch", "go on sending what is recorded")):
        command = commands.add_parser(name, help=text)
        command.add_argument("directory", type=Path, metavar="DIR")
        command.add_argument("--url", required=True, help="the site's address")
        command.add_argument("--token", default=os.environ.get("VIFAILBACK_TOKEN", ""), help="may upload")
        patience = 300.0 if name == "upload" else float("inf")
        command.add_argument("--patience", type=float, default=patience, help="seconds to wait for the site")
        command.add_argument("--every", type=float, default=2.0, help="seconds between looks (watch)")
    return parser


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _upload(sending: Sending) -> int:
    failed = 0
    for sent in sending.send_all():
        failed += not sent.taken
        print(sent.sentence, file=sys.stdout if sent.taken else sys.stderr, flush=True)
    return 1 if failed else 0


def _watch(sending: Sending, every: float) -> int:
    """Until it is interrupted; each rollout is told of once."""
    told: set[str] = set()
    try:
        while True:
            for sent in sending.send_all():
                if sent.sentence not in told and "already" not in sent.sentence:
                    print(sent.sentence, flush=True)
                told.add(sent.sentence)
            time.sleep(every)
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    sys.exit(main())
