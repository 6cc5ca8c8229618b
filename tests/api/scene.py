"""One project with one of everything that the API has an address for, and every operation of the API."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.generators import SchemaGenerator

from apps.accounts.models import User
from apps.accounts.tokens import token_create
from apps.drafting.services import draft_from_template
from apps.releases.services import release_create
from tests.people import Api, Cast
from tests.work import FRAMES, begin, decide, edit, failed, filmed, make_rollout, make_task, submit

BASE = "/api/v1/"


@dataclass(frozen=True)
class Operation:
    """A method and a path template below `/api/v1/`, with the JSON body that the schema gives it."""

    method: str
    path: str
    body: dict[str, Any] | None

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"


@cache
def operations() -> tuple[Operation, ...]:
    """All of them, from the OpenAPI schema; what deletes comes last."""
    schema = SchemaGenerator().get_schema(request=None, public=True)
    found = [
        Operation(method.upper(), path.removeprefix(BASE), _body(schema, each))
        for path, methods in schema["paths"].items()
        for method, each in methods.items()
    ]
    return tuple(sorted(found, key=lambda each: each.method == "DELETE"))


def _body(schema: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any] | None:
    """The properties of an operation's JSON body; None where it takes none."""
    media = operation.get("requestBody", {}).get("content", {}).get("application/json")
    if media is None:
        return None
    name = media["schema"]["$ref"].rpartition("/")[2]
    return schema["components"]["schemas"][name]["properties"]


@dataclass(frozen=True)
class Scene:
    """`places` fills the path templates with ids of things in the cast's project."""

    cast: Cast
    places: dict[str, Any]

    def call(self, operation: Operation, api: Api, body: Any = None) -> Any:
        path = operation.path.format(**self.places)
        return api.generic(operation.method, path, json.dumps(body), content_type="application/json")

    def walk(self, api: Api, names: Iterable[str]) -> dict[str, Any]:
        """Call each of these operations with an empty body; its name with the answer."""
        wanted = set(names)
        return {each.name: self.call(each, api, {}) for each in operations() if each.name in wanted}


def make_scene(cast: Cast, film: Callable[[int], Path]) -> Scene:
    """An episode that ann annotated, rita approved and ada released; and a token."""
    task = make_task(cast.project)
    episode = filmed(task, cam_high=film(FRAMES))
    begun = edit(begin(episode, cast.ann), *failed())
    draft = draft_from_template(annotation=begun, event_id="e1", by=cast.ann)
    annotation = decide(submit(begun), cast.rita)
    release, _ = release_create(project=cast.project, by=cast.ada)
    token, _ = token_create(project=cast.project, by=cast.ada, name="robot", scopes=["read"])
    rollout = make_rollout(episode)
    places = {
        "project_id": cast.project.pk,
        "username": cast.ben.username,
        "token_id": token.pk,
        "task_id": task.pk,
        "episode_id": episode.pk,
        "camera": "cam_high",
        "number": 5,
        "sha256": episode.cameras.get().source_id,
        "annotation_id": annotation.pk,
        "event": "e1",
        "draft_id": draft.pk,
        "side": "avoidance",
        "release_id": release.pk,
        "rollout_id": rollout.pk,
        "key": str(rollout.key),
        "tus_id": "00000000-0000-4000-8000-000000000000",
        "upload_id": "00000000-0000-4000-8000-000000000000",
    }
    return Scene(cast, places)


def token_of(cast: Cast, by: User, *scopes: str, elsewhere: bool = False) -> Api:
    """A machine with a token that `by` made for the project, or for the other one."""
    project = cast.elsewhere if elsewhere else cast.project
    _, secret = token_create(project=project, by=by, name="machine", scopes=list(scopes))
    return Api.of(secret=secret)
