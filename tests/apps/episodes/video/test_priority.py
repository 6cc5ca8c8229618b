"""Writing recordings leaves the tests' process, and what it starts, an ordinary one."""

import os
import subprocess
import sys
from pathlib import Path

from tests import videos


def test_an_encoder_gives_nobody_real_time_priority(tmp_path: Path) -> None:
    videos.make("av1", tmp_path / "film", frames=5)
    ask = "import os; print(os.sched_getscheduler(0))"
    child = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)
    assert (os.sched_getscheduler(0), int(child.stdout)) == (os.SCHED_OTHER, os.SCHED_OTHER)
