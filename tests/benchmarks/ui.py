"""How quick the annotation page is, in Chromium against a served site: `python -m tests.benchmarks.ui`.

Recordings are 640x480, 25 frames a second, of 10 s and of 60 s, with every frame unlike the one before.
"""

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import av
import numpy as np
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.benchmarks.line import slow_line
from tests.benchmarks.report import Figure, report
from tests.e2e import api, pages
from tests.e2e.site import CHROMIUM, Site, start_site

RATE, WIDTH, HEIGHT = 25, 640, 480
FRAME = 16.7  # of the display, in ms
STEPS, SCRUBS, STILLS, SEEKS, SAVES, VISITS = 200, 200, 20, 60, 50, 200
MEGABITS, ROUND_TRIP = 20, 0.08

# A practised person's seconds (keystroke-level model), and the decisions of one failed episode: outcome, two
# keyframes, subtask, type, two commands, two sets of symbols, three texts.
KEY, CLICK, DRAG, DECISION, DECISIONS = 0.2, 1.1, 1.6, 1.35, 12
EFFORT_SECONDS = 12

SCRIPT = (Path(__file__).parent / "ui.js").read_text()


@dataclass(frozen=True)
class Opened:
    """An episode with its annotation's page; `source` is the recording's address on the site."""

    path: str
    source: str
    still_bytes: int
    samples: int


def record(path: Path, seconds: int) -> Path:
    """A moving pattern with noise, about as hard to code as a camera's picture."""
    rng = np.random.default_rng(seconds)
    noise = rng.integers(0, 40, (HEIGHT, WIDTH, 3), np.uint8)
    ramp = np.add.outer(np.arange(HEIGHT), np.arange(WIDTH))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=RATE, options={"preset": "veryfast", "g": "250"})
        stream.width, stream.height, stream.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        for number in range(seconds * RATE):
            wave = (((ramp + 5 * number) // 40) % 2 * 120).astype(np.uint8)
            picture = wave[..., None] + np.roll(noise, 3 * number, axis=1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode())
    return path


def bring(site: Site, path: Path) -> Opened:
    """Upload the recording, wait until it is ready, and claim it."""
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(client, project, api.task_of(client, project, "bench"), path)
    found = api.await_ingest(client, episode)
    assert found["state"] == "ready", found["rejection"]
    samples = found["cameras"][0]["samples"]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Opened(
        path=api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["url"],
        source=f"/api/v1/episodes/{episode}/media/{digest}/",
        still_bytes=sum(len(client.get(sample["url"]).content) for sample in samples),
        samples=len(samples),
    )


def percentile(milliseconds: Sequence[float], percent: float) -> float:
    return round(float(np.percentile(milliseconds, percent)), 2)


def visit(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("measure.complete()")


def moving(page: Page, name: str) -> list[Figure]:
    """Stepping, scrubbing and exact stills on an open page."""
    expect(page.get_by_test_id("means")).to_have_text("every frame")
    painted, displayed = zip(*page.evaluate(f"measure.steps({STEPS})"), strict=True)
    scrubs = page.evaluate(f"measure.scrubs({SCRUBS})")
    stills = page.evaluate(f"measure.stills({STILLS})")
    return [
        Figure(f"{name}: key to paint, stepping, p99", percentile(painted, 99), "ms", FRAME),
        Figure(f"{name}: key to paint, stepping, p50", percentile(painted, 50), "ms"),
        Figure(
            f"{name}: key to the end of the display's frame that has it (up to {FRAME} ms of it wait "
            "for that frame), p99",
            percentile(displayed, 99),
            "ms",
        ),
        Figure(f"{name}: random scrub to the decoded frame, p95", percentile(scrubs, 95), "ms", 16.0),
        Figure(f"{name}: random scrub to the decoded frame, p50", percentile(scrubs, 50), "ms"),
        Figure(f"{name}: exact still of a frame off the list, p95", percentile(stills, 95), "ms"),
    ]


def seeking(page: Page, opened: Opened, name: str) -> Figure:
    """How many times faster the decoder is than a player that seeks in the source file."""
    seeks = percentile(page.evaluate(f"measure.seeks({opened.source!r}, {SEEKS}, {RATE})"), 95)
    scrubs = percentile(page.evaluate(f"measure.scrubs({SEEKS})"), 95)
    faster = round(seeks / scrubs, 1)
    what = f"{name}: <video> seeking in the source ({seeks} ms) over a scrub, p95"
    return Figure(what, faster, "times", 8, better="more")


def opening(browser: Browser, site: Site, opened: Opened, before: Opened, name: str) -> list[Figure]:
    """Coming from the episode `before`, so that the page's scripts are in the cache and no still is."""
    quick = opened_after(fresh(browser, site), site.address, before, opened)
    with slow_line(int(site.address.rpartition(":")[2]), megabits=MEGABITS, round_trip=ROUND_TRIP) as port:
        slow = opened_after(fresh(browser, site), f"http://127.0.0.1:{port}", before, opened)
    bare = round(1000 * (opened.still_bytes * 8 / (MEGABITS * 1e6) + ROUND_TRIP))
    line = f"{name}: {opened.samples} stills at {MEGABITS} Mbit/s and {ROUND_TRIP * 1000:.0f} ms"
    whole, stills = round(slow["last"]), round(slow["last"] - slow["asked"])
    return [
        Figure(f"{name}: opening, first picture", round(quick["first"]), "ms", 500),
        Figure(f"{line}, since the page was asked for", whole, "ms", 1000 if opened.samples < 20 else None),
        Figure(f"{line}, since the first was asked for", stills, "ms", round(1.3 * bare), bare),
    ]


def opened_after(page: Page, address: str, before: Opened, opened: Opened) -> dict[str, float]:
    """When the first picture, the first request of a still and the last still were, in ms of the page."""
    for episode in (before, opened):
        visit(page, f"{address}{episode.path}")
    times = page.evaluate("({first: measure.first, asked: measure.asked, last: measure.last})")
    page.context.close()
    return times


def drawing(page: Page) -> Figure:
    """Long tasks while arrows are drawn by hand."""
    pages.choose(page, "Failed")
    pages.choose(page, "Set avoidance here")
    pages.open_stage(page, "Guide")
    page.evaluate("measure.watchTasks()")
    for _ in range(10):
        page.keyboard.press("a")
        pages.drag(page, (120, 120), (420, 300))
    pages.await_saved(page)
    return Figure(
        "tasks over 50 ms while ten arrows are drawn", page.evaluate("measure.longTasks.length"), "", 0
    )


def draw_three(page: Page, colors: str, x: int) -> None:
    """An arrow, a crosshair and a label; a symbol of one point is a click."""
    for key in colors:
        page.keyboard.press(key)
    page.keyboard.press("a")
    pages.drag(page, (x, 300), (x - 90, 300))
    for key, place in (("c", (x - 90, 340)), ("o", (x, 260))):
        page.keyboard.press(key)
        pages.drag(page, place, place)


def annotate(page: Page) -> None:
    """A failed episode from the first key to the last: per keyframe a command and three symbols."""
    for key in (
        "2",
        *["ArrowRight"] * 4,
        *["Shift+ArrowRight"] * 2,
        "a",
        *["ArrowRight"] * 2,
        "c",
        "s",
        "5",
        "n",
    ):
        page.keyboard.press(key)
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "102")
    for key in ("4", "4"):
        page.keyboard.press(key)
    draw_three(page, "gr", 400)
    page.keyboard.press("2")
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "150")
    for key in ("4", "i"):
        page.keyboard.press(key)
    draw_three(page, "", 500)
    for key in ("n", "d"):
        page.keyboard.press(key)
    expect(page.get_by_role("button", name="Use the draft")).to_have_count(3)
    for key in ("1", "2", "3", "Control+Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("Submitted. Thank you.")).to_be_visible()


def effort(browser: Browser, site: Site, opened: Opened) -> list[Figure]:
    """What one complete annotation costs, counted from what reached the page."""
    page = fresh(browser, site)
    visit(page, f"{site.address}{opened.path}")
    page.evaluate("measure.countHands()")
    annotate(page)
    hands = page.evaluate("measure.hands")
    page.context.close()
    costs = {"keys": KEY, "clicks": CLICK, "drags": DRAG}
    seconds = DECISIONS * DECISION + sum(hands[kind] * cost for kind, cost in costs.items())
    return [
        *(
            Figure(f"one failed episode: {kind} ({cost} s each)", hands[kind], "")
            for kind, cost in costs.items()
        ),
        Figure(f"one failed episode: decisions ({DECISION} s each)", DECISIONS, ""),
        Figure(
            "one failed episode: a practised user's time by keystroke-level model", round(seconds, 2), "s", 35
        ),
        Figure("one failed episode: the video's length, which comes on top", EFFORT_SECONDS, "s"),
    ]


def saving(page: Page) -> list[Figure]:
    """How soon an edit is kept."""
    pages.open_stage(page, "Diagnose")
    pages.choose(page, "Cannot tell")
    times = page.evaluate(f"measure.saves({SAVES})")
    journal, server = (percentile([pair[place] for pair in times], 99) for place in (0, 1))
    return [
        Figure("edit to the browser's journal on disk, p99", journal, "ms", 50),
        Figure("edit to the server's word that it has it, p99", server, "ms", 2000),
    ]


def memory(page: Page, addresses: list[str]) -> Figure:
    """How much more the tab holds after many episodes than after the first few, in percent."""
    session = page.context.new_cdp_session(page)

    def held() -> float:
        session.send("HeapProfiler.collectGarbage")
        metrics: dict[str, Any] = session.send("Performance.getMetrics")
        return next(m["value"] for m in metrics["metrics"] if m["name"] == "JSHeapUsedSize")

    session.send("Performance.enable")
    early = 0.0
    for number in range(VISITS):
        visit(page, addresses[number % len(addresses)])
        early = max(early, held()) if number < 5 else early
    growth = round(100 * (held() / early - 1), 1)
    return Figure(f"heap after {VISITS} episodes in one tab, growth", growth, "%", 10)


def fresh(browser: Browser, site: Site) -> Page:
    page = pages.log_in(browser, site, "annotator")
    page.add_init_script(SCRIPT)
    return page


def figures(browser: Browser, site: Site, folder: Path) -> Iterator[Figure]:
    opened = {seconds: bring(site, record(folder / f"{seconds}.mp4", seconds)) for seconds in (10, 60)}
    for seconds, episode in opened.items():
        print(f"measuring on {seconds} s ...", file=sys.stderr)
        page = fresh(browser, site)
        visit(page, f"{site.address}{episode.path}")
        yield from moving(page, f"{seconds} s")
        yield seeking(page, episode, f"{seconds} s")
        page.context.close()
        (other,) = (each for each in opened.values() if each != episode)
        yield from opening(browser, site, episode, other, f"{seconds} s")
    page = fresh(browser, site)
    visit(page, f"{site.address}{opened[10].path}")
    yield drawing(page)
    yield from saving(page)
    yield from effort(browser, site, bring(site, record(folder / "effort.mp4", EFFORT_SECONDS)))
    print(f"opening {VISITS} episodes ...", file=sys.stderr)
    yield memory(page, [f"{site.address}{episode.path}" for episode in opened.values()])


def main() -> int:
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        site, _ = start_site(folder / "data")
        try:
            return 0 if report("ui", figures(browser, site, folder)) else 1
        finally:
            browser.close()
            site.stop()


if __name__ == "__main__":
    sys.exit(main())
