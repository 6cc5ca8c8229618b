"""Who gets what beside the REST API: pages and tasks; from the tables of `test_access.py`."""

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from annotation_site.celery import app as celery
from tests.api.scene import Scene, address, operations, person, places_of, token_of
from tests.api.test_access import PAGE_WHO, PAGES, TABLE, TASKS

API = "api/v1/"
PAGE_LETTERS = {403: "f", 404: "n", 405: "m"}


def routes(
    patterns: list[URLPattern | URLResolver] | None = None, above: str = ""
) -> Iterator[tuple[str, Any]]:
    """The route and the view of every address of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        here = above + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, here)
        else:
            yield here, pattern.callback


def pages() -> list[str]:
    return [route for route, _ in routes() if not route.startswith(API)]


def page_letter(response: Any) -> str:
    sent_to_login = response.status_code == 302 and response["Location"].startswith("/login/?next=")
    assert response.status_code != 500
    return "l" if sent_to_login else PAGE_LETTERS.get(response.status_code, "y")


def found_at(route: str, who: str, scene: Scene, **headers: str) -> str:
    """The letters for GET and POST; what they do is taken back."""
    letters = []
    for method in ("get", "post"):
        browser = Client(headers=headers)
        user = person(who, scene)
        with transaction.atomic():
            if user is not None:
                browser.force_login(user)
            letters.append(page_letter(getattr(browser, method)(address(route, scene))))
            transaction.set_rollback(True)
    return "".join(letters)


def test_every_page_has_a_row(scene: Scene) -> None:
    lines = "".join(row_now(route, scene) for route in sorted(set(pages()) - set(PAGES)))
    assert not lines, f"add to PAGES, if this is what {', '.join(PAGE_WHO)} shall get to GET and POST:{lines}"
    assert set(PAGES) == set(pages()), "these rows are of no page any more"


def row_now(route: str, scene: Scene) -> str:
    """The line to add: what they get today, for a person to judge."""
    unknown = places_of(route) - set(scene.places)
    if unknown:
        return f'\n    "{route}": ...,  # first tell `make_scene` what stands for {", ".join(unknown)}'
    cells = [found_at(route, who, scene) for who in PAGE_WHO]
    get, post = ("".join(letters) for letters in zip(*cells, strict=True))
    return f'\n    "{route}": "{get} {post}",'


@pytest.mark.parametrize("who", PAGE_WHO)
def test_the_table_of_pages_holds(who: str, scene: Scene) -> None:
    cache.clear()
    column = PAGE_WHO.index(who)

    found = {route: found_at(route, who, scene) for route in PAGES}

    expected = {route: get[column] + post[column] for route, (get, post) in _rows()}
    assert found == expected


def _rows() -> Iterator[tuple[str, tuple[str, str]]]:
    for route, row in PAGES.items():
        get, post = row.split()
        yield route, (get, post)


@pytest.mark.parametrize("scope", ["read", "upload", "live"])
def test_a_token_opens_no_page(scope: str, scene: Scene) -> None:
    cache.clear()
    authorization = token_of(scene.cast, scene.cast.ada, scope)._credentials["HTTP_AUTHORIZATION"]

    found = {route: found_at(route, "nobody", scene, authorization=authorization) for route in PAGES}

    assert found == {route: get[0] + post[0] for route, (get, post) in _rows()}


def test_every_method_of_the_api_is_in_its_schema() -> None:
    """`TABLE` is held against the schema: a view that hides from that would have no row."""
    found = set()
    for route, view in routes():
        if route.startswith(API):
            template = route.removeprefix(API).replace("<", "{").replace(">", "}")
            template = "/".join(_without_kind(part) for part in template.split("/"))
            methods = {method.upper() for method in view.cls.http_method_names if hasattr(view.cls, method)}
            found |= {f"{method} {template}" for method in methods - {"OPTIONS", "HEAD"}}
    assert found == {each.name for each in operations()}


def _without_kind(part: str) -> str:
    kind, colon, name = part.partition(":")
    return "{" + name if colon and kind.startswith("{") else part


def own_tasks() -> dict[str, Any]:
    celery.loader.import_default_modules()
    return {name: task for name, task in celery.tasks.items() if not name.startswith("celery.")}


def test_every_task_has_a_row() -> None:
    missing = set(own_tasks()) - set(TASKS)
    lines = "".join(f'\n    "{name}": "GET ...",' for name in sorted(missing))
    assert not missing, f"add to TASKS, with the operation that shows what came of it:{lines}"
    assert set(TASKS) == set(own_tasks()), "these rows are of no task any more"
    assert set(TASKS.values()) - {""} <= set(TABLE)


def test_no_result_of_a_task_lies_anywhere_to_be_fetched() -> None:
    assert settings.CELERY_TASK_IGNORE_RESULT
    assert celery.backend.__class__.__name__ == "DisabledBackend"
    assert [name for name, task in own_tasks().items() if not task.ignore_result] == []


def is_plain(kind: Any) -> bool:
    """Whether it is an id or one value that a person said, and no object or structure."""
    if get_origin(kind) in (Literal, Union, UnionType):
        return all(map(is_plain, get_args(kind)))
    return kind in (int, str, float, NoneType) or isinstance(kind, str)


def test_tasks_take_ids_and_fetch_what_they_need() -> None:
    for name, task in own_tasks().items():
        kinds = [kind for part, kind in get_type_hints(task.run).items() if part not in ("self", "return")]
        assert all(map(is_plain, kinds)), f"{name} is handed more than ids"


def test_a_page_of_ones_own_project_with_things_of_another_gets_nothing(scene: Scene) -> None:
    browser = Client()
    browser.force_login(scene.cast.mallory)
    own = Scene(scene.cast, {**scene.places, "slug": scene.cast.elsewhere.slug})
    foreign = ("invitation_id", "token_id", "version", "run_id")
    for route in PAGES:
        if "<slug:slug>" in route and any(name in route for name in foreign):
            answer = browser.post(address(route, own))
            assert answer.status_code in (404, 405), route
    assert scene.cast.project.tokens.filter(revoked=None).exists()
    assert scene.cast.project.invitations.filter(revoked=None).exists()
