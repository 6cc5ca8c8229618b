"""Random faults over an annotation under way: the browser, a page, the server or the network fails.

Every edit has a number that can be read back from what it wrote, so that the operations on the server tell
which edits arrived, how often, and in which order. After each fault all that the page had kept has to be
there. A run is replayed by its seed.
"""

import json
import os
import random
import re
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from shutil import copytree
from typing import Any, Literal

from playwright.sync_api import BrowserContext, BrowserType, Error, Page, Route, expect

from tests.e2e import api, pages
from tests.e2e.site import CHROMIUM, Site, descendants, start_site

KEPT_WITHIN = 0.05  # seconds in which an edit is in the browser's journal
SETTLED_WITHIN = 90_000  # ms in which all is with the server once nothing fails any more
DELAY = 10_000  # ms for which a slow network holds what saves
SYMBOLS = 40  # of at most 50 on a keyframe
FIELDS = {"Why it failed": "reason", "How to avoid it": "avoidance", "How to correct it": "correction"}


@dataclass
class Made:
    """The edits that were made, each with its number and whether it had the time to be kept."""

    all: list[int] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)
    recent: dict[int, float] = field(default_factory=dict)

    def add(self, number: int) -> None:
        self.all.append(number)
        self.recent[number] = time.monotonic()

    def end(self, age: float = KEPT_WITHIN) -> None:
        """The page ends now: what was made `age` seconds ago must not be lost, the rest may be."""
        now = time.monotonic()
        self.kept |= {number for number, made in self.recent.items() if now - made >= age}
        self.recent.clear()


class Network:
    """What happens to a request that saves: it passes, or an error, a lost answer, a copy, a delay."""

    def __init__(self) -> None:
        self.mode: Literal["pass", "error", "lose answer", "twice", "hold"] = "pass"
        self.held: list[Route] = []

    def __call__(self, route: Route) -> None:
        if self.mode == "pass":
            route.continue_()
        elif self.mode == "error":
            route.fulfill(status=500, body="")
        elif self.mode == "hold":
            self.held.append(route)
        else:
            self._deliver(route, copies=2 if self.mode == "twice" else 1)

    def _deliver(self, route: Route, copies: int) -> None:
        answers = [route.fetch() for _ in range(copies)]
        if self.mode == "twice":
            route.fulfill(response=answers[-1])
        else:
            route.abort()

    def heal(self) -> None:
        """Everything passes again; what was held goes on its way, late."""
        self.mode = "pass"
        for route in self.held:
            with suppressed():
                route.continue_()
        self.held.clear()


@contextmanager
def suppressed() -> Iterator[None]:
    """Playwright's complaint that what was killed is gone."""
    try:
        yield
    except Error as error:
        if not re.search("closed|crashed|No resource|ERR_ABORTED|Target", error.message):
            raise


class Run:
    """One annotator at work on one episode, through any number of faults."""

    def __init__(self, chromium: BrowserType, site: Site, film: Path, folder: Path, seed: str) -> None:
        self.chromium, self.site, self.folder = chromium, site, folder
        self.chance = random.Random(seed)
        self.made = Made()
        self.network = Network()
        self.annotation = self._begin(film)
        self.symbols = 0
        self.faults: Iterator[Callable[[], None]] = self._shuffled()
        self.open_browser()

    def _shuffled(self) -> Iterator[Callable[[], None]]:
        """Every kind of fault, in an order by chance, again and again."""
        while True:
            kinds = [
                self.kill_browser,
                self.kill_server,
                self.cut_network,
                self.answer_500,
                self.delay,
                self.lose_answers,
                self.deliver_twice,
                self.crash_page,
                self.close_page,
                self.reload,
            ]
            self.chance.shuffle(kinds)
            yield from kinds

    def _begin(self, film: Path) -> int:
        """An episode whose failure has both keyframes and no words yet."""
        client = self.site.client("annotator")
        project = api.project_id(client)
        episode = api.upload_episode(client, project, api.task_of(client, project, "faults"), film)
        api.await_ingest(client, episode)
        annotation = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
        operations = [
            api.change("set", ["outcome"], "failed"),
            api.change("add_event", ["events"], {"id": "e1"}),
            api.change("set", ["events", "e1", "avoidance", "frame"], 1),
            api.change("set", ["events", "e1", "correction", "frame"], 6),
        ]
        body = {"base": 0, "operations": operations}
        api.ok(client.post(f"/api/v1/annotations/{annotation}/operations/", json=body))
        return annotation

    # --- the browser -------------------------------------------------------------------------------------
    def open_browser(self) -> None:
        self.context: BrowserContext = self.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
            viewport={"width": 1440, "height": 900},
        )
        cookies = self.site.client("annotator").cookies
        self.context.add_cookies(
            [{"name": name, "value": value, "url": self.site.address} for name, value in cookies.items()]
        )
        self.context.route("**/operations/", self.network)
        self.open_page()

    def open_page(self) -> None:
        self.page: Page = self.context.new_page()
        self.page.set_default_timeout(15_000)
        self.page.on(
            "dialog", lambda dialog: dialog.accept()
        )  # "leave?" is asked where something is not saved
        self.page.goto(f"{self.site.address}/annotate/{self.annotation}/")
        expect(self.page.get_by_test_id("canvas")).to_be_visible()

    # --- edits -------------------------------------------------------------------------------------------
    def edit(self) -> None:
        number = len(self.made.all)
        draws = self.symbols < SYMBOLS and self.chance.random() < 0.4
        if draws:
            self.draw(number)
        else:
            self.write(number)

    def write(self, number: int) -> None:
        pages.open_stage(self.page, "Explain")
        self.page.get_by_role("textbox", name=list(FIELDS)[number % 3]).fill(f"edit {number}")
        self.made.add(number)

    def draw(self, number: int) -> None:
        pages.open_stage(self.page, "Guide")
        expect(self.page.get_by_test_id("canvas")).to_have_attribute("data-frame", "1")
        self.page.keyboard.press("C")
        self.page.mouse.click(*pages.place(self.page, *point_of(number)))
        self.symbols += 1
        self.made.add(number)

    def edits(self, at_most: int = 3) -> None:
        for _ in range(self.chance.randint(1, at_most)):
            self.edit()
            self.page.wait_for_timeout(self.chance.choice((0, 20, 80, 300, 700)))

    # --- faults ------------------------------------------------------------------------------------------
    def fault(self) -> str:
        """Edits, a fault among them, and its end: what was kept is on the server. Gives the fault's name."""
        self.edits()
        fault = next(self.faults)
        fault()
        self.network.heal()
        self.settle()
        return fault.__name__

    def close_page(self) -> None:
        self.made.end()
        self.page.close()
        self.open_page()

    def crash_page(self) -> None:
        self.made.end()
        with suppressed():
            self.page.goto("chrome://crash")
        self.page.close()
        self.open_page()

    def reload(self) -> None:
        self.made.end()
        self.page.reload()

    def kill_browser(self) -> None:
        """SIGKILL to this run's browser, known by its profile's folder."""
        self.made.end()
        for pid in browser_processes(self.folder):
            os.kill(pid, signal.SIGKILL)
        with suppressed():
            self.context.close()
        self.open_browser()

    def kill_server(self) -> None:
        """The page stays; what it says meanwhile goes nowhere."""
        port = int(self.site.address.rsplit(":", 1)[1])
        self.site.stop(signal.SIGKILL)
        self.edits()
        self.site, _ = start_site(self.site.data_dir, port)

    def cut_network(self) -> None:
        self.context.set_offline(True)
        self.edits()
        self.context.set_offline(False)

    def answer_500(self) -> None:
        self.network.mode = "error"
        self.edits()

    def delay(self) -> None:
        self.network.mode = "hold"
        until = time.monotonic() + DELAY / 1000
        self.edits()
        self.page.wait_for_timeout(max(0.0, until - time.monotonic()) * 1000)

    def lose_answers(self) -> None:
        """The server takes the edits in; the page never hears of it, and may end before it can ask again."""
        self.network.mode = "lose answer"
        self.edits()
        if self.chance.random() < 0.5:
            self.close_page()

    def deliver_twice(self) -> None:
        self.network.mode = "twice"
        self.edits()

    # --- the end -----------------------------------------------------------------------------------------
    def settle(self) -> None:
        """Nothing fails any more: the page says that all is saved, and the server has it."""
        expect(self.page.locator(".saving")).to_have_text("Saved", timeout=SETTLED_WITHIN)
        self.made.end(age=0)
        check(self)

    def written(self) -> list[int]:
        """The numbers of the edits that the server has, in the order of its operations."""
        file = f"file:{self.site.data_dir / 'site.sqlite3'}?mode=ro"
        query = "SELECT body FROM annotation_operation WHERE annotation_id = ? ORDER BY revision"
        with closing(sqlite3.connect(file, uri=True)) as database:
            rows = database.execute(query, (self.annotation,)).fetchall()
        return [number for (body,) in rows if (number := number_of(json.loads(body))) is not None]

    def document(self) -> dict[str, Any]:
        found = api.ok(self.site.client("annotator").get(f"/api/v1/annotations/{self.annotation}/"))
        return found["document"]


def annotate_through(
    faults: int, seed: str, chromium: BrowserType, prepared: Path, film: Path, folder: Path
) -> Iterator[tuple[str, Made]]:
    """One annotation through so many faults, on a copy of a prepared site; after each its name and the edits.

    Raises AssertionError with the seed and the fault when anything that was kept is not there, or twice.
    """
    site, _ = start_site(copytree(prepared, folder / "data"))
    run = Run(chromium, site, film, folder / "profile", seed)
    name = "start"
    try:
        for number in range(faults):
            try:
                name = run.fault()
            except AssertionError as error:
                error.add_note(f"seed {seed}, fault {number + 1} (after {name})")
                raise
            yield name, run.made
    finally:
        run.context.close()
        run.site.stop()


def point_of(number: int) -> tuple[int, int]:
    """A place of its own for each number, in a frame of 160 x 128."""
    return 5 + number % 150, 5 + 8 * (number // 150)


def number_of(operation: dict[str, Any]) -> int | None:
    """The number of the edit that an operation is; None for those that the annotation began with."""
    value = operation.get("value")
    if operation["op"] == "put_symbol":
        return value["pos"][0] - 5 + 150 * ((value["pos"][1] - 5) // 8)
    if isinstance(value, str) and value.startswith("edit "):
        return int(value.removeprefix("edit "))
    return None


def browser_processes(profile: Path) -> list[int]:
    """The processes below this one that belong to the browser of a profile."""
    return [pid for pid in descendants(os.getpid()) if str(profile) in command_line(pid)]


def command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except FileNotFoundError:
        return ""


def check(run: Run) -> None:
    """Everything that was kept is on the server, once, in the order it was made; the page shows the same."""
    written = run.written()
    assert written == sorted(set(written)), "an edit came twice or out of order"
    assert run.made.kept <= set(written), f"lost: {sorted(run.made.kept - set(written))}"
    assert set(written) <= set(run.made.all)
    event = run.document()["events"][0]
    drawn = [number_of({"op": "put_symbol", "value": symbol}) for symbol in event["avoidance"]["symbols"]]
    texts = [event["reason"], event["avoidance"]["high_level"], event["correction"]["high_level"]]
    latest = {number % 3: f"edit {number}" for number in written if number not in drawn}
    assert texts == [latest.get(place, "") for place in range(3)]
    assert len(drawn) == len(set(drawn))
    pages.open_stage(run.page, "Explain")
    for name, text in zip(FIELDS, texts, strict=True):
        expect(run.page.get_by_role("textbox", name=name)).to_have_value(text)
