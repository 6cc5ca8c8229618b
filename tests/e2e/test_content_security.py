"""The strict content security policy: no page needs what it forbids, and a browser holds to it."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

FORBIDDEN = ("unsafe-inline", "unsafe-eval", "*", "http:", "https:")
PATHS = ["/", "/account/", "/projects/sample-project/", "/projects/sample-project/people/",
         "/projects/sample-project/review/", "/projects/sample-project/releases/"]  # fmt: skip


def watched(page: Page) -> list[str]:
    """What the browser refuses on this page from now on."""
    refused: list[str] = []
    page.on(
        "console", lambda said: refused.append(said.text) if "Content Security Policy" in said.text else None
    )
    return refused


def test_every_answer_has_the_policy_and_it_allows_nothing_inline(site: Site) -> None:
    for path in ("/login/", "/nowhere/", "/api/v1/session/", "/healthz", "/static/manifest.json"):
        answer = httpx.get(site.address + path)
        policy = answer.headers.get("content-security-policy", "")
        assert "default-src 'self'" in policy or path.startswith("/static/"), path
        assert not any(word in policy.split() or f"'{word}'" in policy for word in FORBIDDEN), policy
        assert answer.headers["x-content-type-options"] == "nosniff", path


def test_no_page_asks_for_what_it_forbids(browser: Browser, site: Site) -> None:
    page = pages.log_in(browser, site, "admin")
    refused = watched(page)
    for path in PATHS:
        page.goto(site.address + path)
        page.wait_for_load_state("networkidle")
    assert refused == []
    page.context.close()


def test_nor_does_the_workspace(browser: Browser, site: Site, film: Callable[[int], Path]) -> None:
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_of(client, project, "policy"), film(59))
    api.await_ingest(client, episode)
    annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    page = pages.log_in(browser, site, "annotator")
    refused = watched(page)
    page.goto(f"{site.address}/annotate/{annotation}/")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "0")
    for key in ("2", "a", "End", "c", "n", "d", "?"):
        page.keyboard.press(key)
    pages.await_saved(page)
    assert refused == []
    page.context.close()


def test_a_script_that_got_into_a_page_does_not_run(browser: Browser, site: Site) -> None:
    page = pages.log_in(browser, site, "annotator")
    refused = watched(page)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<img src=x onerror=\"window.ran = 1\">')")
    page.evaluate("window.script = document.createElement('script')")
    page.evaluate("window.script.text = 'window.ran = 1'; document.body.append(window.script); null")
    page.wait_for_function("() => true")
    assert page.evaluate("window.ran") is None
    assert refused
    page.context.close()
