"""The annotator's page in a real browser: the hand on the canvas, and nothing lost between tabs and days."""

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


NUMBERS = count(20)  # of frames: another number is another recording


@dataclass
class Desk:
    """An annotator's page on an episode whose failure has both keyframes."""

    site: Site
    client: httpx.Client
    page: Page
    episode: int
    annotation: int

    @property
    def address(self) -> str:
        return f"{self.site.address}/annotate/{self.annotation}/"

    def saved(self) -> dict[str, Any]:
        """The event on the server, once the page says that all is saved."""
        pages.await_saved(self.page)
        found = api.ok(self.client.get(f"/api/v1/annotations/{self.annotation}/"))
        return found["document"]["events"][0]

    def write(self, text: str, page: Page | None = None) -> None:
        pages.open_stage(page or self.page, "Explain")
        (page or self.page).get_by_role("textbox", name="Why it failed").fill(text)


@pytest.fixture
def desk(browser: Browser, site: Site, film: Callable[[int], Path]) -> Iterator[Desk]:
    client = site.client("annotator")
    project = api.project_id(client)
    number = next(NUMBERS)
    task = api.task_new(client, project, f"workspace_{number}")
    episode = api.upload_episode(client, project, task, film(number))
    api.await_ingest(client, episode)
    annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    operations = [
        api.change("set", ["outcome"], "failed"),
        api.change("add_event", ["events"], {"id": "e1"}),
        api.change("set", ["events", "e1", "avoidance", "frame"], 1),
        api.change("set", ["events", "e1", "correction", "frame"], 6),
    ]
    api.ok(
        client.post(
            f"/api/v1/annotations/{annotation}/operations/", json={"base": 0, "operations": operations}
        )
    )
    page = pages.log_in(browser, site, "annotator")
    made = Desk(site, client, page, episode, annotation)
    page.goto(made.address)
    pages.await_saved(page)
    yield made
    page.context.close()


def guide(page: Page) -> None:
    pages.open_stage(page, "Guide")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "1")


def scale_of(page: Page) -> float:
    return float(page.get_by_test_id("canvas").get_attribute("data-scale") or 0)


def test_the_wheel_zooms_to_the_pointer_and_drawing_stays_exact(desk: Desk):
    page = desk.page
    guide(page)
    fitted = scale_of(page)
    place = pages.place(page, 60, 50)
    page.mouse.move(*place)
    page.mouse.wheel(0, -600)
    expect(page.get_by_test_id("canvas")).not_to_have_attribute("data-scale", str(fitted))
    near = pages.place(page, 60, 50)
    assert max(abs(near[0] - place[0]), abs(near[1] - place[1])) <= scale_of(page) / fitted * 2
    page.keyboard.press("C")
    page.mouse.click(*pages.place(page, 61, 52))
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowDown")
    assert desk.saved()["avoidance"]["symbols"][0]["pos"] == [62, 62]
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    assert desk.saved()["avoidance"]["symbols"][0]["pos"] == [61, 52]
    page.keyboard.press("Control+Shift+Z")
    assert desk.saved()["avoidance"]["symbols"][0]["pos"] == [62, 52]
    page.keyboard.press("0")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-scale", str(fitted))


@pytest.mark.parametrize("hand", ["space", "middle"])
def test_a_zoomed_frame_is_moved_by_hand_and_nothing_is_drawn(desk: Desk, hand: str):
    page = desk.page
    guide(page)
    page.keyboard.press("L")
    page.mouse.move(*pages.place(page, 80, 60))
    page.keyboard.press("+")
    page.keyboard.press("+")
    before = pages.place(page, 80, 60)
    page.mouse.move(*before)
    if hand == "space":
        page.keyboard.down(" ")
    page.mouse.down(button="middle" if hand == "middle" else "left")
    page.mouse.move(before[0] + 40, before[1] + 30, steps=4)
    page.mouse.up(button="middle" if hand == "middle" else "left")
    page.keyboard.up(" ")
    after = pages.place(page, 80, 60)
    assert abs(after[0] - before[0] - 40) <= 1
    assert abs(after[1] - before[1] - 30) <= 1
    assert desk.saved()["avoidance"]["symbols"] == []


def test_two_fingers_zoom_and_one_draws(desk: Desk):
    page = desk.page
    guide(page)
    page.keyboard.press("C")
    fitted = scale_of(page)
    touch = page.context.new_cdp_session(page)
    x, y = pages.place(page, 80, 60)

    def fingers(kind: str, *spread: int) -> None:
        points = [{"x": x + dx, "y": y, "id": index} for index, dx in enumerate(spread)]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    fingers("touchStart", -20)
    fingers("touchStart", -20, 20)
    for spread in (30, 40, 60):
        fingers("touchMove", -spread, spread)
    fingers("touchEnd")
    assert scale_of(page) == pytest.approx(3 * fitted, rel=0.05)
    assert desk.saved()["avoidance"]["symbols"] == []
    x, y = pages.place(page, 80, 60)
    fingers("touchStart", 0)
    fingers("touchEnd")
    expect(page.locator(".codes li")).to_have_count(1)
    assert desk.saved()["avoidance"]["symbols"][0]["pos"] == [80, 60]


def test_a_second_tab_is_told_and_takes_over_with_what_the_first_had(desk: Desk):
    first = desk.page
    first.context.set_offline(True)
    desk.write("written in the first tab, offline")
    expect(first.locator(".saving")).to_have_text("Offline, kept hereTry again")
    first.context.set_offline(False)
    first.route("**/operations/", lambda route: route.abort())  # this tab stays cut off
    second = first.context.new_page()
    second.goto(desk.address)
    expect(second.get_by_text("This annotation is open in another tab.")).to_be_visible()
    expect(second.get_by_role("button", name="Submit")).to_be_disabled()
    second.get_by_role("button", name="Go on here").click()
    desk.page = second
    assert desk.saved()["reason"] == "written in the first tab, offline"
    expect(first.get_by_text("This annotation is open in another tab.")).to_be_visible()
    desk.write("and in the second")
    assert desk.saved()["reason"] == "and in the second"


def test_a_session_that_ended_is_renewed_on_the_page(desk: Desk):
    page = desk.page
    page.wait_for_load_state("networkidle")  # what it fetches ahead would tell it before the edit does
    page.context.clear_cookies()
    desk.write("kept while logged out")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_label("Password").fill("wrong")
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Password").fill(desk.site.logins["annotator"])
    dialog.get_by_role("button", name="Log in").click()
    expect(dialog).to_be_hidden()
    assert desk.saved()["reason"] == "kept while logged out"


def test_work_goes_on_though_somebody_else_has_the_episode(desk: Desk):
    page = desk.page
    page.close()
    api_of_another = desk.site.client("reviewer")
    desk.client.delete(f"/api/v1/episodes/{desk.episode}/lease/")
    api.ok(api_of_another.post(f"/api/v1/episodes/{desk.episode}/claim/"))
    desk.page = page.context.new_page()
    desk.page.goto(desk.address)
    expect(desk.page.get_by_text("reviewer has this episode in hand now")).to_be_visible()
    desk.write("still mine")
    assert desk.saved()["reason"] == "still mine"


def test_changes_from_elsewhere_are_chosen_field_by_field(desk: Desk):
    page = desk.page
    operations = [
        api.change("set", ["events", "e1", "reason"], "elsewhere"),
        api.change("set", ["events", "e1", "avoidance", "high_level"], "elsewhere too"),
    ]
    body = {"base": 4, "operations": operations}
    api.ok(desk.client.post(f"/api/v1/annotations/{desk.annotation}/operations/", json=body))
    desk.write("here")
    page.get_by_role("textbox", name="How to avoid it").fill("here too")
    expect(page.get_by_text("This annotation was changed elsewhere")).to_be_visible()
    page.get_by_role("button", name="Theirs elsewhere", exact=True).click()
    page.get_by_role("button", name="Go on with these").click()
    event = desk.saved()
    assert (event["reason"], event["avoidance"]["high_level"]) == ("elsewhere", "here too")


def test_the_page_tells_how_long_somebody_is_at_work_and_the_server_believes_its_own_clock(
    desk: Desk,
) -> None:
    """Half a minute passes in the page, and next to nothing on the server."""
    page = desk.page

    def is_report(response: Any) -> bool:
        return response.url.endswith(f"/annotations/{desk.annotation}/time/")

    page.clock.install()
    with page.expect_response(is_report) as opened:
        page.goto(desk.address)
    assert opened.value.request.post_data_json["seconds"] == {}
    page.mouse.move(300, 300)
    with page.expect_response(is_report) as report:
        page.clock.run_for(31_000)

    assert 25 <= report.value.request.post_data_json["seconds"]["diagnosis"] <= 31
    assert report.value.ok
    assert report.value.json()["seconds"] < 25
