"""Logging in and out by the API, as the annotator's page does when a session ends under it."""

import pytest

from tests.people import PASSWORD, Api, Cast, error_of


def test_who_logs_in_is_known_until_they_log_out(cast: Cast) -> None:
    api = Api()

    assert api.post("session/", {"username": "ann", "password": PASSWORD}).json() == {"username": "ann"}
    assert api.get("session/").json() == {"username": "ann"}
    assert api.delete("session/").status_code == 204
    assert error_of(api.get("session/")) == (401, "not_authenticated")


@pytest.mark.parametrize(
    ("username", "password"), [("ann", "wrong"), ("nobody", PASSWORD), ("ann", PASSWORD + " ")]
)
def test_a_wrong_name_and_a_wrong_password_get_the_same_answer(
    cast: Cast, username: str, password: str
) -> None:
    response = Api().post("session/", {"username": username, "password": password})

    assert error_of(response) == (401, "wrong_login")
    assert response.json()["error"]["message"] == "This name and password do not go together."


def test_somebody_locked_out_cannot_log_in(cast: Cast) -> None:
    cast.ann.is_active = False
    cast.ann.save()

    assert error_of(Api().post("session/", {"username": "ann", "password": PASSWORD})) == (401, "wrong_login")
