"""Running the project's own commands as anybody would type them, and a server beside them."""

from __future__ import annotations

import ctypes
import os
import shlex
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PR_SET_PDEATHSIG: Final = 1  # linux/prctl.h
START: Final = 300.0  # seconds that a server may take to answer
ROOT: Final = Path(__file__).parents[2]


class LoopError(Exception):
    """A command of the loop did not do what it had to; one sentence."""


def run(*words: object) -> float:
    """Run `python -m ...`, shown as it would be typed, and return the seconds it took.

    Raises LoopError where it fails.
    """
    arguments = [str(word) for word in words]
    print(f"$ python -m {shlex.join(arguments)}", flush=True)
    began = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *arguments], env=_environment(), check=False)
    if done.returncode:
        raise LoopError(f"python -m {' '.join(arguments[:2])} ended with status {done.returncode}")
    return time.monotonic() - began


def _environment() -> dict[str, str]:
    """Ours, with the project to import from, wherever the loop was started, and without a hub.

    One thread each, unless said otherwise: models this small are slower with two.
    """
    paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    ours = {"PYTHONPATH": os.pathsep.join(paths), "HF_HUB_OFFLINE": "1"}
    return {"OMP_NUM_THREADS": "1", **os.environ, **ours}


@contextmanager
def server(module: str, log: Path) -> Iterator[str]:
    """Serve with `python -m MODULE` on a free port of 127.0.0.1; yield its address, and end it after.

    Raises LoopError where it does not begin to answer.
    """
    port = _free_port()
    words = [sys.executable, "-m", module, "--host", "127.0.0.1", "--port", str(port)]
    print(f"$ python {shlex.join(words[1:])} &", flush=True)
    with log.open("w") as file:
        process = subprocess.Popen(
            words, env=_environment(), stdout=file, stderr=subprocess.STDOUT, preexec_fn=_end_with_parent
        )
        try:
            _await(f"http://127.0.0.1:{port}/health", process, log)
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            process.terminate()
            _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _end_with_parent() -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


def _await(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START
    while time.monotonic() < until:
        if process.poll() is not None:
            raise LoopError(f"the server ended with status {process.returncode}; see {log}")
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310  # our own server
                return
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
    raise LoopError(f"the server did not answer within {START:.0f} seconds; see {log}")
