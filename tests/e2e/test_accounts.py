"""People of a project, and the way in, as a person uses them."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import pages
from tests.e2e.site import Site
from tests.people import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site")]


def test_an_admin_invites_somebody_who_comes_in_and_is_then_removed(browser: Browser, site: Site) -> None:
    admin = pages.log_in(browser, site, "admin")
    pages.open_project(admin)
    admin.get_by_role("link", name="People").click()
    admin.get_by_label("For whom").fill("Nora")
    admin.locator("form", has=admin.get_by_label("For whom")).get_by_label("Role").select_option("reviewer")
    admin.get_by_role("button", name="Make a link").click()
    link = admin.get_by_label("Its link").input_value()
    assert link.startswith(site.address)

    page = browser.new_context().new_page()
    page.goto(link)
    page.get_by_label("Name").fill("nora")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("too short")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("link", name="Sample project", exact=True)).to_be_visible()

    admin.goto(f"{site.address}/projects/sample-project/people/")
    expect(admin.get_by_label("Role of nora")).to_have_value("reviewer")
    admin.on("dialog", lambda dialog: dialog.accept())
    admin.get_by_role("button", name="Remove nora").click()
    expect(admin.get_by_label("Role of nora")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Sample project", exact=True)).to_have_count(0)
    for each in (admin, page):
        each.context.close()


def test_an_admin_makes_a_token_and_revokes_it(browser: Browser, site: Site) -> None:
    admin = pages.log_in(browser, site, "admin")
    admin.goto(f"{site.address}/projects/sample-project/people/")
    form = admin.locator("form", has=admin.get_by_role("button", name="Make a token"))
    form.get_by_label("Name").fill("ALOHA 1")
    form.get_by_label("upload rollouts").check()
    form.get_by_role("button").click()
    secret = admin.get_by_label("Its secret").input_value()
    assert re.fullmatch(r"vif_[\w-]{43}", secret)
    row = admin.get_by_role("row").filter(has_text="ALOHA 1")
    expect(row).to_contain_text("never")

    bearer = {"Authorization": f"Bearer {secret}"}
    nobody = browser.new_context().request
    assert nobody.get(f"{site.address}/api/v1/projects/", headers=bearer).ok
    admin.goto(f"{site.address}/projects/sample-project/people/")
    expect(row).not_to_contain_text("never")
    admin.on("dialog", lambda dialog: dialog.accept())
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_have_count(0)
    assert nobody.get(f"{site.address}/api/v1/projects/", headers=bearer).status == 401
    admin.context.close()
