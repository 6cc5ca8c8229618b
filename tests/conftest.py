"""Fixtures that all tests may use."""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker, Settings

from tests import videos
from tests.e2e.site import CHROMIUM
from tests.people import Cast, make_cast

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="module")
def module_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A transaction around a module's tests: each finds what module-scoped fixtures wrote."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def made_cast(module_db: None) -> Cast:
    return make_cast()


@pytest.fixture
def cast(made_cast: Cast, db: None) -> Cast:
    """The people of all tests, made once a module. Tests on several connections make a cast of their own."""
    return copy.deepcopy(made_cast)


@pytest.fixture(scope="session")
def shared_videos() -> Path:
    """The folder of real recordings; the test is skipped, and says so, where it is absent."""
    folder = SHARED / "videos"
    if not folder.is_dir():
        pytest.skip(f"needs the real recordings in {folder}")
    return folder


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """A recording of so many frames, five a second, 160 x 128; another number is another content."""
    folder = tmp_path_factory.mktemp("film")

    @cache
    def shot(frames: int) -> Path:
        return videos.make("fps_5", folder / f"take_{frames}_cam_high", frames=frames).path

    return shot


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """A media folder that nothing lies in yet, for tests that look at what is on the disk."""
    folder = tmp_path / "media"
    folder.mkdir()
    disk = "django.core.files.storage.FileSystemStorage"
    options = {"location": folder, "allow_overwrite": True}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": disk, "OPTIONS": options}}
    return folder


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests last: Playwright leaves an event loop running in its thread."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)
