"""Review in a browser: by the keyboard alone, kept fresh, and caught up after a line that broke."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

NUMBERS = count(120)  # of frames: another number is another recording


@dataclass
class Team:
    """A project of a test's own with its annotator at the API."""

    site: Site
    film: Callable[[int], Path]
    project: int
    slug: str
    annotator: httpx.Client

    def handed_in(self) -> int:
        """Another failure that waits for its review."""
        number = next(NUMBERS)
        task = api.task_of(self.annotator, self.project, "stack")
        episode = api.upload_episode(self.annotator, self.project, task, self.film(number))
        api.await_ingest(self.annotator, episode)
        return api.annotate_failure(self.annotator, episode, (3, 9))

    def state(self, annotation: int) -> str:
        return api.ok(self.annotator.get(f"/api/v1/annotations/{annotation}/"))["state"]


@pytest.fixture
def team(site: Site, film: Callable[[int], Path]) -> Team:
    name = f"Review {next(NUMBERS)}"
    project = api.project_new(site, name)
    return Team(site, film, project, name.lower().replace(" ", "-"), site.client("annotator"))


@pytest.fixture
def judge(browser: Browser, site: Site) -> Iterator[Page]:
    page = pages.log_in(browser, site, "reviewer")
    yield page
    assert page.evaluate("window.failure") is None
    page.context.close()


def test_a_reviewer_needs_the_keyboard_alone(team: Team, judge: Page) -> None:
    first, second = team.handed_in(), team.handed_in()
    press = judge.keyboard.press
    judge.goto(f"{team.site.address}/review/{first}/")
    canvas = judge.get_by_test_id("canvas")
    expect(canvas).to_have_attribute("data-frame", "3")
    press("f")
    expect(canvas).to_have_attribute("data-frame", "9")
    press("ArrowLeft")
    expect(canvas).not_to_have_attribute("data-frame", "9")
    press("ArrowDown")
    press("ArrowDown")  # outcome, failure type, failed subtask
    press("n")
    expect(judge.get_by_text("1 field wrong")).to_be_visible()
    press("a")
    expect(judge.get_by_text("You marked 1 field as wrong")).to_be_visible()
    press("1")
    press("p")
    press("b")
    judge.keyboard.type("Which finger?")
    press("Control+Enter")

    expect(judge).to_have_url(f"{team.site.address}/review/{second}/")  # the next comes by itself
    assert team.state(first) == "sent_back"
    (comment,) = api.ok(team.annotator.get(f"/api/v1/annotations/{first}/comments/"))
    assert (comment["text"], comment["frame"]) == ("Which finger?", 3)
    press("?")
    expect(judge.get_by_role("dialog", name="Keys")).to_be_visible()
    press("Escape")
    press("a")
    expect(judge).to_have_url(f"{team.site.address}/projects/{team.slug}/review/")
    assert team.state(second) == "approved"


def test_the_author_is_led_to_what_was_said(team: Team, browser: Browser, judge: Page) -> None:
    annotation = team.handed_in()
    judge.goto(f"{team.site.address}/review/{annotation}/")
    expect(judge.get_by_test_id("canvas")).to_have_attribute("data-frame", "3")
    judge.keyboard.press("2")
    for key in "pb":
        judge.keyboard.press(key)
    judge.keyboard.type("It holds too late.")
    judge.keyboard.press("Control+Enter")
    expect(judge.get_by_text("Nothing waits for your review.")).to_be_visible()

    page = pages.log_in(browser, team.site, "annotator")
    page.get_by_role("link", name="see frame 9: It holds too late.").click()
    page.get_by_role("button", name="reviewer: see frame 9").click()
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "9")
    page.context.close()


def test_many_are_approved_at_once(team: Team, judge: Page) -> None:
    handed_in = [team.handed_in(), team.handed_in()]
    judge.on("dialog", lambda dialog: dialog.accept())
    judge.goto(f"{team.site.address}/projects/{team.slug}/review/")
    judge.get_by_role("checkbox", name="Choose all").check()
    judge.get_by_role("button", name="Approve 2").click()
    expect(judge.get_by_text("Nothing waits for your review.")).to_be_visible()
    assert {team.state(each) for each in handed_in} == {"approved"}


def test_the_queue_is_fresh_and_catches_up_after_its_socket_was_killed(team: Team, judge: Page) -> None:
    sockets: list[WebSocketRoute] = []
    held = {"down": False}

    def through(route: WebSocketRoute) -> None:
        if held["down"]:
            route.close(code=1011)
        else:
            sockets.append(route)
            route.connect_to_server()

    judge.route_web_socket(f"**/ws/projects/{team.project}/", through)
    judge.goto(f"{team.site.address}/projects/{team.slug}/review/")
    rows = judge.get_by_role("row").filter(has=judge.get_by_role("link", name="stack"))
    expect(judge.get_by_text("Nothing waits for your review.")).to_be_visible()
    team.handed_in()
    expect(rows).to_have_count(1)  # told

    held["down"] = True
    sockets[-1].close(code=1011)
    expect(judge.get_by_text("Live updates are interrupted")).to_be_visible()
    team.handed_in()
    expect(rows).to_have_count(1)
    held["down"] = False
    expect(rows).to_have_count(2)  # read again on the next connection
    expect(judge.get_by_text("Live updates are interrupted")).to_be_hidden()


def test_home_is_kept_fresh(team: Team, browser: Browser) -> None:
    page = pages.log_in(browser, team.site, "reviewer")
    row = page.get_by_role("listitem").filter(has=page.get_by_role("link", name=f"Review {team.slug[7:]}"))
    expect(row.get_by_role("link", name="0 to review")).to_be_visible()
    team.handed_in()
    expect(row.get_by_role("link", name="1 to review")).to_be_visible()
    page.context.close()
