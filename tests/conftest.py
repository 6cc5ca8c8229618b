"""Fixtures that all tests may use."""

from pathlib import Path

import pytest

from tests.people import Cast, make_cast

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(scope="session")
def shared_videos() -> Path:
    """The folder of real recordings; the test is skipped, and says so, where it is absent."""
    folder = SHARED / "videos"
    if not folder.is_dir():
        pytest.skip(f"needs the real recordings in {folder}")
    return folder
