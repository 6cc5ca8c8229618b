"""The cast of all tests: one project with its people, and an outsider who is admin of another project."""

from dataclasses import dataclass
from typing import Any

from asgiref.sync import async_to_sync
from rest_framework.test import APIClient

from apps.accounts.models import Project, Role, User
from apps.accounts.services import member_set, project_create, user_create

PASSWORD = "correct horse battery"


@dataclass(frozen=True)
class Cast:
    """`mallory` is the outsider: admin of `elsewhere`, nobody in `project`."""

    project: Project
    elsewhere: Project
    ann: User  # annotator
    ben: User  # another annotator
    rita: User  # reviewer
    otto: User  # operator
    ada: User  # admin
    mallory: User

    def everybody(self) -> dict[str, User]:
        return {name: getattr(self, name) for name in ("ann", "ben", "rita", "otto", "ada", "mallory")}


ROLES = {"ann": Role.ANNOTATOR, "ben": Role.ANNOTATOR, "rita": Role.REVIEWER, "otto": Role.OPERATOR}


def make_cast() -> Cast:
    people = {name: user_create(username=name, password=PASSWORD) for name in (*ROLES, "ada", "mallory")}
    project = project_create(name="Table-top", by=people["ada"])
    for name, role in ROLES.items():
        member_set(project=project, username=name, role=role, by=people["ada"])
    return Cast(project, project_create(name="Elsewhere", by=people["mallory"]), **people)


class Api(APIClient):
    """One person, or nobody, at the API; paths are below `/api/v1/`, bodies are JSON by default."""

    default_format = "json"

    @classmethod
    def of(cls, user: User | None = None, *, secret: str = "") -> "Api":
        """`user` in a browser, or whoever has the token's `secret`."""
        api = cls()
        if user is not None:
            api.force_login(user)
        if secret:
            api.credentials(HTTP_AUTHORIZATION=f"Bearer {secret}")
        return api

    def generic(self, method: str, path: str, *args: Any, **rest: Any) -> Any:
        return super().generic(method, f"/api/v1/{path}", *args, **rest)


def error_of(response: Any) -> tuple[int, str]:
    """Status and code of an answer that has to be in the one error form."""
    (error,) = response.json().values()
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message", "data"}
    assert error["message"]
    assert isinstance(error["data"], dict)
    return response.status_code, error["code"]


def body_of(response: Any) -> bytes:
    """All bytes of an answer, also of one that is streamed."""

    async def collect() -> bytes:
        return b"".join([chunk async for chunk in response.streaming_content])

    return async_to_sync(collect)() if response.streaming else response.content
