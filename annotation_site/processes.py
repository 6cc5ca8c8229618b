"""Child processes that live and die with their parent."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from functools import partial

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def _die_with_parent(number: int) -> None:
    """In the child: get that signal when the parent is gone, even if it was killed. Linux only."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, number)


def start(
    command: list[str], env: dict[str, str], *, orphaned: int = signal.SIGTERM
) -> subprocess.Popen[bytes]:
    """A child in a process group of its own, so that Ctrl-C reaches the parent alone, which then stops it.

    `orphaned` is the signal that it gets when the parent is killed.
    """
    return subprocess.Popen(
        command,
        env=env,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=partial(_die_with_parent, orphaned) if sys.platform == "linux" else None,
    )


def stop(children: Iterable[subprocess.Popen[bytes]], patience: float) -> None:
    """Ask all of them to end; after `patience` seconds end their whole groups."""
    running = [child for child in children if child.poll() is None]
    for child in running:
        child.terminate()
    deadline = time.monotonic() + patience
    for child in running:
        try:
            child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            _end_group(child)
    for child in running:
        _end_group(child)  # what a child started and left behind


def _end_group(child: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    child.wait()
