"""The live page: a robot of its own process, its real core, a real browser."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e import api, pages
from tests.e2e.site import ROOT, Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


class Robot:
    """A robot that is live in a project; `orders` gets what it was told."""

    def __init__(self, site: Site, project: int, secret: str, name: str) -> None:
        command = [sys.executable, "-m", "tests.robot.rollout.show", site.address, secret, str(project), name]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        self.orders: Queue[dict[str, Any]] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.orders.put(json.loads(line))

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def token_of(site: Site, project: int, *scopes: str) -> str:
    body = {"name": "robot", "scopes": list(scopes)}
    return api.ok(site.client("admin").post(f"/api/v1/projects/{project}/tokens/", json=body))["secret"]


@pytest.fixture(scope="module")
def project(site: Site) -> int:
    return api.project_new(site, "Live table")


@pytest.fixture(scope="module")
def robot(site: Site, project: int) -> Iterator[Robot]:
    robot = Robot(site, project, token_of(site, project, "live"), "aloha-1")
    yield robot
    robot.stop()


@pytest.fixture
def watch(browser: Browser, site: Site, robot: Robot) -> Iterator[Callable[[str], Page]]:
    """Opens the live page as somebody, and waits for pictures."""
    opened: list[Page] = []

    def look(username: str) -> Page:
        page = pages.log_in(browser, site, username)
        opened.append(page)
        page.goto(f"{site.address}/projects/live-table/live/?robot=aloha-1")
        expect(page.get_by_test_id("live-badge")).to_be_visible(timeout=30_000)
        return page

    yield look
    for page in opened:
        page.context.close()


def test_pictures_come_at_ten_a_second_and_the_answer_with_its_symbols(watch: Callable[[str], Page]) -> None:
    page = watch("annotator")
    expect(page.get_by_test_id("answer")).to_contain_text("It sees a failure", timeout=20_000)
    expect(page.get_by_test_id("answer")).to_contain_text("Move the left gripper to the right slightly.")
    expect(page.get_by_test_id("live-canvas")).to_have_attribute("data-symbols", "1")
    page.wait_for_function("Number(document.querySelector('[data-testid=live-badge]').dataset.fps) >= 10")
    expect(page.get_by_role("button", name="Hold")).to_have_count(0)
    expect(page.get_by_text("You are watching.")).to_be_visible()


def test_an_operator_holds_and_lets_go_on_by_key_and_button(
    watch: Callable[[str], Page], robot: Robot
) -> None:
    page = watch("admin")
    page.get_by_role("button", name="Hold", exact=False).first.click()
    expect(page.get_by_test_id("control")).to_have_text("The robot holds")
    assert robot.orders.get(timeout=10) == {"order": "hold", "by": "admin"}
    expect(page.get_by_test_id("happened")).to_contain_text("Operator: hold · admin")
    page.keyboard.press("p")
    assert robot.orders.get(timeout=10) == {"order": "release", "by": "admin"}
    expect(page.get_by_test_id("control")).not_to_have_text("The robot holds")
    page.get_by_role("button", name="Take over").click()
    assert robot.orders.get(timeout=10)["order"] == "take_over"
    expect(page.get_by_test_id("control")).to_have_text("An operator has the robot")
    page.get_by_role("button", name="Go on").click()
    robot.orders.get(timeout=10)


def test_a_correction_drawn_by_hand_goes_the_way_of_a_models(
    watch: Callable[[str], Page], robot: Robot
) -> None:
    page = watch("admin")
    page.get_by_role("button", name="Draw correction").click()
    canvas = page.get_by_test_id("live-canvas")
    expect(page.get_by_text("This picture stands still")).to_be_visible()
    draw(page, (200, 200), (400, 300))
    expect(canvas).to_have_attribute("data-symbols", "1")
    page.get_by_label("Command (optional)").fill("Move the right gripper forward slightly.")
    page.get_by_role("button", name="Send correction").click()

    order = robot.orders.get(timeout=10)
    (symbol,) = order["symbols"]
    assert (order["order"], order["by"], symbol["type"]) == ("correct", "admin", "move_arrow")
    assert abs(symbol["start"][0] - 200) <= 1
    assert abs(symbol["end"][1] - 300) <= 1
    assert order["command"] == "Move the right gripper forward slightly."
    happened = page.get_by_test_id("happened")
    expect(happened).to_contain_text("Correction begun")
    expect(happened).to_contain_text("Operator: correct · admin")


def test_a_command_that_is_none_is_told_and_nothing_moves(watch: Callable[[str], Page], robot: Robot) -> None:
    page = watch("admin")
    page.keyboard.press("d")
    page.get_by_label("Command (optional)").fill("Dance!")
    page.get_by_role("button", name="Send correction").click()
    expect(page.get_by_role("alert").filter(has_text="cannot be read")).to_be_visible()
    assert robot.orders.empty()


def draw(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Drag on the live picture, in its own pixels."""
    canvas = page.get_by_test_id("live-canvas")
    box = canvas.bounding_box()
    assert box is not None
    scale, left, top = (float(canvas.get_attribute(f"data-{name}") or 0) for name in ("scale", "left", "top"))
    at = [(box["x"] + left + (x + 0.5) * scale, box["y"] + top + (y + 0.5) * scale) for x, y in (start, end)]
    page.mouse.move(*at[0])
    page.mouse.down()
    page.mouse.move(*at[1], steps=4)
    page.mouse.up()


@pytest.mark.full
def test_a_robot_that_was_killed_is_gone_and_comes_back(browser: Browser, site: Site, project: int) -> None:
    secret = token_of(site, project, "live")
    first = Robot(site, project, secret, "aloha-2")
    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}/projects/live-table/live/?robot=aloha-2")
    expect(page.get_by_test_id("live-badge")).to_be_visible(timeout=30_000)
    first.stop()
    expect(page.get_by_text("The robot is not live now.")).to_be_visible()
    second = Robot(site, project, secret, "aloha-2")
    try:
        expect(page.get_by_text("The robot is not live now.")).to_be_hidden(timeout=30_000)
        before = time.monotonic()
        page.wait_for_function("Number(document.querySelector('[data-testid=live-badge]').dataset.fps) >= 10")
        assert time.monotonic() - before < 30
    finally:
        second.stop()
        page.context.close()
