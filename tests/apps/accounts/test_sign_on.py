"""Single sign-on against a provider in its own process: redirect, code, token, user info over real HTTP."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.invitations import invitation_create, invitation_revoke
from apps.accounts.models import Membership, User
from tests.people import PASSWORD, Cast
from tests.servers.oidc import oidc_provider

START = "/login/sso/sso/"


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    with oidc_provider() as address:
        yield address


@pytest.fixture
def sso(provider: str, settings: Settings) -> str:
    (app,) = [
        {
            "provider_id": "sso",
            "name": "Lab sign-on",
            "client_id": "vifailback",
            "secret": "a secret",
            "settings": {"server_url": provider, "oauth_pkce_enabled": True},
        }
    ]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    return provider


def sent_to(browser: Client, start: str = START) -> str:
    """Where the site sends a browser that wants to sign on."""
    answer = browser.post(start)
    assert answer.status_code == 302
    return answer["Location"]


def signed_in_there(address: str, subject: str) -> str:
    """What the provider sends back to, after `subject` has said yes on its page."""
    answer = httpx.post(address, data={"sub": subject})
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["location"])
    return f"{parts.path}?{parts.query}"


def sign_on(browser: Client, subject: str, start: str = START):
    return browser.get(signed_in_there(sent_to(browser, start), subject), follow=True)


def who(browser: Client) -> str | None:
    return browser.get("/api/v1/session/").json().get("username")


def test_it_asks_with_state_and_a_code_challenge(sso: str, db: None) -> None:
    address = sent_to(Client())
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(sso)
    assert asked["response_type"] == ["code"]
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["state"]
    assert asked["redirect_uri"] == ["http://testserver/login/sso/sso/callback/"]


def test_a_stranger_is_turned_away_and_nobody_is_made(sso: str, cast: Cast) -> None:
    browser, before = Client(), User.objects.count()
    answer = sign_on(browser, "stranger@example.org")
    assert "closed" in answer.content.decode().lower()
    assert who(browser) is None
    assert User.objects.count() == before


def test_with_an_invitation_they_join_and_come_back_without(sso: str, cast: Cast) -> None:
    _, secret = invitation_create(project=cast.project, by=cast.ada, role="operator")
    browser = Client()
    assert "Join by Lab sign-on" in browser.get(f"/invitations/{secret}/").content.decode()

    assert "Table-top" in sign_on(browser, "olga@example.org").content.decode()
    member = Membership.objects.get(project=cast.project, role="operator", user__username__startswith="olga")
    assert not member.user.has_usable_password()

    later = Client()
    sign_on(later, "olga@example.org")
    assert who(later) == member.user.username


def test_an_invitation_that_ended_on_the_way_lets_nobody_in(sso: str, cast: Cast) -> None:
    invitation, secret = invitation_create(project=cast.project, by=cast.ada, role="operator")
    browser = Client()
    browser.get(f"/invitations/{secret}/")
    address = sent_to(browser)
    invitation_revoke(invitation=invitation)
    browser.get(signed_in_there(address, "late@example.org"), follow=True)
    assert who(browser) is None


def test_the_same_address_opens_nobody_elses_account(sso: str, cast: Cast) -> None:
    User.objects.filter(pk=cast.ann.pk).update(email="ann@example.org")
    browser = Client()
    sign_on(browser, "ann@example.org")
    assert who(browser) is None


def test_a_person_connects_their_account_and_comes_in_by_it(sso: str, cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.ann)
    sign_on(browser, "ann@lab.example", START + "?process=connect")
    later = Client()
    sign_on(later, "ann@lab.example")
    assert who(later) == "ann"


def test_an_answer_that_was_not_asked_for_opens_nothing(sso: str, cast: Cast) -> None:
    """The code of one browser in another: what a forged link would bring."""
    back = signed_in_there(sent_to(Client()), "ann@lab.example")
    other = Client()
    assert other.get(back).status_code in (200, 302, 401)
    assert who(other) is None
    forged = back.replace("code=", "code=x")
    browser = Client()
    sent_to(browser)
    assert browser.get(forged).status_code in (200, 302, 401)
    assert who(browser) is None


def test_a_provider_that_is_down_is_said_in_a_sentence(settings: Settings, cast: Cast) -> None:
    app = {"provider_id": "sso", "name": "Gone", "client_id": "x", "secret": "x"}
    app["settings"] = {"server_url": "http://127.0.0.1:9"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [app]}}
    answer = Client().post(START)
    assert answer.status_code == 503
    assert "does not answer" in answer.content.decode()


def test_without_a_provider_there_is_no_such_address_and_passwords_work(cast: Cast) -> None:
    assert Client().post(START).status_code == 404
    browser = Client()
    browser.post("/login/", {"login": "ann", "password": PASSWORD})
    assert who(browser) == "ann"
