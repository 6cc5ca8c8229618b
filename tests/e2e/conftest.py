"""One running site for all browser tests, and sites of their own for those that stop them."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest

from tests.e2e.site import Site, start_site


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a site that was started once, which takes a while, and stopped."""
    site, _ = start_site(tmp_path_factory.mktemp("prepared") / "data")
    site.stop()
    return site.data_dir


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, prepared: Path) -> Iterator[Site]:
    site, _ = start_site(copytree(prepared, tmp_path_factory.mktemp("site") / "data"))
    yield site
    site.stop()


@pytest.fixture
def start(tmp_path: Path, prepared: Path) -> Iterator[Callable[[], tuple[Site, float]]]:
    """Starts a prepared site on this test's own data folder, each time it is called; ends what still runs."""
    started: list[Site] = []
    copytree(prepared, tmp_path / "data")

    def begin() -> tuple[Site, float]:
        site, seconds = start_site(tmp_path / "data")
        started.append(site)
        return site, seconds

    yield begin
    for site in started:
        if site.process.poll() is None:
            site.stop()
