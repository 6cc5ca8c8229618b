"""Writes of how a project drafts. Where endpoints are, a site admin says; all else the project's admins."""

from typing import Any

from django.db import IntegrityError, transaction

from apps.accounts.models import Project, User
from apps.core.errors import AppError, conflict, invalid, not_found
from apps.core.models import Event
from apps.drafting.guard import base_url_check
from apps.drafting.models import Drafting, Endpoint, ModelChoice
from apps.drafting.sealing import seal
from ml.prompts import PackError, read_drafting_pack, read_pack

MOST_PACK = 200_000  # characters


def require_site_admin(user: User) -> None:
    """Raises `forbidden` for everybody but a site admin (Django's superuser)."""
    if not user.is_superuser or user.token is not None:
        raise AppError("forbidden", "Only an administrator of the site says where models are.", status=403)


def endpoint_add(*, project: Project, name: str, base_url: str, key: str, by: User) -> Endpoint:
    """A server for the project's models; its key is encrypted and never shown again.

    Raises `forbidden`, `invalid` for an address where calls may not go, `name_taken`.
    """
    require_site_admin(by)
    if not name.strip():
        raise invalid("An endpoint needs a name.")
    try:
        with transaction.atomic():
            endpoint = Endpoint.objects.create(
                project=project,
                name=name.strip(),
                base_url=base_url_check(base_url),
                sealed_key=seal(key.strip()),
                made_by=by,
            )
            Event.record("endpoint", endpoint, "add", by=by)
    except IntegrityError:
        raise conflict("name_taken", f"This project has an endpoint named {name} already.") from None
    return endpoint


@transaction.atomic
def endpoint_key_set(*, endpoint: Endpoint, key: str, by: User) -> None:
    """Another key for the same server; nothing takes the key away. Raises `forbidden`."""
    require_site_admin(by)
    endpoint.sealed_key = seal(key.strip())
    endpoint.save(update_fields=["sealed_key"])
    Event.record("endpoint", endpoint, "set_key", by=by)


@transaction.atomic
def endpoint_remove(*, endpoint: Endpoint, by: User) -> None:
    """The models that were asked there are asked at the site's own endpoint then. Raises `forbidden`."""
    require_site_admin(by)
    Event.record("endpoint", endpoint, "remove", by=by)
    endpoint.delete()


def endpoint_of(project: Project, endpoint_id: int) -> Endpoint:
    endpoint = Endpoint.objects.filter(project=project, pk=endpoint_id).first()
    if endpoint is None:
        raise not_found("endpoint")
    return endpoint


@transaction.atomic
def choice_set(*, project: Project, purpose: str, by: User, **fields: Any) -> ModelChoice:
    """Which model does this in the project: fields of `ModelChoice`, checked by the form or the API."""
    choice, _ = ModelChoice.objects.update_or_create(project=project, purpose=purpose, defaults=fields)
    Event.record("model_choice", choice, "set", by=by, target=choice.adapter)
    return choice


@transaction.atomic
def drafting_set(*, project: Project, by: User, **fields: Any) -> Drafting:
    """Budget, share of wrong proposals, concurrency and pack of the project. Raises `invalid_pack`."""
    if pack := fields.get("pack"):
        pack_check(pack)
    drafting, _ = Drafting.objects.update_or_create(project=project, defaults=fields)
    Event.record("drafting", drafting, "set", by=by)
    return drafting


def pack_check(text: str) -> None:
    """Raises `invalid_pack` for what is no template pack, with where and why."""
    if len(text) > MOST_PACK:
        raise invalid(f"A template pack has at most {MOST_PACK} characters.", code="invalid_pack")
    try:
        read_drafting_pack(text.encode())
        read_pack(text.encode(), "It")
    except PackError as error:
        raise invalid(f"This template pack cannot be used: {error}.", code="invalid_pack") from None
