"""The supervisor's options for recording and for the site, and the subscribers that they ask for."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from robot.events import Subscriber
from robot.rollout.live import LivePublisher, LiveSettings
from robot.rollout.recorder import Recorder, RecorderSettings
from robot.rollout.site import Site, SiteLost, SiteRefused

TOKEN = "VIFAILBACK_TOKEN"  # noqa: S105 - the variable's name


class OptionsError(ValueError):
    """Options that cannot be followed; its one sentence says why."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """`--record DIR` with what it belongs to, and `--publish URL` with the robot's name."""
    group = parser.add_argument_group("rollouts")
    group.add_argument("--record", type=Path, metavar="DIR", help="record each rollout into a folder there")
    group.add_argument("--run", default="", help="record: the run that they belong to (else: today's date)")
    group.add_argument("--policy-name", default="", help="record: what the policy is called")
    group.add_argument("--simulated", action="store_true", help="record: the robot is a simulator")
    group.add_argument("--publish", metavar="URL", help=f"show rollouts live on that site; token in {TOKEN}")
    group.add_argument(
        "--robot", default="robot", help="publish: the robot's short name (letters, digits, -)"
    )


def subscribers_of(
    options: argparse.Namespace, model: str, take_order: Callable[[Mapping[str, Any]], None]
) -> list[Subscriber]:
    """What the options ask for; raises OptionsError where the site does not take the token."""
    found: list[Subscriber] = []
    if options.record:
        found.append(Recorder(_recording(options, model)))
    if options.publish:
        found.append(LivePublisher(_publishing(options), take_order))
    return found


def _recording(options: argparse.Namespace, model: str) -> RecorderSettings:
    return RecorderSettings(
        directory=options.record,
        run=options.run or f"{options.robot} {datetime.now(UTC):%Y-%m-%d}",
        origin="simulator" if options.simulated else "robot",
        policy=options.policy_name,
        supervisor=model,
    )


def _publishing(options: argparse.Namespace) -> LiveSettings:
    token = os.environ.get(TOKEN, "")
    if not token:
        raise OptionsError(f"--publish needs a token that may publish, in the environment variable {TOKEN}")
    try:
        project = Site(options.publish, token).project()
    except (SiteLost, SiteRefused) as problem:
        raise OptionsError(f"{options.publish} cannot be published to: {problem}") from None
    return LiveSettings(options.publish, token, project, options.robot)
