"""What the e2e tests do over the API where the page is not what they test."""

import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from tests.e2e.site import Site

INGEST_PATIENCE = 300.0


def project_id(client: httpx.Client, name: str = "Sample project") -> int:
    return next(row["id"] for row in client.get("/api/v1/projects/").json() if row["name"] == name)


def project_new(site: Site, name: str) -> int:
    """A project of a test's own, with the sample's people in their roles."""
    admin = site.client("admin")
    project = ok(admin.post("/api/v1/projects/", json={"name": name}))["id"]
    for username, role in (("annotator", "annotator"), ("reviewer", "reviewer")):
        ok(admin.post(f"/api/v1/projects/{project}/members/", json={"username": username, "role": role}))
    return project


def task_new(client: httpx.Client, project: int, name: str) -> int:
    body = {"name": name, "description": f"Do {name}.", "subtasks": ["Begin.", "End."]}
    return ok(client.post(f"/api/v1/projects/{project}/tasks/", json=body))["id"]


def task_of(client: httpx.Client, project: int, name: str) -> int:
    """The project's task of that name, made when it is new."""
    known = {task["name"]: task["id"] for task in ok(client.get(f"/api/v1/projects/{project}/tasks/"))}
    return known.get(name) or task_new(client, project, name)


def ok(answer: httpx.Response) -> Any:
    assert answer.is_success, answer.text
    return answer.json()


def upload_episode(client: httpx.Client, project: int, task: int, head: Path, **others: Path) -> int:
    """An episode of the head camera's recording and of others (camera=path)."""
    uploads = {camera: upload(client, project, path) for camera, path in {"cam_high": head, **others}.items()}
    body = {"task": task, "stem": head.stem, "cameras": uploads}
    return ok(client.post(f"/api/v1/projects/{project}/episodes/", json=body))["id"]


def upload(client: httpx.Client, project: int, path: Path) -> str:
    with path.open("rb") as file:
        return ok(client.post(f"/api/v1/projects/{project}/uploads/", files={"file": (path.name, file)}))[
            "id"
        ]


def await_ingest(client: httpx.Client, episode: int) -> dict[str, Any]:
    """The episode, once it is ready or rejected."""
    deadline = time.monotonic() + INGEST_PATIENCE
    while time.monotonic() < deadline:
        found = ok(client.get(f"/api/v1/episodes/{episode}/"))
        if found["state"] in ("ready", "rejected"):
            return found
        time.sleep(0.05)
    raise AssertionError(f"episode {episode} was not ingested: {found}")


def change(op: str, path: list[str], value: Any = None) -> dict[str, Any]:
    return {"id": str(uuid.uuid4()), "op": op, "path": path, "value": value}


def annotate_failure(client: httpx.Client, episode: int, frames: tuple[int, int]) -> int:
    """Claim the episode, say a complete failure with these keyframes, and submit; the annotation's id."""
    annotation = ok(client.post(f"/api/v1/episodes/{episode}/claim/"))["annotation"]
    event = ["events", "e1"]
    hold = {"hold": True, "arms": []}
    sides = [
        change("set", [*event, side, field], value)
        for side, frame in zip(("avoidance", "correction"), frames, strict=True)
        for field, value in (("frame", frame), ("command", hold), ("high_level", "Wait."))
    ]
    operations = [
        change("set", ["outcome"], "failed"),
        change("add_event", ["events"], {"id": "e1"}),
        change("set", [*event, "subtask"], 1),
        change("set", [*event, "failure_type"], "task planning"),
        change("set", [*event, "reason"], "It went wrong."),
        *sides,
    ]
    base = f"/api/v1/annotations/{annotation}"
    saved = ok(client.post(f"{base}/operations/", json={"base": 0, "operations": operations}))
    ok(client.post(f"{base}/submit/", json={"revision": saved["revision"]}))
    return annotation


def approve(client: httpx.Client, annotation: int) -> None:
    revision = ok(client.get(f"/api/v1/annotations/{annotation}/"))["revision"]
    body = {"decision": "approve", "revision": revision}
    ok(client.post(f"/api/v1/annotations/{annotation}/verdicts/", json=body))


def await_archive(client: httpx.Client, release: int) -> bytes:
    """The zip of a release, once it is packed."""
    deadline = time.monotonic() + INGEST_PATIENCE
    while time.monotonic() < deadline:
        found = ok(client.get(f"/api/v1/releases/{release}/"))
        if found["state"] == "packed":
            return client.get(found["download"]).content
        assert found["state"] == "packing", found["problem"]
        time.sleep(0.05)
    raise AssertionError(f"release {release} was not packed")
