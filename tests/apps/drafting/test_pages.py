"""The pages of drafting: who may say what, what is kept, and that no key is shown again."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from apps.accounts.models import User
from apps.core.errors import AppError
from apps.drafting.guard import addresses_of, base_url_check
from apps.drafting.models import Drafting, Endpoint, ModelChoice, Plan
from apps.drafting.sealing import seal, unseal
from apps.drafting.targets import target_for
from tests.apps.drafting.conftest import SECRET
from tests.people import Cast
from tests.work import SUBTASKS, make_task

CHOICE = {
    "explain-adapter": "openai",
    "explain-model": "our-vlm",
    "explain-input_price": "0.5",
    "explain-output_price": "2",
    "explain-timeout": "60",
    "explain-max_tokens": "900",
}


def page(user: User | None, cast: Cast, name: str = "drafting") -> tuple[Client, str]:
    client = Client()
    if user:
        client.force_login(user)
    return client, f"/projects/{cast.project.slug}/{name}/"


def post(user: User, cast: Cast, action: str, at: str = "drafting", **fields: Any) -> Any:
    client, address = page(user, cast, at)
    return client.post(address, {"action": action, **fields}, follow=True)


def siteadmin(cast: Cast) -> User:
    User.objects.filter(pk=cast.ada.pk).update(is_superuser=True)
    return User.objects.get(pk=cast.ada.pk)


@pytest.mark.parametrize("name", ["drafting", "subtasks"])
@pytest.mark.parametrize(
    ("who", "status"), [("ada", 200), ("ann", 403), ("rita", 403), ("otto", 403), ("mallory", 404)]
)
def test_the_pages_are_for_admins_of_the_project(cast: Cast, name: str, who: str, status: int) -> None:
    client, address = page(cast.everybody()[who], cast, name)

    assert client.get(address).status_code == status
    assert client.post(address, {"action": "settings"}, follow=True).status_code == status


def test_a_model_is_chosen(cast: Cast) -> None:
    answer = post(cast.ada, cast, "choose-explain", **CHOICE)

    assert "Saved." in answer.content.decode()
    choice = ModelChoice.objects.get()
    assert (choice.purpose, choice.adapter, choice.model) == ("explain", "openai", "our-vlm")
    assert (choice.input_price, choice.timeout, choice.max_tokens) == (Decimal("0.5"), 60, 900)


@pytest.mark.parametrize(
    "wrong",
    [{"explain-adapter": "scripted"}, {"explain-timeout": "0"}, {"explain-input_price": "-1"},
     {"explain-max_tokens": "many"}, {"explain-endpoint": "9999"}],
)  # fmt: skip
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_kept(
    cast: Cast, wrong: dict[str, str]
) -> None:
    answer = post(cast.ada, cast, "choose-explain", **CHOICE | wrong)

    assert "errorlist" in answer.content.decode()
    assert "our-vlm" in answer.content.decode()
    assert not ModelChoice.objects.exists()


def test_budget_share_and_pack_are_kept(cast: Cast) -> None:
    pack = 'name = "ours"\nversion = "1"\n[decompose]\nuser = "Split {task}"\n'
    fields = {"budget": "12.5", "wrong_share": "0.05", "concurrency": "3", "pack": pack}

    post(cast.ada, cast, "settings", **fields)

    kept = Drafting.objects.get()
    assert (kept.budget, kept.token_budget, kept.wrong_share) == (Decimal("12.5"), None, 0.05)
    assert kept.pack.splitlines() == pack.splitlines()


def test_what_is_no_pack_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    fields = {"wrong_share": "0.1", "concurrency": "3", "pack": "[decompose]\nuser = 3"}

    answer = post(cast.ada, cast, "settings", **fields).content.decode()

    assert "This template pack cannot be used" in answer
    assert "user = 3" in answer
    assert not Drafting.objects.exists()


def test_only_a_site_admin_says_where_models_are(cast: Cast) -> None:
    fields = {"name": "lab", "base_url": "https://203.0.113.5/v1", "key": SECRET}
    answer = post(cast.ada, cast, "add-endpoint", **fields).content.decode()
    assert "Only an administrator of the site" in answer
    assert not Endpoint.objects.exists()

    answer = post(siteadmin(cast), cast, "add-endpoint", **fields | {"base_url": "https://8.8.8.8/v1/"})
    assert "with a key" in answer.content.decode()
    assert SECRET not in answer.content.decode()
    endpoint = Endpoint.objects.get()
    assert endpoint.base_url == "https://8.8.8.8/v1"
    assert SECRET not in endpoint.sealed_key
    assert unseal(endpoint.sealed_key) == SECRET


def test_an_endpoint_of_another_project_cannot_be_touched(cast: Cast) -> None:
    theirs = Endpoint.objects.create(
        project=cast.elsewhere, name="x", base_url="https://8.8.8.8/v1", made_by=cast.mallory
    )

    for action in ("set-key", "remove-endpoint"):
        post(siteadmin(cast), cast, action, id=str(theirs.pk), key="sk-mine")
    post(cast.ada, cast, "choose-explain", **CHOICE, **{"explain-endpoint": str(theirs.pk)})

    assert Endpoint.objects.get().sealed_key == ""
    assert not ModelChoice.objects.exists()


def test_a_key_is_replaced_and_an_endpoint_removed(cast: Cast) -> None:
    endpoint = Endpoint.objects.create(
        project=cast.project,
        name="x",
        base_url="https://8.8.8.8/v1",
        sealed_key=seal("old"),
        made_by=cast.ada,
    )
    post(siteadmin(cast), cast, "set-key", id=str(endpoint.pk), key=SECRET)
    assert unseal(Endpoint.objects.get().sealed_key) == SECRET

    post(siteadmin(cast), cast, "remove-endpoint", id=str(endpoint.pk))
    assert not Endpoint.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/v1",
        "http://localhost/v1",
        "http://10.1.2.3/v1",
        "http://192.168.0.1/v1",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/v1",
        "http://[fd00::1]/v1",
        "http://[::ffff:127.0.0.1]/v1",
        "http://[2002:7f00:1::]/v1",
        "http://0.0.0.0/v1",
        "http://100.64.0.1/v1",
        "http://224.0.0.1/v1",
        "http://2130706433/v1",
        "http://0x7f.1/v1",
    ],
)
def test_private_addresses_are_refused_in_every_dress(url: str) -> None:
    with pytest.raises(AppError, match="private address"):
        base_url_check(url)


def test_and_allowed_by_setting(settings: Settings) -> None:
    settings.DRAFTING_ALLOW_PRIVATE = True

    assert base_url_check("http://127.0.0.1:8000/v1/") == "http://127.0.0.1:8000/v1"
    assert addresses_of("127.0.0.1", 80) == ["127.0.0.1"]


@pytest.mark.parametrize(
    "url", ["", "ftp://8.8.8.8", "8.8.8.8/v1", "http://", "http://a:b@8.8.8.8", "http://8.8.8.8/?key=1",
            "http://8.8.8.8:port/", "file:///etc/passwd"]
)  # fmt: skip
def test_what_is_no_base_url_is_refused(url: str) -> None:
    with pytest.raises(AppError, match="base URL"):
        base_url_check(url)


def test_a_key_sealed_under_another_secret_is_said_to_be_so(settings: Settings) -> None:
    sealed = seal(SECRET)
    old = settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(AppError, match="SECRET_KEY has changed"):
        unseal(sealed)

    settings.SECRET_KEY_FALLBACKS = [old]
    assert unseal(sealed) == SECRET


def test_the_environment_gives_the_papers_models(cast: Cast, settings: Settings) -> None:
    assert target_for(cast.project, "explain").adapter == "template"
    settings.DRAFTING_BASE_URL, settings.DRAFTING_API_KEY = "https://8.8.8.8/v1", SECRET

    explain, decompose = (target_for(cast.project, purpose) for purpose in ("explain", "decompose"))

    assert (explain.adapter, explain.model) == ("openai", "qwen3-vl-235b-a22b-instruct")
    assert (decompose.model, decompose.key) == ("qwen-max-2025-01-25", SECRET)
    assert SECRET not in repr(decompose)
    assert target_for(cast.project, "propose").adapter == "off"


def test_a_plan_is_cut_by_the_template_edited_and_approved(cast: Cast) -> None:
    task = make_task(cast.project, subtasks=[])
    task.description = "Pick up the cup, then wipe the table and then put the cup back."
    task.save()

    answer = post(cast.ada, cast, "draft", "subtasks", task=str(task.pk)).content.decode()
    assert "Pick up the cup.\nWipe the table.\nPut the cup back." in answer
    task.refresh_from_db()
    assert task.subtasks == []

    lines = "Pick up the cup.\n\n2. Wipe the table."
    answer = post(cast.ada, cast, "approve", "subtasks", task=str(task.pk), subtasks=lines).content.decode()
    task.refresh_from_db()
    assert task.subtasks == ["Pick up the cup.", "Wipe the table."]
    plan = Plan.objects.get()
    assert (plan.approved, plan.approved_by) == (task.subtasks, cast.ada)
    assert "Approved by ada" in answer


def test_approval_is_of_what_was_read(cast: Cast) -> None:
    """Another list is not approved any more."""
    task = make_task(cast.project)
    post(cast.ada, cast, "approve", "subtasks", task=str(task.pk), subtasks="\n".join(SUBTASKS))
    task.subtasks = ["Wipe."]
    task.save()

    client, address = page(cast.ada, cast, "subtasks")
    assert "Approved by" not in client.get(address).content.decode()


def test_a_task_of_another_project_cannot_be_planned(cast: Cast) -> None:
    theirs = make_task(cast.elsewhere)

    answer = post(cast.ada, cast, "approve", "subtasks", task=str(theirs.pk), subtasks="Mine.")

    assert "no such task" in answer.content.decode()
    theirs.refresh_from_db()
    assert theirs.subtasks == SUBTASKS
