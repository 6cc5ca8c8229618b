"""Packed rollouts, and people and machines who upload them."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from robot.formats.rollout import pack
from tests.robot.rollout.play import record


@pytest.fixture
def tus_dir(settings: Settings, tmp_path: Path) -> Path:
    settings.TUS_DIR = tmp_path / "tus"
    return settings.TUS_DIR


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Uploads that were handed to the worker, which does not run here."""
    found: list[str] = []
    monkeypatch.setattr("apps.rollouts.tus.enqueue_take_in", found.append)
    monkeypatch.setattr("apps.rollouts.services.enqueue_ingest", lambda episode: None)
    return found


@pytest.fixture
def packed(tmp_path: Path) -> Callable[..., bytes]:
    """The bytes of a packed rollout."""

    def make(**how: Any) -> bytes:
        folder = tmp_path / "recorded"
        (rollout,) = record(folder, **how)
        pack(rollout, tmp_path / "packed.tar")
        return (tmp_path / "packed.tar").read_bytes()

    return make
