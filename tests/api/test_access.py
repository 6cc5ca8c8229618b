"""Who may do what: every operation of the API, called by everybody. An operation without a row here fails."""

from typing import Any

import pytest

from apps.accounts.models import Role
from apps.accounts.services import member_set
from tests.api.scene import Scene, operations, token_of
from tests.people import Api, error_of

# For each operation what these get: ann (the annotator whose work it is), ben (another annotator), rita
# (reviewer), otto (operator), ada (admin), and ada's tokens to read and to upload.
# y: may do it. f: 403, the role does not allow it. n: 404, as if it were not there.
WHO = ("ann", "ben", "rita", "otto", "ada", "read", "upload")
TABLE = {
    "GET projects/{project_id}/": "yyyyyyy",
    "GET projects/{project_id}/members/": "yyyyyyy",
    "POST projects/{project_id}/members/": "ffffyff",
    "DELETE projects/{project_id}/members/{username}/": "ffffyff",
    "GET projects/{project_id}/tokens/": "ffffyff",
    "POST projects/{project_id}/tokens/": "ffffyff",
    "DELETE projects/{project_id}/tokens/{token_id}/": "ffffyff",
    "GET projects/{project_id}/tasks/": "yyyyyyy",
    "POST projects/{project_id}/tasks/": "yyyyyfy",
    "GET tasks/{task_id}/": "yyyyyyy",
    "PATCH tasks/{task_id}/": "ffffyff",
    "POST projects/{project_id}/imports/plan/": "yyyyyfy",
    "POST projects/{project_id}/uploads/": "yyyyyfy",
    "POST projects/{project_id}/recordings/": "yyyyyfy",
    "POST projects/{project_id}/recordings/plan/": "yyyyyfy",
    "GET projects/{project_id}/recordings/{upload_id}/": "nnnnnfn",  # this scene has imported nothing
    "GET projects/{project_id}/runs/": "yyyyyyy",
    "GET rollouts/{rollout_id}/": "yyyyyyy",
    "GET projects/{project_id}/rollouts/{key}/": "yyyyyfy",
    "POST projects/{project_id}/rollouts/uploads/": "yyyyyfy",
    "PATCH projects/{project_id}/rollouts/uploads/{tus_id}/": "yyyyyfy",
    "DELETE projects/{project_id}/rollouts/uploads/{tus_id}/": "yyyyyfy",
    "POST projects/{project_id}/episodes/": "yyyyyfy",
    "GET projects/{project_id}/episodes/": "yyyyyyy",
    "GET episodes/{episode_id}/": "yyyyyyy",
    "GET episodes/{episode_id}/signals/": "yyyyyyy",
    "GET episodes/{episode_id}/cameras/{camera}/index/": "yyyyyyy",
    "GET episodes/{episode_id}/cameras/{camera}/frames/{number}/": "yyyyyyy",
    "GET episodes/{episode_id}/cameras/{camera}/frames/{number}.jpg": "yyyyyyy",
    "GET episodes/{episode_id}/media/{sha256}/": "yyyyyyy",
    "POST projects/{project_id}/queue/next/": "yyyfyff",
    "POST episodes/{episode_id}/claim/": "yyyfyff",
    "POST episodes/{episode_id}/lease/": "yyyfyff",
    "DELETE episodes/{episode_id}/lease/": "yyyfyff",
    "GET projects/{project_id}/annotations/": "yyyyyyy",
    "GET annotations/{annotation_id}/": "ynynynn",
    "POST annotations/{annotation_id}/operations/": "ynyfyff",
    "POST annotations/{annotation_id}/submit/": "ynyfyff",
    "POST annotations/{annotation_id}/drafts/": "ynyfyff",
    "GET annotations/{annotation_id}/drafts/": "ynynynn",
    "GET annotations/{annotation_id}/drafted-texts/": "ynynynn",
    "GET annotations/{annotation_id}/proposals/": "ynynynn",
    "POST annotations/{annotation_id}/decisions/": "ynyfyff",
    "POST drafts/{draft_id}/uses/": "ynyfyff",
    "GET projects/{project_id}/drafting/": "ffffyff",
    "GET annotations/{annotation_id}/events/{event}/{side}/drawn.jpg": "ynynynn",
    "GET annotations/{annotation_id}/verdicts/": "ynynynn",
    "POST annotations/{annotation_id}/verdicts/": "ffyfyff",
    "POST annotations/{annotation_id}/review/": "ffyfyff",
    "GET projects/{project_id}/review/": "ffyfyff",
    "GET projects/{project_id}/releases/": "yyyyyyy",
    "POST projects/{project_id}/releases/": "ffffyff",
    "GET releases/{release_id}/": "yyyyyyy",
    "GET releases/{release_id}/download/": "ffffyff",
}
OF_NO_PROJECT = {
    "GET session/": "not_authenticated",
    "POST session/": "invalid",
    "DELETE session/": None,
    "GET preferences/": "not_authenticated",
    "PATCH preferences/": "not_authenticated",
    "GET projects/": "not_authenticated",
    "POST projects/": "not_authenticated",
}  # with what nobody in particular gets
REFUSALS = {(403, "forbidden"): "f", (404, "not_found"): "n"}


def verdict_on(response: Any) -> str:
    """The letter of the table. Whoever may do it can still be told that the empty body does not fit."""
    if response.streaming or response.status_code < 300:
        return "y"
    error = error_of(response)
    assert error[0] < 500, error
    return REFUSALS.get(error, "y")


def test_every_operation_has_a_row() -> None:
    assert {each.name for each in operations()} == set(TABLE) | set(OF_NO_PROJECT)


@pytest.mark.parametrize("who", WHO)
def test_the_role_table_holds(who: str, scene: Scene) -> None:
    people = scene.cast.everybody()
    api = Api.of(people[who]) if who in people else token_of(scene.cast, scene.cast.ada, who)

    found = {name: verdict_on(response) for name, response in scene.walk(api, TABLE).items()}

    assert found == {name: row[WHO.index(who)] for name, row in TABLE.items()}


def test_nobody_gets_401_everywhere(scene: Scene) -> None:
    answers = {name: error_of(response) for name, response in scene.walk(Api(), TABLE).items()}

    assert answers == dict.fromkeys(TABLE, (401, "not_authenticated"))


def test_for_an_outsider_nothing_of_a_project_exists(scene: Scene) -> None:
    api = Api.of(scene.cast.mallory)

    answers = {name: error_of(response) for name, response in scene.walk(api, TABLE).items()}

    assert answers == dict.fromkeys(TABLE, (404, "not_found"))


def test_a_token_of_another_project_is_an_outsider_even_when_its_maker_is_admin_here(scene: Scene) -> None:
    cast = scene.cast
    member_set(project=cast.elsewhere, username="ada", role=Role.ADMIN, by=cast.mallory)
    api = token_of(cast, cast.ada, "read", "upload", "live", elsewhere=True)

    answers = {name: error_of(response) for name, response in scene.walk(api, TABLE).items()}

    assert answers == dict.fromkeys(TABLE, (404, "not_found"))


def test_a_token_that_nobody_made_is_401_everywhere(scene: Scene) -> None:
    api = Api.of(secret="vif_guessed")

    answers = {name: error_of(response) for name, response in scene.walk(api, TABLE).items()}

    assert answers == dict.fromkeys(TABLE, (401, "authentication_failed"))


def test_operations_of_no_project_tell_nobody_anything(scene: Scene) -> None:
    answers = scene.walk(Api(), OF_NO_PROJECT)

    for name, code in OF_NO_PROJECT.items():
        if code is None:
            assert answers[name].status_code == 204
        else:
            assert error_of(answers[name])[1] == code


def test_an_outsider_learns_no_more_of_what_is_there_than_of_what_is_not(scene: Scene) -> None:
    """The whole answer is the same, so that numbers cannot be probed."""
    missing = Scene(scene.cast, {name: _missing(value) for name, value in scene.places.items()})
    api = Api.of(scene.cast.mallory)

    there, not_there = (each.walk(api, TABLE) for each in (scene, missing))

    assert {name: r.json() for name, r in there.items()} == {name: r.json() for name, r in not_there.items()}


def _missing(value: Any) -> Any:
    return value + 100_000 if isinstance(value, int) else value


def test_mixing_a_project_of_ones_own_with_ids_of_another_gets_nothing(scene: Scene) -> None:
    """mallory is admin of `elsewhere`: its address with a foreign task, token or member."""
    cast = scene.cast
    mixed = Scene(cast, {**scene.places, "project_id": cast.elsewhere.pk})
    api = Api.of(cast.mallory)

    assert error_of(api.delete(f"projects/{cast.elsewhere.pk}/tokens/{scene.places['token_id']}/"))[0] == 404
    body = {"task": scene.places["task_id"], "stem": "x", "cameras": {"cam_high": _SOME_UUID}}
    assert error_of(api.post(f"projects/{cast.elsewhere.pk}/episodes/", body)) == (404, "not_found")
    by_task = api.get(f"projects/{cast.elsewhere.pk}/episodes/?task={scene.places['task_id']}")
    assert by_task.json()["count"] == 0
    assert (
        error_of(mixed.walk(api, {"DELETE projects/{project_id}/members/{username}/"}).popitem()[1])[0] == 400
    )
    assert cast.project.memberships.filter(user=cast.ben).exists()


_SOME_UUID = "00000000-0000-4000-8000-000000000000"
