"""The supervisor's options for recording and publishing, and the sentence where one cannot be followed."""

import argparse
from pathlib import Path
from typing import Any

import pytest

from robot.rollout import Recorder
from robot.rollout.options import TOKEN, OptionsError, add_options, subscribers_of
from robot.supervisor.__main__ import main


def asked(*arguments: str) -> list[Any]:
    parser = argparse.ArgumentParser()
    add_options(parser)
    return subscribers_of(parser.parse_args(arguments), "tiny", lambda raw: None)


def test_nothing_asked_nothing_subscribed() -> None:
    assert asked() == []


def test_a_recorder_knows_its_run_model_and_origin(tmp_path: Path) -> None:
    (recorder,) = asked("--record", str(tmp_path), "--run", "r7", "--policy-name", "pi0.5", "--simulated")
    assert isinstance(recorder, Recorder)
    settings = recorder.settings
    assert (settings.run, settings.supervisor, settings.policy) == ("r7", "tiny", "pi0.5")
    assert (settings.origin, settings.directory) == ("simulator", tmp_path)


def test_publishing_needs_a_token_and_a_site(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(TOKEN, raising=False)
    with pytest.raises(OptionsError, match=TOKEN):
        asked("--publish", "http://127.0.0.1:9")
    monkeypatch.setenv(TOKEN, "vif_x")
    with pytest.raises(OptionsError, match="cannot be published to: The site does not answer"):
        asked("--publish", "http://127.0.0.1:9")


def test_the_command_lists_them(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    assert "--record DIR" in said
    assert "--publish URL" in said
