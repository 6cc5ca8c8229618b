"""Who may do what: everything that the site answers to, called by everybody. What has no row here fails.

TABLE: operations of the REST API. PAGES, SOCKETS and TASKS: all else; `test_access_elsewhere.py` walks those.
"""

from typing import Any

import pytest
from django.utils import timezone

from apps.accounts.models import Role, Token
from apps.accounts.services import member_set
from tests.api.scene import Scene, operations, token_of
from tests.people import Api, error_of

# For each operation what these get: ann (the annotator whose work it is), ben (another annotator), rita
# (reviewer), otto (operator), ada (admin), and ada's tokens to read, to upload and to go live. A row without
# the eighth letter gives the token to go live what the one to read gets.
# y: may do it. f: 403, the role does not allow it. n: 404, as if it were not there.
WHO = ("ann", "ben", "rita", "otto", "ada", "read", "upload", "live")
TABLE = {
    "GET projects/{project_id}/": "yyyyyyy",
    "GET projects/{project_id}/members/": "yyyyyyy",
    "POST projects/{project_id}/members/": "ffffyff",
    "DELETE projects/{project_id}/members/{username}/": "ffffyff",
    "GET projects/{project_id}/invitations/": "ffffyff",
    "POST projects/{project_id}/invitations/": "ffffyff",
    "DELETE projects/{project_id}/invitations/{invitation_id}/": "ffffyff",
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
    "GET projects/{project_id}/drafting/acceptance/": "ffffyff",
    "GET annotations/{annotation_id}/events/{event}/{side}/drawn.jpg": "ynynynn",
    "GET annotations/{annotation_id}/verdicts/": "ynynynn",
    "POST annotations/{annotation_id}/verdicts/": "ffyfyff",
    "POST annotations/{annotation_id}/review/": "ffyfyff",
    "GET projects/{project_id}/review/": "ffyfyff",
    "POST projects/{project_id}/review/approve/": "ffyfyff",
    "GET projects/{project_id}/queue/settings/": "ffffyff",
    "PATCH projects/{project_id}/queue/settings/": "ffffyff",
    "GET projects/{project_id}/flags/": "ffyfyff",
    "POST flags/{flag_id}/": "ffffyff",
    "POST episodes/{episode_id}/flags/": "yyyfyff",
    "POST episodes/{episode_id}/skip/": "yyyfyff",
    "PATCH episodes/{episode_id}/queue/": "ffffyff",
    "GET episodes/{episode_id}/withdrawal/": "ffffyff",
    "POST episodes/{episode_id}/withdrawal/": "ffffyff",
    "POST annotations/{annotation_id}/reopen/": "ffffyff",
    "POST annotations/{annotation_id}/time/": "ynyfyff",
    "GET projects/{project_id}/gold/": "ffffyff",
    "POST projects/{project_id}/gold/": "ffffyff",
    "DELETE gold/{gold_id}/": "ffffyff",
    "GET projects/{project_id}/predictions/": "ffyfyff",
    "POST projects/{project_id}/predictions/": "fffyyfy",
    "GET annotations/{annotation_id}/field-verdicts/": "ynynynn",
    "POST annotations/{annotation_id}/field-verdicts/": "ffyfyff",
    "GET annotations/{annotation_id}/comments/": "ynynynn",
    "POST annotations/{annotation_id}/comments/": "ynyfyff",
    "POST comments/{comment_id}/": "ynyfyff",
    "DELETE comments/{comment_id}/": "ynyfyff",
    "GET projects/{project_id}/disagreements/": "ffyfyff",
    "GET episodes/{episode_id}/comparison/": "ffyfyff",
    "POST episodes/{episode_id}/comparison/": "ffyfyff",
    "POST projects/{project_id}/audits/next/": "ffyfyff",
    "POST audits/{audit_id}/": "ffnfyff",
    "GET projects/{project_id}/statistics/": "yyyyyyy",
    "GET projects/{project_id}/releases/": "yyyyyyy",
    "POST projects/{project_id}/releases/": "ffffyff",
    "GET releases/{release_id}/": "yyyyyyy",
    "GET releases/{release_id}/download/": "ffffyff",
    "GET releases/{release_id}/vqa/": "yyyyyyy",
    "POST releases/{release_id}/vqa/": "ffffyff",
    "GET vqa/{build_id}/": "yyyyyyy",
    "POST vqa/{build_id}/again/": "ffffyff",
    "GET vqa/{build_id}/download/": "ffffyff",
    "GET projects/{project_id}/benchmark-runs/": "yyyyyyy",
    "POST projects/{project_id}/benchmark-runs/": "ffffyff",
    "POST projects/{project_id}/benchmark-runs/import/": "ffffyff",
    "GET benchmark-runs/{run_id}/": "yyyyyyy",
    "POST benchmark-runs/{run_id}/again/": "ffffyff",
    "GET benchmark-runs/{run_id}/download/": "ffffyff",
    "DELETE benchmark-runs/{run_id}/": "ffffyff",
}
OF_NO_PROJECT = {
    "GET session/": "not_authenticated",
    "POST session/": "invalid",
    "DELETE session/": None,
    "GET preferences/": "not_authenticated",
    "PATCH preferences/": "not_authenticated",
    "GET projects/": "not_authenticated",
    "POST projects/": "not_authenticated",
    "GET notifications/": "not_authenticated",
    "POST notifications/read/": "not_authenticated",
    "GET notifications/digest/": "not_authenticated",
    "PUT notifications/digest/": "not_authenticated",
    "POST queue/next/": "not_authenticated",
}  # with what nobody in particular gets
# What nobody, mallory (the outsider), ann, ben, rita, otto and ada get to GET, then to POST of an empty form.
# y: an answer. l: sent to the log-in. f: 403. n: 404. m: 405, no such method.
PAGE_WHO = ("nobody", "mallory", "ann", "ben", "rita", "otto", "ada")
PAGES = {
    "": "lyyyyyy lmmmmmm",
    "account/": "lyyyyyy lmmmmmm",
    "account/confirm/": "lyyyyyy lyyyyyy",
    "account/confirm/code/": "lyyyyyy lyyyyyy",
    "account/factor/": "yyyyyyy yyyyyyy",
    "account/factor/codes/": "lnnnnnn lmmmmmm",
    "account/factor/codes/file/": "lnnnnnn lnnnnnn",
    "account/factor/codes/new/": "lyyyyyy lyyyyyy",
    "account/factor/off/": "lnnnnnn lnnnnnn",
    "account/factor/on/": "lyyyyyy lyyyyyy",
    "account/password/": "lyyyyyy lyyyyyy",
    "account/password/new/": "lyyyyyy lyyyyyy",
    "account/sessions/": "lmmmmmm lyyyyyy",
    "account/sign-on/": "lyyyyyy lyyyyyy",
    "annotate/<int:annotation_id>/": "lnynyny lmmmmmm",
    "api/schema/": "yyyyyyy mmmmmmm",
    "benchmark-runs/<int:run_id>/again/": "lmmmmmm lnffffy",
    "benchmark-runs/<int:run_id>/delete/": "lmmmmmm lnffffy",
    "healthz": "yyyyyyy mmmmmmm",
    "invitations/<str:secret>/": "yyyyyyy yyyyyyy",
    "login/": "yyyyyyy yyyyyyy",
    "login/code/": "yyyyyyy yyyyyyy",
    "login/inactive/": "yyyyyyy mmmmmmm",
    "login/sso-cancelled/": "yyyyyyy mmmmmmm",
    "login/sso-name/": "yyyyyyy yyyyyyy",
    "login/sso/<str:provider_id>/": "nnnnnnn nnnnnnn",
    "login/sso/<str:provider_id>/callback/": "nnnnnnn nnnnnnn",
    "logout/": "mmmmmmm yyyyyyy",
    "notifications/": "lyyyyyy lmmmmmm",
    "notifications/digest/": "lmmmmmm lyyyyyy",
    "preferences/": "mmmmmmm yyyyyyy",
    "projects/<slug:slug>/": "lnyyyyy lmmmmmm",
    "projects/<slug:slug>/drafting/": "lnffffy lnffffy",
    "projects/<slug:slug>/leaderboard/": "lnyyyyy lmmmmmm",
    "projects/<slug:slug>/leaderboard/import/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/leaderboard/run/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/live/": "lnyyyyy lmmmmmm",
    "projects/<slug:slug>/next/": "lmmmmmm lnyyyfy",
    "projects/<slug:slug>/people/": "lnyyyyy lmmmmmm",
    "projects/<slug:slug>/people/invitations/<int:invitation_id>/withdraw/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/people/invite/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/people/member/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/people/remove/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/people/token/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/people/tokens/<int:token_id>/revoke/": "lmmmmmm lnffffy",
    "projects/<slug:slug>/releases/": "lnyyyyy lnffffy",
    "projects/<slug:slug>/releases/<int:version>/": "lnyyyyy lnffffy",
    "projects/<slug:slug>/review/": "lnffyfy lmmmmmm",
    "projects/<slug:slug>/runs/": "lnyyyyy lmmmmmm",
    "projects/<slug:slug>/subtasks/": "lnffffy lnffffy",
    "review/<int:annotation_id>/": "lnffyfy lmmmmmm",
    "rollouts/<int:rollout_id>/": "lnyyyyy lmmmmmm",
    "vqa/<int:build_id>/again/": "lmmmmmm lnffffy",
}
# The same people at each WebSocket. y: it stays open. n: it is closed.
SOCKETS = {
    "ws/annotations/<int:annotation_id>/drafts/": "nnynyny",
    "ws/me/": "nyyyyyy",
    "ws/projects/<int:project_id>/": "nnyyyyy",
    "ws/projects/<int:project_id>/live/<slug:robot>/": "nnyyyyy",
    "ws/projects/<int:project_id>/live/<slug:robot>/publish/": "nnnnnnn",
}
# What a token opens, as it is a machine's; any other socket takes it for nobody.
SOCKETS_OF_TOKENS = {"ws/projects/<int:project_id>/live/<slug:robot>/publish/"}
# Tasks keep no results. What came of one is read by an operation of TABLE.
TASKS = {
    "apps.drafting.tasks.make_draft": "GET annotations/{annotation_id}/drafts/",
    "apps.drafting.tasks.make_plan": "GET projects/{project_id}/drafting/",
    "apps.drafting.tasks.run_batch": "GET projects/{project_id}/drafting/",
    "apps.episodes.tasks.import_recordings": "GET projects/{project_id}/episodes/",
    "apps.episodes.tasks.ingest_episode": "GET episodes/{episode_id}/",
    "apps.episodes.tasks.ingest_died": "GET episodes/{episode_id}/",
    "apps.leaderboard.tasks.run_benchmark": "GET benchmark-runs/{run_id}/",
    "apps.leaderboard.tasks.run_benchmark_died": "GET benchmark-runs/{run_id}/",
    "apps.notifications.tasks.send_digests": "",
    "apps.releases.tasks.build_vqa": "GET vqa/{build_id}/",
    "apps.releases.tasks.build_vqa_died": "GET vqa/{build_id}/",
    "apps.releases.tasks.pack_release": "GET releases/{release_id}/",
    "apps.rollouts.tasks.take_in": "GET rollouts/{rollout_id}/",
}
REFUSALS = {(403, "forbidden"): "f", (404, "not_found"): "n"}


def verdict_on(response: Any) -> str:
    """The letter of the table. Whoever may do it can still be told that the empty body does not fit."""
    if response.streaming or response.status_code < 300:
        return "y"
    error = error_of(response)
    assert error[0] < 500, error
    return REFUSALS.get(error, "y")


def test_every_operation_has_a_row() -> None:
    known = set(TABLE) | set(OF_NO_PROJECT)
    missing = {each.name for each in operations()} - known
    lines = "".join(f'\n    "{name}": "{"?" * len(WHO[:-1])}",' for name in sorted(missing))
    assert not missing, f"add to TABLE (or to OF_NO_PROJECT), with what {', '.join(WHO[:-1])} get:{lines}"
    assert known == {each.name for each in operations()}, "these rows are of no operation any more"


def letter(row: str, who: str) -> str:
    full = row if len(row) == len(WHO) else row + row[WHO.index("read")]
    return full[WHO.index(who)]


@pytest.mark.parametrize("who", WHO)
def test_the_role_table_holds(who: str, scene: Scene) -> None:
    people = scene.cast.everybody()
    api = Api.of(people[who]) if who in people else token_of(scene.cast, scene.cast.ada, who)

    found = {name: verdict_on(response) for name, response in scene.walk(api, TABLE).items()}

    assert found == {name: letter(row, who) for name, row in TABLE.items()}


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


@pytest.mark.parametrize("how", ["ended", "revoked"])
def test_a_token_that_is_over_is_401_everywhere(how: str, scene: Scene) -> None:
    api = token_of(scene.cast, scene.cast.ada, "read", "upload", "live")
    field = {"ended": "expires", "revoked": "revoked"}[how]
    Token.objects.filter(name="machine").update(**{field: timezone.now()})

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
