"""How a person likes the pages: kept with the person, and nothing else is taken."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Token
from apps.accounts.tokens import token_create
from tests.people import Api, Cast, error_of

DEFAULTS = {"language": "", "theme": "system", "guideline": True, "keys": {}}


def test_what_was_chosen_is_there_next_time_and_is_nobody_elses(cast: Cast) -> None:
    assert Api.of(cast.ann).get("preferences/").json() == DEFAULTS
    changes = {"theme": "dark", "keys": {"play": "X"}}
    assert Api.of(cast.ann).patch("preferences/", changes).json() == {**DEFAULTS, **changes}
    Api.of(cast.ann).patch("preferences/", {"guideline": False})
    assert Api.of(cast.ann).get("preferences/").json() == {**DEFAULTS, **changes, "guideline": False}
    assert Api.of(cast.ben).get("preferences/").json() == DEFAULTS


@pytest.mark.parametrize(
    "changes",
    [
        {"language": "xx"},
        {"theme": "<script>"},
        {"guideline": "perhaps"},
        {"keys": []},
        {"keys": {"play": "x" * 61}},
        {"keys": {f"command.{n}": "x" for n in range(201)}},
        {"keys": {"play": {"deeper": 1}}},
    ],
)
def test_anything_else_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    assert error_of(Api.of(cast.ann).patch("preferences/", changes)) == (400, "invalid")
    assert Api.of(cast.ann).get("preferences/").json() == DEFAULTS


def test_a_token_has_none(cast: Cast) -> None:
    _, secret = token_create(project=cast.project, by=cast.ada, name="t", scopes=[Token.Scope.READ])
    assert error_of(Api.of(secret=secret).get("preferences/")) == (403, "forbidden")


def test_the_pages_are_in_the_persons_language_and_look(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.ann)
    browser.post("/preferences/", {"language": "zh-hans", "next": "/"})
    browser.post("/preferences/", {"theme": "dark", "next": "/"})
    page = browser.get("/", headers={"accept-language": "en"}).content.decode()
    assert '<html lang="zh-hans" data-theme="dark">' in page
    assert "标注下一个" in page
    assert Api.of(cast.ann).get("projects/99999/").json()["error"]["message"].startswith("没有此项目")


def test_before_the_login_a_cookie_remembers_and_no_other_site_is_led_to(db: None) -> None:
    browser = Client()
    answer = browser.post("/preferences/", {"language": "zh-hans", "next": "https://evil.example/"})
    assert answer["Location"] == "/"
    assert "登录" in browser.get("/login/").content.decode()
