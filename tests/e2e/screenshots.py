"""`make screenshots`: the README's pictures, taken of the running sample project."""

import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e import api, pages
from tests.e2e.site import CHROMIUM, ROOT, Site, start_site

FOLDER = ROOT / "docs" / "images"
TASK, NUMBER = "cube_into_bowl", 1
AVOIDANCE, CORRECTION = 44, 76  # the gripper comes down beside the cube, and has closed on nothing


def annotate(page: Page) -> None:
    """The episode whose gripper misses the cube, through all three stages."""
    pages.choose(page, "Failed")
    for frame, button in ((AVOIDANCE, "Set avoidance here"), (CORRECTION, "Set correction here")):
        pages.go_to_frame(page, frame)
        pages.choose(page, button)
    pages.choose(page, "2", "Gripper 6D-pose")
    pages.open_stage(page, "Guide")
    for key, start, end in (("2", (312, 162), (262, 222)), ("1", (326, 170), (284, 218))):
        page.keyboard.press(key)
        pages.choose(page, "Right", "← left", "← left", "↓ backward", "↓ backward")
        page.keyboard.press("A")
        if key == "2":
            page.keyboard.press("G")
        pages.drag(page, start, end)
        page.keyboard.press("C")
        pages.drag(page, (284, 224), (284, 224))
        pages.await_saved(page)


def shoot(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.screenshot(path=FOLDER / f"{name}.png")


def take(site: Site) -> None:
    client = site.client("annotator")
    rows = client.get(f"/api/v1/projects/{api.project_id(client)}/episodes/").json()["results"]
    episodes = {(row["task"]["name"], row["number"]): row["id"] for row in rows}
    for episode in episodes.values():
        api.await_ingest(client, episode)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = pages.log_in(browser, site, "annotator")
        claimed = api.ok(client.post(f"/api/v1/episodes/{episodes[TASK, NUMBER]}/claim/"))
        page.goto(f"{site.address}{claimed['url']}")
        annotate(page)
        shoot(page, "annotate")
        pages.open_stage(page, "Explain")
        pages.accept_drafts(page)
        pages.await_saved(page)
        pages.choose(page, "Submit")
        page.get_by_text("Submitted. Thank you.").wait_for()
        page.goto(f"{site.address}/projects/sample-project/")
        shoot(page, "project")
        judge = pages.log_in(browser, site, "reviewer")
        judge.goto(f"{site.address}/review/{claimed['annotation']}/")
        shoot(judge, "review")
        browser.close()


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        site, _ = start_site(Path(folder) / "data", SAMPLE_RECORDINGS="yes")
        try:
            take(site)
        finally:
            site.stop()


if __name__ == "__main__":
    main()
