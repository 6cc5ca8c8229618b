"""The annotator's page for people: from the keyboard alone, in their language, with keys of their own."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

NUMBERS = count(60)  # of frames: another number is another recording


@dataclass
class Begun:
    """An annotation that nothing is said in yet, and its page."""

    site: Site
    client: httpx.Client
    page: Page
    annotation: int

    def document(self) -> dict[str, Any]:
        pages.await_saved(self.page)
        return api.ok(self.client.get(f"/api/v1/annotations/{self.annotation}/"))["document"]

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)


@pytest.fixture
def begun(browser: Browser, site: Site, film: Callable[[int], Path]) -> Iterator[Begun]:
    client = site.client("annotator")
    project, number = api.project_id(client), next(NUMBERS)
    body = {"name": f"people_{number}", "description": "Stack.", "subtasks": ["Grasp it.", "Lift it."]}
    task = api.ok(client.post(f"/api/v1/projects/{project}/tasks/", json=body))["id"]
    episode = api.upload_episode(client, project, task, film(number))
    api.await_ingest(client, episode)
    annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}/annotate/{annotation}/")
    pages.await_saved(page)
    yield Begun(site, client, page, annotation)
    client.patch(
        "/api/v1/preferences/", json={"keys": {}, "language": "", "theme": "system", "guideline": True}
    )
    page.context.close()


def test_everything_but_dragging_is_done_from_the_keyboard(begun: Begun) -> None:
    page, press = begun.page, begun.press
    press("2")
    expect(page.get_by_text("Failure 1")).to_be_visible()
    press("ArrowRight", "Shift+ArrowRight", "a")  # frame 6
    expect(page.get_by_test_id("avoidance-frame")).to_contain_text("frame 6")
    press("ArrowRight", "c", "s", "s", "5")
    expect(page.get_by_test_id("correction-frame")).to_contain_text("frame 10")
    second = page.get_by_role("button", name="Failure 2", exact=True)
    press("Shift+F")
    expect(second).to_be_visible()
    press("Shift+Delete")
    expect(second).to_have_count(0)
    press("Control+z")
    expect(second).to_be_visible()
    press("Shift+Delete")
    expect(second).to_have_count(0)
    press("n")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "6")
    press("7", "4", "4", "5", "x")  # the right gripper: left slightly, backward, and turn clockwise
    expect(page.get_by_test_id("command-text")).to_have_text(
        "Move the right gripper to the left slightly and backward, and rotate the right gripper clockwise."
    )
    pages.drag(page, (40, 40), (40, 40))  # the rotating arrow is on the pointer
    press("g", "r", "a")
    pages.drag(page, (100, 40), (60, 40))
    press("2", "Shift+h", "l")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "10")
    pages.drag(page, (80, 60), (80, 60))
    press("n", "d")
    expect(page.get_by_role("button", name="Use the draft")).to_have_count(3)
    press("1", "3", "a")
    expect(page.get_by_role("textbox", name="How to avoid it")).to_be_focused()
    page.keyboard.type("n2: neither keys nor stages move here.")
    press("Escape", "p", "n")
    event = begun.document()["events"][0]
    assert (event["subtask"], event["failure_type"]) == (2, "gripper 6d-pose")
    assert event["avoidance"]["high_level"] == "n2: neither keys nor stages move here."
    assert [symbol["type"] for symbol in event["avoidance"]["symbols"]] == ["rotate_arrow", "move_arrow"]
    assert event["correction"]["command"]["hold"] is True
    assert event["reason"] != ""
    press("Control+Enter")
    expect(page.get_by_text("Submitted. Thank you.")).to_be_visible()


def test_a_key_can_be_changed_and_is_kept_with_the_person(begun: Begun, browser: Browser) -> None:
    page, press = begun.page, begun.press
    press("?")
    sheet = page.get_by_role("dialog", name="Keys")
    sheet.get_by_role("button", name="Play, or stop: K. Press to change it.").click()
    press("j")
    expect(sheet.get_by_role("alert")).to_have_text("J is taken already: Change the speed: 1, 0.5, 0.25.")
    press("'")
    expect(sheet.get_by_role("button", name="Play, or stop: '. Press to change it.")).to_be_visible()
    press("Escape")
    expect(sheet).to_be_hidden()

    elsewhere = pages.log_in(browser, begun.site, "annotator")
    elsewhere.goto(page.url)
    pages.await_saved(elsewhere)
    playing = elsewhere.get_by_role("button", name="Stop")
    elsewhere.keyboard.press("k")
    expect(playing).to_be_hidden()
    elsewhere.keyboard.press("'")
    expect(playing).to_be_visible()
    elsewhere.keyboard.press("?")
    elsewhere.get_by_role("button", name="All keys as they were").click()
    expect(elsewhere.get_by_role("button", name="Play, or stop: K. Press to change it.")).to_be_visible()
    elsewhere.context.close()


def test_the_guideline_is_hidden_with_one_key_and_stays_so(begun: Begun) -> None:
    page = begun.page
    begun.press("2")
    guideline = page.get_by_text("the gripper stands beside, above or askew", exact=False)
    expect(guideline).to_be_visible()
    drawn = page.locator("canvas.example").first.evaluate(
        "c => new Set(c.getContext('2d').getImageData(0, 0, c.width, c.height).data).size"
    )
    assert drawn > 8, "the example's picture is blank"
    with page.expect_response("**/preferences/"):
        begun.press("/")
    expect(guideline).to_be_hidden()
    pages.await_saved(page)
    page.reload()
    expect(page.get_by_text("What kind of failure is it?")).to_be_visible()
    expect(guideline).to_be_hidden()


def test_the_page_is_in_the_persons_language_and_look(begun: Begun) -> None:
    page = begun.page
    begun.press("2", "?")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.locator(".panel").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(22, 27, 34)"
    page.get_by_role("button", name="简体中文").click()
    expect(page.get_by_role("button", name="提交")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".saving")).to_have_text("已保存")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("请选择规避关键帧。")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 1920, 2560])
@pytest.mark.parametrize("stage", ["Diagnose", "Guide", "Explain"])
def test_nothing_overlaps_or_runs_out_of_the_page(begun: Begun, width: int, stage: str) -> None:
    page = begun.page
    begun.press("2", "a", "End", "c")
    page.set_viewport_size({"width": width, "height": width * 9 // 16})
    pages.open_stage(page, stage)
    assert page.evaluate("document.documentElement.scrollWidth") == width
    for part in (".header", ".panel .foot"):
        assert page.locator(part).evaluate("part => part.scrollWidth <= part.clientWidth"), part
        assert page.locator(part).evaluate(ONE_LINE), part
    assert page.evaluate(OVERLAPS) == []
    canvas = page.get_by_test_id("canvas").bounding_box()
    assert canvas is not None
    assert canvas["width"] >= 0.6 * width, "the picture is the page"


# Whether all that a bar holds is seen, within it and beside one another.
ONE_LINE = """part => {
    const bar = part.getBoundingClientRect();
    const boxes = [...part.children].filter(e => e.checkVisibility()).map(e => e.getBoundingClientRect());
    return boxes.every(b => b.top >= bar.top && b.bottom <= bar.bottom && b.right <= bar.right)
        && boxes.slice(1).every((b, i) => b.left >= boxes[i].left);
}"""
# Buttons and fields of the page that cover one another, by their words.
OVERLAPS = """() => {
    const all = [...document.querySelectorAll("button, textarea, input, .tab")];
    const shown = all.filter(e => e.checkVisibility());
    const boxes = shown.map(e => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width && b.height);
    const before = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 1;
    const apart = (a, b) => before(a, b) || before(b, a);
    const panel = document.querySelector(".panel .body").getBoundingClientRect();
    const within = b => b.top >= panel.top && b.bottom <= panel.bottom;
    const clipped = e => e.closest(".sample") !== null;  // the strip shows as many as it has room for
    const seen = boxes.filter(([e, b]) => !clipped(e) && (!e.closest(".panel .body") || within(b)));
    return seen.flatMap(([e, a], i) => seen.slice(i + 1)
        .filter(([f, b]) => !e.contains(f) && !f.contains(e) && !apart(a, b))
        .filter(([f]) => !(e.closest("[class*=timeline]") && f.closest("[class*=timeline]")))
        .map(([f]) => `${e.textContent || e.ariaLabel} / ${f.textContent || f.ariaLabel}`));
}"""
