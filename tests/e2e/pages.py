"""The site's pages as a person uses them: one function for each thing that one does."""

import math
import re
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect

from tests import videos
from tests.e2e.site import Site

INGEST_PATIENCE = 60_000  # ms
expect.set_options(timeout=15_000)  # the machine may be busy with other tests


def log_in(browser: Browser, site: Site, username: str) -> Page:
    """A page of a fresh session; whatever goes wrong in it fails the test at once."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
    page.set_default_timeout(30_000)
    page.on("pageerror", lambda error: page.evaluate("e => { window.failure = e }", str(error)))
    page.goto(f"{site.address}/login/")
    page.get_by_label("Name").fill(username)
    page.get_by_label("Password").fill(site.logins[username])
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()
    return page


def open_project(page: Page, name: str = "Sample project") -> None:
    page.get_by_role("link", name=name, exact=True).click()


def add_task(page: Page, *, name: str, description: str, subtasks: list[str]) -> None:
    page.get_by_role("button", name="New task").click()
    form = page.get_by_role("form", name="New task")
    form.get_by_label("Name").fill(name)
    form.get_by_label("Description").fill(description)
    form.get_by_label("Subtasks").fill("\n".join(subtasks))
    form.get_by_role("button", name="Add task").click()
    expect(form).to_be_hidden()


def upload(page: Page, *files: Path) -> None:
    page.get_by_label("Choose files").set_input_files(list(files))


def row_of(page: Page, task: str, number: int) -> Locator:
    """The row of an episode in the project's table."""
    rows = page.get_by_role("region", name="Episodes").get_by_role("row")
    cell = page.get_by_role("cell", name=task, exact=True)
    return rows.filter(has=cell).filter(has=page.get_by_role("cell", name=str(number), exact=True))


def await_state(row: Locator, state: str | re.Pattern[str]) -> None:
    expect(row.locator(".badge").first).to_have_text(state, timeout=INGEST_PATIENCE)


def go_to_frame(page: Page, number: int) -> None:
    """By the slider over all frames; until the exact still is on the canvas."""
    page.get_by_label("Frame number").fill(str(number))
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", str(number))


def counter_on(picture: Locator) -> int:
    """The number that a test video's picture shows, read off the screen."""
    return videos.read_counter(rgb_of(picture.screenshot()))


def counter_on_screen(page: Page) -> int:
    """The number that a test video's picture shows on the canvas now, read off the screen."""
    canvas = page.get_by_test_id("canvas")
    size = [int(canvas.get_attribute(f"data-{name}") or 0) for name in ("width", "height")]
    left, top = place(page, 0, 0)
    right, bottom = place(page, *size)
    shot = page.screenshot(clip={"x": left, "y": top, "width": right - left, "height": bottom - top})
    return videos.read_counter(rgb_of(shot))


def rgb_of(picture: bytes) -> np.ndarray:
    """A (height, width, 3) picture of an encoded one."""
    return cv2.cvtColor(cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR), cv2.COLOR_BGR2RGB)


def place(page: Page, x: int, y: int) -> tuple[int, int]:
    """A whole client pixel that lies within the source pixel (x, y) of the canvas."""
    canvas = page.get_by_test_id("canvas")
    box = canvas.bounding_box()
    assert box is not None
    scale, left, top = (float(canvas.get_attribute(f"data-{name}")) for name in ("scale", "left", "top"))
    assert scale >= 1, "a source pixel is smaller than one of the screen"
    return math.ceil(box["x"] + left + x * scale), math.ceil(box["y"] + top + y * scale)


def drag(page: Page, start: tuple[int, int], end: tuple[int, int]) -> None:
    """Press at a source pixel, move in steps, let go at another."""
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=5)
    page.mouse.up()


def choose(page: Page, *names: str) -> None:
    """Press buttons by their words; a key's label behind them does not matter."""
    for name in names:
        page.get_by_role("button", name=re.compile(rf"^{re.escape(name)}(,? .*)?$")).first.click()


def open_stage(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def accept_drafts(page: Page) -> None:
    """Have the three texts drafted, and take each by its key."""
    page.get_by_role("button", name="Draft", exact=True).click()
    expect(page.get_by_role("button", name="Use the draft")).to_have_count(3)
    for key in "123":
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Use the draft")).to_have_count(0)


def await_saved(page: Page) -> None:
    expect(page.locator(".saving")).to_have_text("Saved")
