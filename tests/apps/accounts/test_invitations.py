"""Invitations: the link works once, ends, and never gives more than who made it may give."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from apps.accounts.invitations import invitation_accept, invitation_create, invitation_revoke
from apps.accounts.models import Invitation, Membership, Role, User
from apps.accounts.services import member_remove, member_set, user_create
from apps.core.errors import AppError
from tests.people import PASSWORD, Api, Cast, error_of, make_cast
from tests.threads import at_once

NEW = {"username": "nora", "password": PASSWORD}


def link_of(cast: Cast, role: str = "annotator") -> str:
    _, secret = invitation_create(project=cast.project, by=cast.ada, role=role)
    return f"/invitations/{secret}/"


def test_somebody_new_joins_by_the_link_once(cast: Cast) -> None:
    link = link_of(cast, "reviewer")
    browser = Client()
    page = browser.get(link).content.decode()
    assert "Table-top" in page
    assert "reviewer" in page

    assert browser.post(link, NEW).status_code == 302

    assert browser.get("/").content.decode().count("Table-top") == 1
    assert Membership.objects.get(project=cast.project, user__username="nora").role == Role.REVIEWER
    assert Client().get(link).status_code == 404
    assert Client().post(link, {**NEW, "username": "other"}).status_code == 404
    assert not User.objects.filter(username="other").exists()


def test_somebody_with_an_account_joins_as_who_they_are(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.mallory)
    answer = browser.post(link_of(cast))
    assert answer["Location"] == "/projects/table-top/"
    assert Membership.objects.get(project=cast.project, user=cast.mallory).role == Role.ANNOTATOR


def test_a_member_keeps_the_role_and_the_link_stays_open(cast: Cast) -> None:
    link = link_of(cast, "admin")
    browser = Client()
    browser.force_login(cast.ann)
    assert browser.post(link).status_code == 409
    assert Membership.objects.get(project=cast.project, user=cast.ann).role == Role.ANNOTATOR
    assert Client().get(link).status_code == 200


@pytest.mark.parametrize("password", ["", "short", "password", "1234567890123", "nora"])
def test_a_weak_password_is_refused_and_nothing_is_lost(cast: Cast, password: str) -> None:
    link = link_of(cast)
    answer = Client().post(link, {**NEW, "password": password})
    assert answer.status_code == 400
    assert 'value="nora"' in answer.content.decode()
    assert not User.objects.filter(username="nora").exists()
    assert Client().post(link, NEW).status_code == 302


def test_it_ends_with_time_by_withdrawal_and_with_its_makers_rights(cast: Cast) -> None:
    over, _ = made = invitation_create(project=cast.project, by=cast.ada, role="annotator")
    Invitation.objects.filter(pk=over.pk).update(expires=timezone.now() - timedelta(seconds=1))
    withdrawn = invitation_create(project=cast.project, by=cast.ada, role="annotator")
    invitation_revoke(invitation=withdrawn[0])
    member_set(project=cast.project, username="rita", role=Role.ADMIN, by=cast.ada)
    orphan = invitation_create(project=cast.project, by=cast.rita, role="admin")
    member_remove(project=cast.project, username="rita", by=cast.ada)

    for _, secret in (made, withdrawn, orphan, (None, "inv_guessed")):
        with pytest.raises(AppError) as refused:
            invitation_accept(secret=secret, by=cast.mallory)
        assert refused.value.code == "invitation_ended"


def test_only_the_digest_is_kept_and_the_link_is_shown_once(cast: Cast) -> None:
    api, address = Api.of(cast.ada), f"projects/{cast.project.pk}/invitations/"
    made = api.post(address, {"role": "operator", "note": "Olga"}).json()
    secret = made["link"].rstrip("/").rpartition("/")[2]
    row = Invitation.objects.filter(pk=made["id"]).values().get()
    assert row["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert secret not in str(row)
    (listed,) = api.get(address).json()
    assert "link" not in listed
    assert listed["note"] == "Olga"
    assert api.delete(f"{address}{made['id']}/").status_code == 204
    assert api.get(address).json() == []
    assert error_of(api.delete(f"{address}99999/")) == (404, "not_found")


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_one_gets_in() -> None:
    cast = make_cast()
    _, secret = invitation_create(project=cast.project, by=cast.ada, role="annotator")
    people = [user_create(username=f"new{number}", password=PASSWORD) for number in range(8)]

    def join(number: int) -> bool:
        try:
            invitation_accept(secret=secret, by=people[number])
        except AppError:
            return False
        return True

    assert sum(at_once(8, join)) == 1
    assert Membership.objects.filter(project=cast.project, user__in=people).count() == 1


def test_nobody_registers_without_one(cast: Cast) -> None:
    for address in ("/login/signup/", "/signup/", "/accounts/signup/"):
        assert Client().post(address, NEW).status_code == 404
    assert Client().post("/login/sso-name/", NEW).status_code == 302  # no sign-on waits for a name
    assert not User.objects.filter(username="nora").exists()
