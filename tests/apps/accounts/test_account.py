"""One's own account: throttled log-in, password, sessions."""

import pytest
from django.core.cache import cache
from django.test import Client

from tests.people import PASSWORD, Api, Cast, error_of

NEW = "an even better staple"


def browser_of(name: str, password: str = PASSWORD, **headers: str) -> Client:
    browser = Client(headers=headers)
    browser.post("/login/", {"login": name, "password": password})
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/api/v1/session/").status_code == 200


def test_guessing_a_password_is_throttled_by_name_on_page_and_api_alike(cast: Cast) -> None:
    for number in range(3):
        assert not is_in(browser_of("ann", f"guess {number}"))
    answers = [
        error_of(Api().post("session/", {"username": "ann", "password": f"guess {n}"})) for n in range(4)
    ]
    assert answers[0] == (401, "wrong_login")
    assert answers[-1] == (429, "too_many_tries")
    assert not is_in(browser_of("ann"))  # the right one does not get through either, for a while
    assert is_in(browser_of("ben"))


def test_guessing_is_throttled_by_address(cast: Cast) -> None:
    answers = [
        error_of(Api().post("session/", {"username": f"nobody{n}", "password": "x"})) for n in range(25)
    ]
    assert answers[0] == (401, "wrong_login")
    assert answers[-1] == (429, "too_many_tries")


def test_who_waits_gets_in_again(cast: Cast) -> None:
    for number in range(6):
        browser_of("ann", f"guess {number}")
    assert not is_in(browser_of("ann"))
    cache.clear()  # what the passing of five minutes does
    assert is_in(browser_of("ann"))


@pytest.mark.parametrize("password", ["short", "password", "90817263545"])
def test_a_new_password_must_be_a_good_one(cast: Cast, password: str) -> None:
    browser = browser_of("ann")
    browser.post(
        "/account/password/", {"oldpassword": PASSWORD, "password1": password, "password2": password}
    )
    assert is_in(browser_of("ann"))
    assert not is_in(browser_of("ann", password))


def test_a_password_is_changed_by_who_knows_the_old_one(cast: Cast) -> None:
    browser = browser_of("ann")
    wrong = {"oldpassword": "wrong", "password1": NEW, "password2": NEW}
    assert browser.post("/account/password/", wrong).status_code == 200
    assert browser.post("/account/password/", {**wrong, "oldpassword": PASSWORD}).status_code == 302
    assert is_in(browser)
    assert is_in(browser_of("ann", NEW))
    assert not is_in(browser_of("ann"))


def test_changing_it_ends_all_other_sessions(cast: Cast) -> None:
    mine, other = browser_of("ann"), browser_of("ann")
    mine.post("/account/password/", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_in(mine)
    assert not is_in(other)


def test_sessions_are_listed_and_the_others_ended(cast: Cast) -> None:
    mine = browser_of("ann", **{"user-agent": "Mine"})
    other = browser_of("ann", **{"user-agent": "Stolen"})
    bens = browser_of("ben")
    page = mine.get("/account/").content.decode()
    assert "Mine" in page
    assert "Stolen" in page

    assert mine.post("/account/sessions/").status_code == 302

    assert is_in(mine)
    assert not is_in(other)
    assert is_in(bens)
    assert "Stolen" not in mine.get("/account/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_a_log_in_leads_to_no_other_site(cast: Cast, target: str) -> None:
    answer = Client().post("/login/", {"login": "ann", "password": PASSWORD, "next": target})
    assert answer["Location"] == "/"
