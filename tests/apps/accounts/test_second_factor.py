"""The second factor: set up by its person, asked for by page and API, demanded of admins by setting."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import Project, Role, User
from apps.accounts.services import member_set
from apps.accounts.tokens import token_create
from tests.people import PASSWORD, Api, Cast, error_of

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(secret: str = SECRET, steps: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def with_factor(user: User) -> User:
    TOTP.activate(user, SECRET)
    return user


def logged_in(browser: Client) -> bool:
    return browser.get("/api/v1/session/").status_code == 200


def test_it_is_set_up_with_a_code_and_recovery_codes_follow(cast: Cast) -> None:
    browser = Client()
    browser.post("/login/", {"login": "ann", "password": PASSWORD})
    assert "/account/factor/on/" in browser.get("/account/").content.decode()
    again = browser.get("/account/factor/on/")["Location"]
    assert again.startswith("/account/confirm/")  # who it is, once more
    browser.post("/account/confirm/", {"password": PASSWORD})
    page = browser.get("/account/factor/on/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = page.context["form"].secret

    wrong = browser.post("/account/factor/on/", {"code": "000000"})
    assert wrong.status_code == 200
    assert not Authenticator.objects.exists()

    assert browser.post("/account/factor/on/", {"code": code(secret)}).status_code == 302
    assert "/account/factor/off/" in browser.get("/account/").content.decode()
    assert len(browser.get("/account/factor/codes/").context["unused_codes"]) == 10


def test_its_secret_is_not_kept_readable(cast: Cast) -> None:
    with_factor(cast.ann)
    assert SECRET not in str(list(Authenticator.objects.values()))


def test_the_page_asks_for_a_code_before_anybody_is_in(cast: Cast) -> None:
    with_factor(cast.ann)
    browser = Client()
    answer = browser.post("/login/", {"login": "ann", "password": PASSWORD})
    assert answer["Location"].startswith("/login/code/")
    assert not logged_in(browser)
    assert browser.get("/").status_code == 302

    browser.post("/login/code/", {"code": "000000"})
    assert not logged_in(browser)
    browser.post("/login/code/", {"code": code()})
    assert logged_in(browser)


def test_the_api_asks_for_it_too(cast: Cast) -> None:
    with_factor(cast.ann)
    login = {"username": "ann", "password": PASSWORD}
    assert error_of(Api().post("session/", login)) == (401, "code_needed")
    assert error_of(Api().post("session/", {**login, "code": "000000"})) == (401, "code_needed")
    assert Api().post("session/", {**login, "code": code()}).status_code == 200


def test_a_code_works_once(cast: Cast) -> None:
    with_factor(cast.ann)
    login = {"username": "ann", "password": PASSWORD, "code": code()}
    assert Api().post("session/", login).status_code == 200
    assert error_of(Api().post("session/", login)) == (401, "code_needed")


def test_guessing_codes_is_throttled(cast: Cast) -> None:
    with_factor(cast.ben)
    login = {"username": "ben", "password": PASSWORD}
    answers = [error_of(Api().post("session/", {**login, "code": f"{n:06}"})) for n in range(8)]
    assert answers[0] == (401, "code_needed")
    assert answers[-1] == (429, "too_many_tries")
    assert error_of(Api().post("session/", {**login, "code": code()})) == (429, "too_many_tries")


@pytest.fixture
def demanded(settings: Settings) -> None:
    settings.ADMIN_TOTP_REQUIRED = True


def test_where_it_is_demanded_an_admin_without_one_has_no_rights(demanded: None, cast: Cast) -> None:
    _, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    address = f"projects/{cast.project.pk}/"
    for api in (Api.of(cast.ada), Api.of(secret=secret)):
        assert error_of(api.get(address)) == (403, "second_factor_required")
    browser = Client()
    browser.force_login(cast.ada)
    assert browser.get("/projects/table-top/people/").status_code == 403
    assert "Admins need one" in browser.get("/account/").content.decode()
    assert Api.of(cast.ann).get(address).status_code == 200  # asked of admins only

    with_factor(cast.ada)
    assert Api.of(cast.ada).get(address).status_code == 200


def test_it_is_asked_by_the_role_in_each_project(demanded: None, cast: Cast) -> None:
    member_set(project=cast.elsewhere, username="ada", role=Role.ANNOTATOR, by=cast.mallory)
    assert Api.of(cast.ada).get(f"projects/{cast.elsewhere.pk}/").status_code == 200
    assert Project.objects.count() == 2
