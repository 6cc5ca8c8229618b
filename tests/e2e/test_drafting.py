"""Drafting as people meet it: text that grows, proposals as ghosts, and hostile text that stays text."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import Site, start_site
from tests.e2e.test_axe import violations

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

HOSTILE = (
    '<img src="/hostile" onerror="window.hacked=1"> ![x](http://evil.example/x.png) '
    "<script>window.hacked=2</script> [a](javascript:alert(1)) &lt;b&gt; \u202egnihton"
)
ANSWER = {
    "failure_reason": f"The gripper closed beside the eraser. {HOSTILE}",
    "high_level_avoidance": "Move over the eraser first.",
    "high_level_correction": HOSTILE,
}
PLAN = {"subtasks": ["Grasp the eraser.", HOSTILE]}
PROPOSE = """
from apps.drafting.proposing import propose
from apps.episodes.models import Episode
episode = Episode.objects.get(pk={episode})
propose(episode=episode, origin="supervisor", source={source!r}, content={content!r})
"""
CONTENT = {
    "outcome": "failed",
    "events": [
        {
            "failure_type": "gripper state",
            "avoidance": {"frame": 3, "symbols": [{"type": "crosshair", "pos": [80, 64]}]},
            "correction": {"frame": 9, "symbols": [{"type": "lock", "pos": [40, 40]}]},
        }
    ],
}


@pytest.fixture(scope="module")
def drafting_site(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site whose models answer from a file, word by word."""
    folder = tmp_path_factory.mktemp("drafting")
    entries = [
        {"purpose": "explain", "answer": json.dumps(ANSWER), "pause": 0.02},
        {"purpose": "decompose", "answer": json.dumps(PLAN)},
    ]
    script = folder / "answers.json"
    script.write_text(json.dumps(entries))
    site, _ = start_site(copytree(prepared, folder / "data"), DRAFTING_SCRIPT=str(script))
    yield site
    site.stop()


@pytest.fixture(scope="module")
def annotation(drafting_site: Site, film: Callable[[int], Path]) -> int:
    """Of an episode for which the robot's supervisor, with a hostile name, proposes all of stages 1 and 2."""
    client = drafting_site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_of(client, project, "drafting"), film(41))
    api.await_ingest(client, episode)
    code = PROPOSE.format(episode=episode, source=HOSTILE[:60], content=CONTENT)
    drafting_site.manage("shell", "-c", code)
    return api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]


def require_harmless(page: Page, requested: list[str]) -> None:
    """Nothing of a hostile text became a part of the page, ran, or was fetched."""
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("window.failure") is None
    assert page.locator("img[src*=hostile], img[src*=evil], a[href^=javascript], .offer script").count() == 0
    assert [url for url in requested if "hostile" in url or "evil" in url] == []


def test_proposals_and_drafts_in_the_browser(browser: Browser, drafting_site: Site, annotation: int) -> None:
    page, requested = pages.log_in(browser, drafting_site, "annotator"), []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(f"{drafting_site.address}/annotate/{annotation}/")
    proposed = page.get_by_role("region", name="Proposed")
    expect(proposed).to_contain_text(f"by the robot's supervisor {HOSTILE[:60]}")

    page.keyboard.press("\\")  # the outcome
    expect(page.locator(".mark.ghost")).to_have_count(2)
    assert not (found := violations(page)), "\n".join(found)
    for text in ("frame 3", "frame 9", "Gripper state"):
        expect(proposed.locator(".proposed").first).to_contain_text(text)
        page.keyboard.press("\\")
    expect(proposed).to_have_count(0)
    pages.choose(page, "2 End.")

    pages.open_stage(page, "Guide")
    canvas = page.get_by_test_id("canvas")
    expect(canvas).to_have_attribute("data-frame", "3")
    expect(canvas).to_have_attribute("data-ghosts", "1")
    page.keyboard.press("|")  # turned down
    expect(canvas).to_have_attribute("data-ghosts", "0")
    pages.choose(page, "Left", "open")
    page.keyboard.press("2")
    expect(canvas).to_have_attribute("data-ghosts", "1")
    page.keyboard.press("\\")
    expect(canvas).to_have_attribute("data-ghosts", "0")
    expect(page.get_by_role("region", name="Symbols")).to_contain_text("Draw Lock")

    pages.open_stage(page, "Explain")
    pages.await_saved(page)
    page.keyboard.press("d")
    expect(page.get_by_text("The draft is being written").first).to_be_visible()
    expect(page.get_by_role("button", name="Use the draft").first).to_be_disabled()
    expect(page.get_by_text("Written by", exact=False)).to_be_visible()
    expect(page.locator(".offer p").first).to_have_text(ANSWER["failure_reason"])
    page.keyboard.press("1")
    reason = page.get_by_role("textbox", name="Why it failed")
    expect(reason).to_have_value(ANSWER["failure_reason"])
    require_harmless(page, requested)
    assert not (found := violations(page)), "\n".join(found)

    pages.await_saved(page)
    page.reload()
    pages.open_stage(page, "Explain")
    expect(page.locator(".offer p")).to_have_text([ANSWER["high_level_avoidance"], HOSTILE])
    require_harmless(page, requested)


def test_a_task_is_divided_and_approved_and_the_settings_are_reached(
    browser: Browser, drafting_site: Site
) -> None:
    client = drafting_site.client("admin")
    api.task_of(client, api.project_id(client), "divided")
    page, requested = pages.log_in(browser, drafting_site, "admin"), []
    page.on("request", lambda request: requested.append(request.url))
    page.goto(f"{drafting_site.address}/projects/sample-project/drafting/")
    expect(page.get_by_role("heading", name="Batches")).to_be_visible()
    page.get_by_role("link", name="Subtasks of the tasks").click()
    form = page.locator("form.card", has_text="divided")
    form.get_by_role("button", name="Draft").click()
    field = form.get_by_label("Subtasks, one a line, in order")
    expect(field).to_have_value("\n".join(PLAN["subtasks"]))
    expect(form).to_contain_text("nobody has approved it")
    field.fill("Grasp the eraser.\nWipe the board.")
    form.get_by_role("button", name="Approve these subtasks").click()
    expect(form).to_contain_text("Approved by admin")
    require_harmless(page, requested)
