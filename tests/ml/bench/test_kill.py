"""`kill -9` in the middle of a run: the same command goes on, and no answered request is sent twice."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from ml.bench.rundir import LOG, read_lines
from ml.bench.summary import summarize
from tests.ml.bench.records import Json, detection, failure_type, write
from tests.ml.bench.servers import ChatServer, say, serving, slow

QUESTIONS = 120
AT_ONCE = 8


def start(folder: Path, server: ChatServer) -> subprocess.Popen[str]:
    """The command as a user types it, in a process of its own."""
    run = [sys.executable, "-m", "ml.bench", "run", str(folder / "vqa.json"), "--images", str(folder)]
    options = ["--model", "openai:m", "--base-url", server.url, "--concurrency", str(AT_ONCE)]
    return subprocess.Popen(
        [*run, *options, "--out", str(folder / "run")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OPENAI_API_KEY": "secret"},
    )


def until_answered(folder: Path, count: int, process: subprocess.Popen[str]) -> None:
    """Wait for so many rows in the log."""
    log, end = folder / "run" / LOG, monotonic() + 60
    while not log.exists() or log.read_bytes().count(b"\n") < count:
        assert process.poll() is None, process.communicate()
        assert monotonic() < end
        sleep(0.005)


def micro(folder: Path) -> Json:
    """The figure over all questions of the run."""
    return summarize(folder / "run").values["controls"]["main"]["groups"]["lite"]["micro"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    makers = (detection, failure_type)
    write(tmp_path / "vqa.json", [makers[n % 2](n) for n in range(QUESTIONS)])
    return tmp_path


def test_after_kill_9_the_same_command_sends_no_answered_request_again(folder):
    with serving(slow(0.03, say("A"))) as server:
        for answered in (25, 70):
            process = start(folder, server)
            until_answered(folder, answered, process)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
            logged = [row["request"] for row in read_lines(folder / "run" / LOG)]
            assert answered <= len(logged) < QUESTIONS
            assert len(set(logged)) == len(logged)
        figure = micro(folder)  # may be looked at before it goes on
        assert figure["unasked"] == QUESTIONS - len(logged)
        assert figure["score"] == pytest.approx(len(logged) / QUESTIONS)
        assert figure["answered_only"] == 1
        known = {row["question_id"] for row in read_lines(folder / "run" / LOG)}
        before = len(server.asked)

        process = start(folder, server)
        out, err = process.communicate(timeout=60)
        assert process.returncode == 0, err

        again = [each.text for each in server.asked[before:]]
        assert len(again) == QUESTIONS - len(known)
        assert f"{len(again)} answered now, {len(known)} before, 0 without an answer" in out
        # Beyond once each: only what was under way when the process was killed, at most as many as at once.
        assert QUESTIONS <= len(server.asked) <= QUESTIONS + 2 * AT_ONCE
        assert max(server.times().values()) <= 3

    rows = [json.loads(line) for line in (folder / "run" / LOG).read_text().splitlines()]
    assert len({row["request"] for row in rows}) == len(rows) == QUESTIONS
    assert {each.authorization for each in server.asked} == {"Bearer secret"}
    figure = micro(folder)
    assert (figure["n"], figure["score"], figure["unasked"]) == (QUESTIONS, 1.0, 0)


def test_an_interrupt_keeps_what_is_answered(folder):
    with serving(slow(0.03, say("A"))) as server:
        process = start(folder, server)
        until_answered(folder, 10, process)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "the same command goes on" in err
    assert "Traceback" not in err
    assert 10 <= len(list(read_lines(folder / "run" / LOG))) < QUESTIONS
