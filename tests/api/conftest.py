"""The scene that every walk over the API starts from."""

import copy
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.api.scene import Scene, make_scene
from tests.people import Cast


@pytest.fixture(scope="module")
def made_scene(made_cast: Cast, film: Callable[[int], Path]) -> Scene:
    return make_scene(made_cast, film)


@pytest.fixture
def scene(made_scene: Scene, db: None) -> Scene:
    """Made once for a module; what a test changes is taken back after it."""
    return replace(made_scene, cast=copy.deepcopy(made_scene.cast))


@pytest.fixture(autouse=True)
def health_is_asked_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here: what `/healthz` says is not what these tests are about."""
    monkeypatch.setattr("apps.core.health.PATIENCE", 0.05)
