"""Nothing is lost: whatever fails, at whatever moment, each edit that the page kept is on the server once."""

import os
from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser

from tests.e2e.faults import Run, check
from tests.e2e.site import start_site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

SEED = int(os.environ.get("SEED", "1"))


@pytest.mark.parametrize(
    "faults", [20, pytest.param(int(os.environ.get("N", "100")), marks=pytest.mark.full)]
)
def test_random_faults_lose_nothing(
    faults: int, browser: Browser, prepared: Path, film: Callable[[int], Path], tmp_path: Path
):
    site, _ = start_site(copytree(prepared, tmp_path / "data"))
    run = Run(browser.browser_type, site, film(12), tmp_path / "profile", SEED)
    try:
        for _ in range(faults):
            for _ in range(run.chance.randint(1, 4)):
                run.edit()
                run.pause()
            run.fault()
        run.finish()
        check(run)
    finally:
        run.context.close()
        run.site.stop()
