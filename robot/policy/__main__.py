"""Command line: `python -m robot.policy serve --task place_two --port N`."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
from collections.abc import Sequence
from functools import partial

from robot.policy import EXECUTED, HORIZON, SIDE
from robot.policy.scripted import ScriptedPolicy, Slip
from robot.policy.server import PolicyServer
from robot.policy.tasks import TASKS

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; the status is 0, or 2 with one sentence on stderr."""
    options = _parser().parse_args(arguments)
    slip = None
    if options.offset or options.stays_open or options.skips or options.turn:
        slip = Slip(
            options.step, options.offset or (0.0, 0.0), options.turn, options.stays_open, options.skips
        )
    make = partial(ScriptedPolicy, options.task, slip, options.execute)
    metadata = {
        "policy": "scripted", "task": options.task, "prompt": TASKS[options.task].prompt,
        "action_horizon": HORIZON, "execute": options.execute, "image_size": SIDE,
    }  # fmt: skip
    key = os.environ.get(options.key_env, "") if options.key_env else ""
    server = PolicyServer(make, metadata, key)
    try:
        asyncio.run(_serve(server, options.host, options.port))
    except OSError as error:
        print(f"error: cannot listen on {options.host}:{options.port}: {error.strerror}", file=sys.stderr)
        return _USAGE_ERROR
    except KeyboardInterrupt:
        pass
    return 0


async def _serve(server: PolicyServer, host: str, port: int) -> None:
    ready = asyncio.get_running_loop().create_future()
    serving = asyncio.create_task(server.serve(host, port, ready))
    await asyncio.wait({ready, serving}, return_when=asyncio.FIRST_COMPLETED)
    if ready.done():
        print(f"serving on ws://{host}:{ready.result()}", flush=True)
    await serving


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m robot.policy", description="Scripted policies over openpi."
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serve = commands.add_parser("serve", help="serve the scripted policy of a task")
    serve.add_argument("--task", choices=tuple(TASKS), required=True)
    serve.add_argument("--port", type=int, required=True, help="0 takes a free one and prints it")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--key-env", default="", help="the environment variable with the key to ask for")
    serve.add_argument("--execute", type=int, default=EXECUTED, help="actions of a chunk that clients play")
    slip = serve.add_argument_group("what goes wrong, once on each connection")
    slip.add_argument("--step", type=int, default=0, help="in which step of the task, from 0")
    slip.add_argument("--offset", type=_offset, metavar="X,Y", help="metres beside the thing")
    slip.add_argument("--turn", type=float, default=0.0, help="radians")
    slip.add_argument("--stays-open", action="store_true", help="the gripper does not close")
    slip.add_argument("--skips", action="store_true", help="the step is left out")
    return parser


def _offset(text: str) -> tuple[float, float]:
    try:
        x, y = (float(part) for part in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no X,Y in metres, like 0.04,-0.02") from error
    return x, y


if __name__ == "__main__":
    sys.exit(main())
