"""Projects and their members: who has which permission, and the admin that always stays."""

import itertools
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from apps.accounts.models import Membership, Project, Role, User
from apps.accounts.permissions import ROLE_PERMISSIONS, access_project, access_project_by_slug
from apps.accounts.selectors import project_named
from apps.accounts.services import member_remove, member_set, user_create
from apps.accounts.taxonomy import (
    GRAMMAR_WORDS,
    IMAGE_DIRECTIONS,
    PAPER_EMBODIMENT,
    PAPER_TAXONOMY,
    embodiment_check,
)
from apps.core.errors import AppError
from apps.core.models import Event
from tests.people import Api, Cast, error_of

MATRIX = {
    "view": "annotator reviewer operator admin",
    "upload": "annotator reviewer operator admin",
    "annotate": "annotator reviewer admin",
    "review": "reviewer admin",
    "manage": "admin",
    "release": "admin",
    "live": "operator admin",
    "predict": "operator admin",
}
ROLE_OF = {"ann": "annotator", "ben": "annotator", "rita": "reviewer", "otto": "operator", "ada": "admin"}


def test_the_matrix_names_every_role_and_permission() -> None:
    assert set(ROLE_PERMISSIONS) == set(Role.values)
    assert frozenset().union(*ROLE_PERMISSIONS.values()) == set(MATRIX)


@pytest.mark.parametrize(("who", "need"), list(itertools.product(ROLE_OF, MATRIX)))
def test_a_role_has_its_permissions_and_no_others(cast: Cast, who: str, need: str) -> None:
    user, role = cast.everybody()[who], ROLE_OF[who]

    if role in MATRIX[need].split():
        project = access_project(user, cast.project.pk, need=need)
        assert (project.role, need in project.permissions) == (role, True)
    else:
        with pytest.raises(AppError) as refused:
            access_project(user, cast.project.pk, need=need)
        assert (refused.value.status, refused.value.code) == (403, "forbidden")
        assert role in refused.value.message
        assert need in refused.value.message


@pytest.mark.parametrize("need", MATRIX)
def test_the_outsider_finds_nothing_whatever_is_asked(cast: Cast, need: str) -> None:
    for ask in (
        lambda: access_project(cast.mallory, cast.project.pk, need=need),
        lambda: access_project_by_slug(cast.mallory, cast.project.slug, need=need),
    ):
        with pytest.raises(AppError) as refused:
            ask()
        assert (refused.value.status, refused.value.code) == (404, "not_found")


def test_a_superuser_is_an_outsider_too(cast: Cast) -> None:
    """The wall knows members only; there is no way round it by a flag."""
    root = User.objects.create(username="root", is_superuser=True, is_staff=True)

    with pytest.raises(AppError) as refused:
        access_project(root, cast.project.pk)
    assert refused.value.code == "not_found"


def test_whoever_makes_a_project_is_its_admin_and_it_is_logged(cast: Cast) -> None:
    response = Api.of(cast.mallory).post("projects/", {"name": "Kitchen sink"})

    assert response.status_code == 201
    body = response.json()
    assert (body["role"], body["slug"]) == ("admin", "kitchen-sink")
    assert body["taxonomy"] == PAPER_TAXONOMY
    assert body["embodiment"] == PAPER_EMBODIMENT
    assert Event.objects.filter(kind="project", subject=body["id"], verb="create", by=cast.mallory).exists()


@pytest.mark.parametrize("name", ["Table-top", "table top", "TABLE TOP"])
def test_a_project_name_is_taken_once(cast: Cast, name: str) -> None:
    assert error_of(Api.of(cast.ada).post("projects/", {"name": name})) == (409, "name_taken")


def test_a_project_name_needs_something_that_an_address_can_be_made_of(cast: Cast) -> None:
    assert error_of(Api.of(cast.ada).post("projects/", {"name": "!?"})) == (400, "invalid")
    assert Project.objects.count() == 2


def test_people_see_the_projects_they_are_in(cast: Cast) -> None:
    def names(user: User) -> list[tuple[str, str]]:
        return [(row["name"], row["role"]) for row in Api.of(user).get("projects/").json()]

    assert names(cast.otto) == [("Table-top", "operator")]
    assert names(cast.mallory) == [("Elsewhere", "admin")]


def test_a_role_is_given_changed_and_taken(cast: Cast) -> None:
    api, address = Api.of(cast.ada), f"projects/{cast.project.pk}/members/"

    assert api.post(address, {"username": "mallory", "role": "annotator"}).status_code == 201
    assert api.post(address, {"username": "mallory", "role": "reviewer"}).status_code == 201
    assert {"username": "mallory", "role": "reviewer"} in api.get(address).json()
    assert api.delete(f"{address}mallory/").status_code == 204

    assert error_of(Api.of(cast.mallory).get(f"projects/{cast.project.pk}/"))[0] == 404
    reasons = Event.objects.filter(verb="member", by=cast.ada).values_list("why", flat=True)
    assert [each for each in reasons if "mallory" in each] == [
        "mallory: annotator", "mallory: reviewer", "mallory: removed",
    ]  # fmt: skip


@pytest.mark.parametrize("role", [each for each in Role.values if each != "admin"])
def test_the_last_admin_cannot_become_less(cast: Cast, role: str) -> None:
    with pytest.raises(AppError) as refused:
        member_set(project=cast.project, username="ada", role=role, by=cast.ada)

    assert (refused.value.status, refused.value.code) == (409, "last_admin")
    assert access_project(cast.ada, cast.project.pk, need="manage").role == "admin"


def test_the_last_admin_cannot_go_but_one_of_two_can(cast: Cast) -> None:
    api, address = Api.of(cast.ada), f"projects/{cast.project.pk}/members/"

    assert error_of(api.delete(f"{address}ada/")) == (409, "last_admin")
    member_set(project=cast.project, username="rita", role=Role.ADMIN, by=cast.ada)
    assert api.delete(f"{address}ada/").status_code == 204
    assert list(
        Membership.objects.filter(project=cast.project, role="admin").values_list("user", flat=True)
    ) == [cast.rita.pk]


def test_an_admin_elsewhere_does_not_count_as_admin_here(cast: Cast) -> None:
    member_set(project=cast.project, username="mallory", role=Role.ANNOTATOR, by=cast.ada)

    with pytest.raises(AppError):
        member_remove(project=cast.project, username="ada", by=cast.ada)


@pytest.mark.parametrize(
    ("username", "role", "code"), [("nobody", "annotator", "no_such_user"), ("ben", "owner", "no_such_role")]
)
def test_a_person_or_role_that_is_not_there_is_named(cast: Cast, username: str, role: str, code: str) -> None:
    with pytest.raises(AppError) as refused:
        member_set(project=cast.project, username=username, role=role, by=cast.ada)

    assert refused.value.code == code
    assert username in refused.value.message or all(each in refused.value.message for each in Role.values)


def test_nobody_changes_their_own_role(cast: Cast) -> None:
    for who in ("ann", "rita", "otto"):
        api = Api.of(cast.everybody()[who])
        response = api.post(f"projects/{cast.project.pk}/members/", {"username": who, "role": "admin"})
        assert error_of(response) == (403, "forbidden")
    assert Membership.objects.filter(project=cast.project, role="admin").count() == 1


def test_a_command_finds_a_project_by_name_or_slug_and_names_those_there_are(cast: Cast) -> None:
    assert project_named("Table-top") == project_named("table-top") == cast.project
    with pytest.raises(AppError) as refused:
        project_named("Kitchen")
    assert refused.value.code == "no_such_project"
    assert "Elsewhere, Table-top" in refused.value.message


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["short", "password123", "12345678"])
def test_a_weak_password_is_refused_with_the_reason(password: str) -> None:
    with pytest.raises(AppError) as refused:
        user_create(username="zoe", password=password)

    assert refused.value.code == "invalid"
    assert "password" in refused.value.message
    assert not User.objects.filter(username="zoe").exists()


def test_a_name_is_one_persons(cast: Cast) -> None:
    with pytest.raises(AppError) as refused:
        user_create(username="ann", password="another long phrase")
    assert refused.value.code == "name_taken"


names = st.lists(st.text(max_size=5), max_size=3)
values = st.none() | st.integers() | st.text(max_size=5) | names | st.lists(names, max_size=2)
views = st.dictionaries(
    st.sampled_from(["forward", "left", "up", "down"]), st.sampled_from(IMAGE_DIRECTIONS) | values, max_size=4
)
odd_views = st.fixed_dictionaries(
    {each: st.sampled_from(IMAGE_DIRECTIONS) | values for each in ("forward", "left", "up")}
)
whole_views = st.fixed_dictionaries(
    {each: st.sampled_from(IMAGE_DIRECTIONS) for each in ("forward", "left", "up")}
)
profiles = st.fixed_dictionaries(
    {},
    optional={
        "arms": names | values,
        "cameras": names | values,
        "view": whole_views | odd_views | views | values,
        "joint_unit": values,
        "gripper_unit": values,
        "odd": values,
    },
)


def accepted(profile: Any) -> dict[str, Any] | None:
    """The whole profile; None where it is refused, in the one way that there is for it."""
    try:
        return embodiment_check(profile)
    except AppError as refused:
        if refused.code != "invalid_embodiment":
            raise
        return None


@given(profiles | values)
def test_whatever_profile_is_accepted_is_whole_and_keeps_what_was_given(profile: Any) -> None:
    full = accepted(profile)
    if full is not None:
        assert set(full) == set(PAPER_EMBODIMENT)
        assert full == {**PAPER_EMBODIMENT, **profile}
        assert all(isinstance(name, str) and name for field in ("arms", "cameras") for name in full[field])
        assert full["arms"]
        assert full["cameras"]
        assert set(full["view"]) == {"forward", "left", "up"}
        assert set(full["view"].values()) <= {*IMAGE_DIRECTIONS, None}
        assert all(isinstance(full[unit], str) and full[unit] for unit in ("joint_unit", "gripper_unit"))
        assert embodiment_check(full) == full


@given(st.lists(st.from_regex(r"[a-z][a-z0-9_]{6,20}", fullmatch=True), min_size=1, unique=True), whole_views)
def test_a_sound_profile_is_accepted(arms: list[str], view: dict[str, str | None]) -> None:
    assume(not set(arms) & GRAMMAR_WORDS)
    assert accepted({"arms": arms, "view": view}) is not None


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ({"arm": ["left"]}, "arms, cameras"),
        ({"arms": []}, "arms"),
        ({"arms": ["franka", "franka"]}, "different names"),
        ({"arms": ["up"]}, "up"),
        ({"arms": ["a; b"]}, "letters"),
        ({"view": {"forward": "north", "left": "left", "up": "up"}}, "up, down, left, right"),
    ],
)
def test_a_wrong_profile_is_told_the_choices(profile: dict[str, Any], named: str) -> None:
    with pytest.raises(AppError) as refused:
        embodiment_check(profile)
    assert named in refused.value.message
