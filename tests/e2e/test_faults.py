"""Nothing is lost: whatever fails, at whatever moment, each edit that the page kept is on the server once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.faults import annotate_through

QUICK, FULL, PARTS = 20, 100, 4


def part(number: int) -> object:
    """One of the parts of the full run; two workers share them."""
    marks = [pytest.mark.full, pytest.mark.xdist_group(f"faults-{number}"), pytest.mark.timeout(720)]
    return pytest.param(f"1.{number}", FULL // PARTS, marks=marks)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("seed", "faults"),
    [
        pytest.param("1", QUICK, marks=[pytest.mark.xdist_group("faults"), pytest.mark.timeout(360)]),
        *map(part, range(PARTS)),
    ],
)
def test_random_faults_lose_nothing(
    seed: str, faults: int, browser: Browser, prepared: Path, film: Callable[[int], Path], tmp_path: Path
) -> None:
    survived = list(annotate_through(faults, seed, browser.browser_type, prepared, film(12), tmp_path))
    assert len(survived) == faults
