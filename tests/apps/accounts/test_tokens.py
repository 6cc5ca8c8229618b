"""Tokens: what they can do, for how long, and what is kept of them."""

import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import Membership, Role, Token
from apps.accounts.services import member_remove, member_set
from apps.accounts.tokens import token_create, token_revoke
from apps.core.errors import AppError
from tests.people import Api, Cast, error_of
from tests.work import make_task


def test_a_secret_is_shown_once_and_only_its_digest_is_kept(cast: Cast) -> None:
    api, address = Api.of(cast.ada), f"projects/{cast.project.pk}/tokens/"

    made = api.post(address, {"name": "robot", "scopes": ["upload", "read", "read"]})

    assert made.status_code == 201
    secret = made.json()["secret"]
    assert len(secret) > 40
    (listed,) = api.get(address).json()
    assert (listed["id"], listed["name"], listed["scopes"]) == (
        made.json()["id"],
        "robot",
        ["read", "upload"],
    )
    assert listed["last_used"] is None
    assert "secret" not in listed
    row = Token.objects.filter(pk=made.json()["id"]).values().get()
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert not any(secret in str(value) for value in row.values())


def test_two_tokens_never_have_the_same_secret(cast: Cast) -> None:
    secrets = {
        token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])[1] for _ in range(20)
    }
    assert len(secrets) == 20


@pytest.mark.parametrize(
    ("scopes", "may_read", "may_upload"),
    [
        (["read"], True, False),
        (["upload"], True, True),
        (["live"], True, False),
        (["read", "upload"], True, True),
    ],
)
def test_a_token_may_do_what_its_scopes_say_and_never_more(
    cast: Cast, scopes: list[str], may_read: bool, may_upload: bool
) -> None:
    _, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=scopes)
    api, here = Api.of(secret=secret), f"projects/{cast.project.pk}/"

    assert (api.get(f"{here}tasks/").status_code == 200) is may_read
    assert (api.post(f"{here}imports/plan/", {"names": []}).status_code == 200) is may_upload
    for forbidden in ("queue/next/", "releases/", "members/", "tokens/"):
        assert error_of(api.post(here + forbidden, {})) == (403, "forbidden"), forbidden


def test_a_token_never_does_more_than_the_role_of_who_made_it(cast: Cast) -> None:
    """An admin made it, then became an annotator, who may not go live."""
    member_set(project=cast.project, username="rita", role=Role.ADMIN, by=cast.ada)
    _, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["live"])
    permissions = f"projects/{cast.project.pk}/"
    assert Api.of(secret=secret).get(permissions).json()["permissions"] == ["live", "view"]

    member_set(project=cast.project, username="ada", role=Role.ANNOTATOR, by=cast.rita)

    assert Api.of(secret=secret).get(permissions).json()["permissions"] == ["view"]


def test_a_token_ends_with_the_membership_of_who_made_it(cast: Cast) -> None:
    member_set(project=cast.project, username="rita", role=Role.ADMIN, by=cast.ada)
    _, secret = token_create(project=cast.project, by=cast.rita, name="robot", scopes=["read"])

    member_remove(project=cast.project, username="rita", by=cast.ada)

    assert error_of(Api.of(secret=secret).get(f"projects/{cast.project.pk}/")) == (404, "not_found")


def test_a_token_ends_when_who_made_it_is_locked_out(cast: Cast) -> None:
    _, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    cast.ada.is_active = False
    cast.ada.save()

    assert error_of(Api.of(secret=secret).get("projects/")) == (401, "authentication_failed")


def test_a_token_opens_its_own_project_only(cast: Cast) -> None:
    """ada is a member of both projects; the token is of one."""
    member_set(project=cast.elsewhere, username="ada", role=Role.ADMIN, by=cast.mallory)
    task = make_task(cast.elsewhere)
    _, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read", "upload"])
    api = Api.of(secret=secret)

    assert [row["name"] for row in api.get("projects/").json()] == ["Table-top"]
    for address in (
        f"projects/{cast.elsewhere.pk}/",
        f"projects/{cast.elsewhere.pk}/tasks/",
        f"tasks/{task.pk}/",
    ):
        assert error_of(api.get(address)) == (404, "not_found")


def test_a_revoked_token_is_nobody(cast: Cast) -> None:
    token, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    kept, other = token_create(project=cast.project, by=cast.ada, name="other", scopes=["read"])

    assert Api.of(cast.ada).delete(f"projects/{cast.project.pk}/tokens/{token.pk}/").status_code == 204

    assert error_of(Api.of(secret=secret).get("projects/")) == (401, "authentication_failed")
    assert Api.of(secret=other).get("projects/").status_code == 200
    assert [row["id"] for row in Api.of(cast.ada).get(f"projects/{cast.project.pk}/tokens/").json()] == [
        kept.pk
    ]


def test_a_token_that_has_ended_is_nobody(cast: Cast) -> None:
    token, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"], days=1)
    assert Api.of(secret=secret).get("projects/").status_code == 200
    Token.objects.filter(pk=token.pk).update(expires=timezone.now())

    assert error_of(Api.of(secret=secret).get("projects/")) == (401, "authentication_failed")
    assert Api.of(cast.ada).get(f"projects/{cast.project.pk}/tokens/").json() == []


@pytest.mark.parametrize("days", [0, -1, 366, 10**9])
def test_how_long_a_token_lasts_has_bounds(cast: Cast, days: int) -> None:
    body = {"name": "robot", "scopes": ["read"], "days": days}
    answer = Api.of(cast.ada).post(f"projects/{cast.project.pk}/tokens/", body)
    assert error_of(answer) == (400, "invalid")


def test_the_last_use_is_noted_once_a_minute(cast: Cast) -> None:
    token, secret = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    began = timezone.now()
    Api.of(secret=secret).get("projects/")
    first = Token.objects.get(pk=token.pk).last_used
    assert first is not None
    assert began <= first <= timezone.now()

    Api.of(secret=secret).get("projects/")
    assert Token.objects.get(pk=token.pk).last_used == first

    Token.objects.filter(pk=token.pk).update(last_used=began - timedelta(hours=1))
    Api.of(secret=secret).get("projects/")
    assert Token.objects.get(pk=token.pk).last_used > first


def test_revoking_again_keeps_the_first_time(cast: Cast) -> None:
    token, _ = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    token_revoke(token=token)
    first = Token.objects.get(pk=token.pk).revoked

    token_revoke(token=token)

    assert first is not None
    assert Token.objects.get(pk=token.pk).revoked == first


def test_a_token_cannot_make_projects_or_tokens(cast: Cast) -> None:
    _, secret = token_create(
        project=cast.project, by=cast.ada, name="robot", scopes=["read", "upload", "live"]
    )
    api = Api.of(secret=secret)

    assert error_of(api.post("projects/", {"name": "Mine"})) == (403, "forbidden")
    body = {"name": "more", "scopes": ["read"]}
    assert error_of(api.post(f"projects/{cast.project.pk}/tokens/", body)) == (403, "forbidden")
    assert Membership.objects.filter(user=cast.ada).count() == 1


@pytest.mark.parametrize("scopes", [[], ["everything"], ["read", "admin"]])
def test_a_scope_that_is_not_there_is_refused_with_the_choices(cast: Cast, scopes: list[str]) -> None:
    with pytest.raises(AppError) as refused:
        token_create(project=cast.project, by=cast.ada, name="robot", scopes=scopes)
    assert all(each in refused.value.message for each in Token.Scope.values)
    assert not Token.objects.exists()

    response = Api.of(cast.ada).post(f"projects/{cast.project.pk}/tokens/", {"name": "x", "scopes": scopes})
    assert error_of(response) == (400, "invalid")


@pytest.mark.parametrize("header", ["Bearer", "Bearer ", "Bearer vif_x y", "bearer vif_", "Bearer vif_\xff"])
def test_a_malformed_token_is_401(cast: Cast, header: str) -> None:
    api = Api()
    api.credentials(HTTP_AUTHORIZATION=header)

    assert error_of(api.get("projects/")) == (401, "authentication_failed")
