"""Time on the annotation page: stepping, scrubbing, playing; what is seen is the frame that is said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import videos
from tests.e2e import api, pages
from tests.e2e.site import Site

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]

FRAMES = 130  # 5.2 seconds at 25 a second
SAMPLES = [0, 25, 50, 75, 100, 125, 129]


@pytest.fixture(scope="module")
def annotation(site: Site, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an annotation's page: two keyframes; the left wrist has five frames a second."""
    folder = tmp_path_factory.mktemp("film")
    head = videos.make("h264", folder / "film", frames=FRAMES).path
    wrist = videos.make("fps_5", folder / "wrist", frames=26).path
    client = site.client("annotator")
    project = api.project_id(client)
    episode = api.upload_episode(
        client, project, api.task_of(client, project, "film"), head, cam_left_wrist=wrist
    )
    assert api.await_ingest(client, episode)["state"] == "ready"
    claimed = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))
    frames = zip(("avoidance", "correction"), (33, 88), strict=True)
    operations = [
        api.change("set", ["outcome"], "failed"),
        api.change("add_event", ["events"], {"id": "e1"}),
        *(api.change("set", ["events", "e1", side, "frame"], frame) for side, frame in frames),
    ]
    body = {"base": 0, "operations": operations}
    api.ok(client.post(f"/api/v1/annotations/{claimed['annotation']}/operations/", json=body))
    return f"{site.address}{claimed['url']}"


@pytest.fixture
def page(browser: Browser, site: Site, annotation: str) -> Iterator[Page]:
    page = pages.log_in(browser, site, "annotator")
    page.goto(annotation)
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "0")
    page.wait_for_load_state("networkidle")
    yield page
    page.context.close()


def expect_exact(page: Page, number: int) -> None:
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", str(number))
    expect(page.get_by_test_id("position")).to_contain_text(f"frame {number} ")


def test_what_the_page_needs_is_asked_for_once_and_ahead_of_its_script(page: Page) -> None:
    started = page.evaluate(
        """() => performance.getEntriesByType("resource").map(each => [each.name, each.initiatorType])"""
    )
    links = page.evaluate("[...document.querySelectorAll('link[rel=preload]')].map(link => link.href)")
    assert len(links) == 5
    for link in links:
        assert [by for name, by in started if name == link] == ["link"], f"{link} was asked for again"


def test_stepping_over_the_samples_asks_nothing_of_the_server(page: Page) -> None:
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.reload()
    expect(page.get_by_test_id("canvas")).to_have_attribute("data-frame", "0")
    page.wait_for_load_state("networkidle")
    stills = [url for url in fetched if "/media/" in url]
    assert len(stills) >= len(SAMPLES), "the page does not see its worker's requests"

    fetched.clear()
    for number in SAMPLES[1:]:
        page.keyboard.press("ArrowRight")
        expect_exact(page, number)
        assert pages.counter_on_screen(page) == number
    for number in reversed(SAMPLES[:-1]):
        page.keyboard.press("ArrowLeft")
        expect_exact(page, number)
    page.keyboard.press("End")
    expect_exact(page, SAMPLES[-1])
    page.keyboard.press("Home")
    expect_exact(page, 0)
    assert fetched == []


def test_a_source_frame_is_fetched_once_and_shown_exactly(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for arrow, number in (("Right", 1), ("Right", 2), ("Left", 1), ("Right", 2)):
        page.keyboard.press(f"Shift+Arrow{arrow}")
        expect_exact(page, number)
        assert pages.counter_on_screen(page) == number
    assert len([url for url in asked if url.endswith("/frames/1/")]) == 1
    assert len([url for url in asked if url.endswith("/frames/2/")]) == 1


def test_brackets_go_from_keyframe_to_keyframe(page: Page) -> None:
    seen = []
    for key in ("]", "]", "]", "[", "["):
        page.keyboard.press(key)
        seen.append(page.get_by_test_id("position").inner_text().split()[1])
    assert seen == ["33", "88", "88", "33", "33"]
    expect_exact(page, 33)


MEANS = {
    "every frame": "",
    "every frame, slower": "delete window.VideoDecoder",
}


@pytest.mark.parametrize("means", MEANS)
def test_between_the_stills_the_recording_shows_the_very_frame(
    means: str, browser: Browser, site: Site, annotation: str
) -> None:
    """The stills off the list never come here, so that what is seen is the film's."""
    page = pages.log_in(browser, site, "annotator")
    page.add_init_script(MEANS[means])
    page.route("**/frames/*/", lambda _route: None)
    page.goto(annotation)
    expect(page.get_by_test_id("means")).to_have_text(means)
    for number in (1, 12, 13, 11, 99, 98, 128, 30, 31, 32, 7):
        page.get_by_label("Frame number").fill(str(number))
        expect(page.get_by_test_id("canvas")).to_have_attribute("data-picture", str(number))
        assert pages.counter_on_screen(page) == number
        assert page.get_by_test_id("canvas").get_attribute("data-frame") in map(str, SAMPLES)
    page.context.close()


def test_without_the_recording_there_are_the_stills(browser: Browser, site: Site, annotation: str) -> None:
    page = pages.log_in(browser, site, "annotator")
    proxy = page.evaluate(
        """async path => {
            const get = url => fetch(url).then(answer => answer.json());
            const { episode } = await get(`/api/v1/annotations/${path.split("/").at(-2)}/`);
            return (await get(`/api/v1/episodes/${episode}/`)).cameras[0].proxy;
        }""",
        annotation,
    )
    page.route(f"**{proxy}", lambda route: route.abort())
    page.goto(annotation)
    expect(page.get_by_test_id("means")).to_have_text("stills only")
    page.get_by_label("Frame number").fill("40")
    expect_exact(page, 40)
    assert pages.counter_on_screen(page) == 40
    page.context.close()


def test_dragging_the_rail_runs_over_the_frames_and_rests_on_the_exact_still(page: Page) -> None:
    expect(page.get_by_test_id("means")).to_have_text("every frame")
    box = page.get_by_label("Frame number").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 7, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.63, box["y"] + box["height"] / 2, steps=20)
    page.mouse.up()
    number = int(page.get_by_label("Frame number").input_value())
    assert 75 < number < 88
    expect_exact(page, number)
    assert pages.counter_on_screen(page) == number


def test_the_wrist_camera_stands_at_the_frame_nearest_in_time(page: Page) -> None:
    wrist = page.get_by_test_id("cam_left_wrist")
    for head, beside in ((0, 0), (2, 0), (3, 1), (33, 7), (112, 22), (129, 25)):
        pages.go_to_frame(page, head)
        expect(wrist).to_have_attribute("data-frame", str(beside))
        assert pages.counter_on(wrist.get_by_role("img")) == beside
    page.keyboard.press("q")
    expect(wrist).to_be_hidden()
    page.keyboard.press("q")
    expect(wrist).to_be_visible()


@pytest.mark.parametrize("speed", [1, 0.25])
def test_playing_keeps_the_time_and_stops_on_the_exact_still(page: Page, speed: float) -> None:
    expect(page.get_by_test_id("means")).to_have_text("every frame")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for _ in range({1: 0, 0.25: 2}[speed]):
        page.keyboard.press("j")
    played = page.evaluate(WATCH, {"from": 10, "to": 30})
    expected = 20 / 25 / speed * 1000
    assert expected * 0.8 <= played["milliseconds"] <= expected * 1.3
    assert len(played["pictures"]) >= 10, "it stands still"
    assert played["pictures"] == sorted(played["pictures"])
    assert [url for url in asked if "/frames/" in url] == []
    page.keyboard.press("k")
    number = int(page.get_by_label("Frame number").input_value())
    expect_exact(page, number)
    assert pages.counter_on_screen(page) == number


def test_traces_follow_the_frame_shown(browser: Browser, site: Site, tmp_path: Path) -> None:
    """Signals at 50 rows a second beside a film of 25 frames a second, imported by the command."""
    videos.make("h264", tmp_path / "arm_cam_high", frames=50)
    rows = [f"{n / 50},{1 - n / 100:.2f},{1 + n // 40}" for n in range(100)]
    (tmp_path / "arm_signals.csv").write_text("\n".join(["seconds,left gripper (m),subtask", *rows]))
    assert "with 2 signals" in site.manage(
        "import_videos", str(tmp_path), "--project=Sample project", "--task=arm", "--description=Move."
    )
    client = site.client("annotator")
    episodes = api.ok(client.get(f"/api/v1/projects/{api.project_id(client)}/episodes/"))["results"]
    (episode,) = (row["id"] for row in episodes if row["task"]["name"] == "arm")
    claimed = api.ok(client.post(f"/api/v1/episodes/{episode}/claim/"))
    page = pages.log_in(browser, site, "annotator")
    page.goto(f"{site.address}{claimed['url']}")
    traces = page.get_by_test_id("traces")
    for number in (0, 7, 49, 20):
        pages.go_to_frame(page, number)
        expect(traces).to_contain_text(f"{1 - number / 50:#.3g}")
        assert abs(float(traces.get_attribute("data-seconds") or "nan") - number / 25) <= 1 / 50
    assert page.locator(".span.subtask").all_inner_texts() == ["1", "2", "3"]
    page.context.close()


# Presses the key that plays; the time between two frames, and the frames that the canvas showed meanwhile.
WATCH = """async ({from, to}) => {
    const canvas = document.querySelector("[data-testid=canvas]");
    const pictures = [];
    const until = number => new Promise(done => {
        const look = now => {
            const shown = Number(canvas.dataset.picture);
            if (pictures.at(-1) !== shown) pictures.push(shown);
            shown >= number ? done(now) : requestAnimationFrame(look);
        };
        look(performance.now());
    });
    window.dispatchEvent(new KeyboardEvent("keydown", {key: "k", cancelable: true}));
    const begun = await until(from);
    return {milliseconds: await until(to) - begun, pictures};
}"""
