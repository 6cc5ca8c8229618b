"""axe-core finds no violation on any page, light and dark, in either language."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import ROOT, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

AXE = (ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js").read_text()
LOOKS = [("en", "light"), ("zh-hans", "dark")]


def violations(page: Page) -> list[str]:
    """What axe finds, a line each."""
    page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate("axe.run().then(found => found.violations)")
    return [
        f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]
    ]


@pytest.fixture(scope="module")
def submitted(site: Site, tmp_path_factory: pytest.TempPathFactory, film: Callable[[int], Path]) -> int:
    """A failure that waits for its review."""
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_of(client, project, "axe"), film(57))
    api.await_ingest(client, episode)
    annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    here = ["events", "e1"]
    operations = [
        api.change("set", ["outcome"], "failed"),
        api.change("add_event", ["events"], {"id": "e1"}),
        api.change("set", [*here, "subtask"], 1),
        api.change("set", [*here, "failure_type"], "gripper state"),
        api.change("set", [*here, "reason"], "It let go."),
    ]
    for side, frame in (("avoidance", 3), ("correction", 9)):
        lock = {"id": f"s-{side}", "type": "lock", "pos": [40, 40]}
        operations += [
            api.change("set", [*here, side, "frame"], frame),
            api.change("put_symbol", [*here, side, "symbols"], lock),
            api.change("set", [*here, side, "high_level"], "Hold it."),
        ]
    body = {"base": 0, "operations": operations}
    saved = api.ok(client.post(f"/api/v1/annotations/{annotation}/operations/", json=body))
    api.ok(client.post(f"/api/v1/annotations/{annotation}/submit/", json={"revision": saved["revision"]}))
    return annotation


@pytest.fixture(params=LOOKS, ids=["english-light", "chinese-dark"])
def person(request: pytest.FixtureRequest, browser: Browser, site: Site) -> Iterator[Callable[[str], Page]]:
    """Gives a page of somebody in a language and a look."""
    language, theme = request.param
    opened: list[Page] = []
    clients = []

    def log_in(username: str) -> Page:
        client = site.client(username)
        clients.append(client)
        client.patch("/api/v1/preferences/", json={"language": language, "theme": theme}).raise_for_status()
        context = browser.new_context(viewport={"width": 1440, "height": 900})
        cookies = [{"name": n, "value": v, "url": site.address} for n, v in client.cookies.items()]
        context.add_cookies(cookies)
        page = context.new_page()
        opened.append(page)
        return page

    yield log_in
    for client in clients:
        client.patch("/api/v1/preferences/", json={"language": "", "theme": "system"})
    for page in opened:
        page.context.close()


@pytest.mark.parametrize(
    ("username", "path"),
    [
        ("annotator", "/"),
        ("admin", "/projects/sample-project/"),
        ("admin", "/projects/sample-project/releases/"),
        ("reviewer", "/projects/sample-project/review/"),
        ("annotator", "/notifications/"),
        ("annotator", "/nowhere/"),
    ],
)
def test_a_page_has_none(
    person: Callable[[str], Page], site: Site, submitted: int, username: str, path: str
) -> None:
    page = person(username)
    page.goto(f"{site.address}{path}")
    page.wait_for_load_state("networkidle")
    assert not (found := violations(page)), "\n".join(found)


def test_the_review_of_an_annotation_has_none(
    person: Callable[[str], Page], site: Site, submitted: int
) -> None:
    page = person("reviewer")
    page.goto(f"{site.address}/review/{submitted}/")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "3")
    assert not (found := violations(page)), "\n".join(found)
    for key in "ynb":
        page.keyboard.press(key)
    assert not (found := violations(page)), "\n".join(found)
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not (found := violations(page)), "\n".join(found)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_login_has_none(browser: Browser, site: Site, scheme: str) -> None:
    page = browser.new_context(color_scheme=scheme).new_page()
    page.goto(f"{site.address}/login/")
    assert not (found := violations(page)), "\n".join(found)
    page.get_by_label("Name").fill("nobody")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert not (found := violations(page)), "\n".join(found)
    page.context.close()


def test_the_workspace_has_none_in_any_stage(
    person: Callable[[str], Page], site: Site, film: Callable[[int], Path]
) -> None:
    client = site.client("annotator")
    project = api.project_id(client)
    task = api.task_of(client, project, "axe")
    episode = api.upload_episode(client, project, task, film(58))
    api.await_ingest(client, episode)
    annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    page = person("annotator")
    page.goto(f"{site.address}/annotate/{annotation}/")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "0")
    assert not (found := violations(page)), "\n".join(found)
    for key in ("2", "a", "End", "c"):
        page.keyboard.press(key)
    assert not (found := violations(page)), "\n".join(found)
    page.keyboard.press("n")
    page.keyboard.press("l")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "0")
    pages.drag(page, (60, 60), (60, 60))
    page.keyboard.press("4")
    assert not (found := violations(page)), "\n".join(found)
    page.keyboard.press("n")
    page.keyboard.press("d")
    expect(page.locator(".offer")).to_have_count(3)
    assert not (found := violations(page)), "\n".join(found)
    page.keyboard.press("Control+Enter")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not (found := violations(page)), "\n".join(found)
