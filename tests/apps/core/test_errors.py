"""The one error form: whatever goes wrong leaves the API and the pages in it."""

import json
import logging
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from rest_framework import serializers
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from annotation_site import urls
from apps.core.api import read
from apps.core.errors import AppError, conflict
from tests.people import Api, Cast, error_of

pytestmark = pytest.mark.django_db


class Fields(serializers.Serializer):
    name = serializers.CharField(max_length=3)
    rows = serializers.ListField(child=serializers.IntegerField())


class Faulty(APIView):
    """Raises what the address says; reads a body on POST."""

    permission_classes = []

    def get(self, request: Request, kind: str) -> Response:
        raise {
            "app": conflict("odd", "This is odd.", rows=[1]),
            "throttled": Throttled(wait=7),
            "fault": ZeroDivisionError("ours"),
        }[kind]

    def post(self, request: Request, kind: str) -> Response:
        return Response(read(Fields, request.data))


def page(request: Any) -> None:
    raise AppError("odd", "This page <b>cannot</b> be shown.", status=409)


api_urls = [path(f"api/v1/{name}/<str:kind>/", Faulty.as_view()) for name in ("faulty",)]
urlpatterns = [*api_urls, path("faulty-page/", page), *urls.urlpatterns]
handler404, handler500 = urls.handler404, urls.handler500


@pytest.fixture
def api() -> Api:
    api = Api()
    api.raise_request_exception = False
    return api


@pytest.mark.urls(__name__)
def test_an_error_of_ours_leaves_with_its_status_code_sentence_and_data(api: Api) -> None:
    response = api.get("faulty/app/")

    assert response.status_code == 409
    assert response.json() == {"error": {"code": "odd", "message": "This is odd.", "data": {"rows": [1]}}}


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"name", "rows"}),
        ({"name": "long", "rows": []}, {"name"}),
        ({"name": "abc", "rows": [1, "x"]}, {"rows"}),
        ([], {"non_field_errors"}),
        (7, {"non_field_errors"}),
    ],
)
def test_a_body_that_does_not_fit_is_400_and_names_the_fields(api: Api, body: Any, fields: set[str]) -> None:
    response = api.post("faulty/body/", body)

    assert error_of(response) == (400, "invalid")
    assert set(response.json()["error"]["data"]["fields"]) == fields
    assert all(name in response.json()["error"]["message"] for name in fields)


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("text", ['"\\u0000"', '"\\ud800"'], ids=["nul", "half a character"])
@pytest.mark.parametrize("place", ['{"name": "a", "rows": [], "more": [{"deep": %s}]}', "{%s: 1}"])
def test_a_text_that_no_database_can_keep_is_refused_wherever_it_is(api: Api, place: str, text: str) -> None:
    response = api.generic("POST", "faulty/body/", place % text, content_type="application/json")

    assert error_of(response) == (400, "invalid")


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("depth", [400, 900])
@pytest.mark.parametrize(("open_", "close"), [("[", "]"), ('{"a":', "}")])
def test_a_body_that_is_nested_deeply_is_400(api: Api, open_: str, close: str, depth: int) -> None:
    body = open_ * depth + "1" + close * depth

    response = api.generic("POST", "faulty/body/", body, content_type="application/json")

    assert response.status_code == 400
    assert error_of(response)[1] in ("invalid", "parse_error")


@pytest.mark.urls(__name__)
def test_a_body_that_is_no_json_is_400(api: Api) -> None:
    response = api.generic("POST", "faulty/body/", "{", content_type="application/json")

    assert error_of(response) == (400, "parse_error")


@pytest.mark.urls(__name__)
def test_a_body_of_another_type_is_415(api: Api) -> None:
    response = api.generic("POST", "faulty/body/", "<a/>", content_type="text/xml")

    assert error_of(response) == (415, "unsupported_media_type")


@pytest.mark.urls(__name__)
def test_too_many_requests_say_when_to_come_back(api: Api) -> None:
    response = api.get("faulty/throttled/")

    assert error_of(response) == (429, "throttled")
    assert response["Retry-After"] == "7"


@pytest.mark.urls(__name__)
def test_a_method_that_is_not_there_is_405(api: Api) -> None:
    assert error_of(api.delete("faulty/app/")) == (405, "method_not_allowed")


@pytest.mark.urls(__name__)
def test_a_fault_of_ours_is_500_tells_nothing_and_is_logged(
    api: Api, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR, logger="django.request"):
        response = api.get("faulty/fault/")

    assert error_of(response) == (500, "server_error")
    assert "ours" not in json.dumps(response.json())
    assert "ZeroDivisionError" in caplog.text


def test_an_address_that_is_not_there_is_404(api: Api) -> None:
    assert error_of(api.get("nowhere/")) == (404, "not_found")


@pytest.mark.parametrize("number", ["0", "987654", "9" * 30])
def test_a_number_that_nothing_has_is_404_however_large(api: Api, cast: Cast, number: str) -> None:
    api.force_login(cast.ann)

    for thing in ("projects", "tasks", "episodes", "annotations", "releases"):
        assert error_of(api.get(f"{thing}/{number}/")) == (404, "not_found"), thing


def test_who_is_not_logged_in_is_told_how_to(api: Api) -> None:
    response = api.get("projects/")

    assert error_of(response) == (401, "not_authenticated")
    assert response["WWW-Authenticate"] == "Bearer"


def test_a_form_without_its_csrf_token_is_403(cast: Cast) -> None:
    api = Api(enforce_csrf_checks=True)
    api.force_login(cast.ada)

    assert error_of(api.post("projects/", {"name": "Forged"})) == (403, "permission_denied")


@pytest.mark.urls(__name__)
def test_a_page_shows_the_sentence_in_the_sites_own_frame(client: Client, cast: Cast) -> None:
    client.force_login(cast.ann)

    response = client.get("/faulty-page/")

    assert response.status_code == 409
    assert "error.html" in [template.name for template in response.templates]
    assert "This page &lt;b&gt;cannot&lt;/b&gt; be shown." in response.content.decode()


def test_a_page_that_is_not_there_is_a_page(client: Client) -> None:
    response = client.get("/nowhere/")

    assert response.status_code == 404
    assert response["Content-Type"].startswith("text/html")
    assert "There is nothing at this address." in response.content.decode()


def test_an_outsider_sees_the_same_page_for_a_project_that_is_and_one_that_is_not(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.mallory)

    there, not_there = (client.get(f"/projects/{slug}/") for slug in (cast.project.slug, "no-such-project"))

    assert there.status_code == not_there.status_code == 404
    assert without_the_askers_words(there) == without_the_askers_words(not_there)


def without_the_askers_words(response: HttpResponse) -> str:
    """Without the form's token and the address that was asked for."""
    return re.sub(r'((csrfmiddlewaretoken|next)" value=)"[^"]+"', r"\1", response.content.decode())
