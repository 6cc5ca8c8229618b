"""How live the live page is (`python -m tests.benchmarks.live`): pictures a second, and how old they are.

A robot in a process of its own publishes 640x480 pictures at 15 a second to a served site; Chromium shows
them. A picture's age is from when the robot took it to when the page has it on its canvas, by one clock.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, expect, sync_playwright

from tests.benchmarks.report import Figure, report
from tests.e2e import api, pages
from tests.e2e.site import CHROMIUM, start_site
from tests.e2e.test_live import Robot, token_of

SECONDS = 20
WATCH = """seconds => new Promise(done => {
  const badge = document.querySelector("[data-testid=live-badge]");
  const ages = [], begun = performance.now();
  let last = badge.dataset.index;
  new MutationObserver((_, observer) => {
    if (badge.dataset.index === last) return;
    last = badge.dataset.index;
    requestAnimationFrame(() => ages.push(Date.now() - 1000 * Number(badge.dataset.at)));
    const ms = performance.now() - begun;
    if (ms > 1000 * seconds) { observer.disconnect(); done({ ages, ms }); }
  }).observe(badge, { attributes: true });
})"""


def measure(page: Page) -> list[Figure]:
    found = page.evaluate(WATCH, SECONDS)
    ages, rate = np.array(found["ages"]), 1000 * len(found["ages"]) / found["ms"]
    return [
        Figure("live: pictures on the page a second", round(float(rate), 1), "", 10, better="more"),
        Figure("live: age of a picture on the page, p50", round(float(np.percentile(ages, 50)), 1), "ms"),
        Figure(
            "live: age of a picture on the page, p95", round(float(np.percentile(ages, 95)), 1), "ms", 300
        ),
    ]


def main() -> int:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        site, _ = start_site(Path(name) / "data")
        project = api.project_new(site, "Live table")
        robot = Robot(site, project, token_of(site, project, "live"), "aloha-1")
        try:
            page = pages.log_in(browser, site, "annotator")
            page.goto(f"{site.address}/projects/live-table/live/?robot=aloha-1")
            expect(page.get_by_test_id("live-badge")).to_be_visible(timeout=60_000)
            page.wait_for_timeout(3_000)
            return 0 if report("live", measure(page)) else 1
        finally:
            robot.stop()
            browser.close()
            site.stop()


if __name__ == "__main__":
    sys.exit(main())
