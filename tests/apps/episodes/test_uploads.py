"""From files to episodes by the API: upload, plan, episode, and what is there already."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import redis
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import DjangoCaptureOnCommitCallbacks

from apps.episodes.models import Blob, Episode, Task, Upload
from tests.people import Api, Cast, error_of
from tests.work import files_in, make_task, ready

Film = Callable[[int], Path]


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


def upload(api: Api, task: Task, name: str, data: bytes) -> Any:
    return api.post(
        f"projects/{task.project_id}/uploads/", {"file": SimpleUploadedFile(name, data)}, format="multipart"
    )


def make_episode(api: Api, task: Task, stem: str = "episode_3", **cameras: bytes) -> Any:
    """Upload each camera's bytes and make an episode of them."""
    ids = {name: upload(api, task, f"{stem}_{name}.mp4", data).json()["id"] for name, data in cameras.items()}
    body = {"task": task.pk, "stem": stem, "cameras": ids}
    return api.post(f"projects/{task.project_id}/episodes/", body)


def test_a_file_is_kept_and_its_digest_told(cast: Cast, task: Task, film: Film) -> None:
    data = film(12).read_bytes()

    answer = upload(Api.of(cast.ann), task, "episode_3_cam_high.mp4", data)

    assert answer.status_code == 201
    body = answer.json()
    assert (body["name"], body["size"]) == ("episode_3_cam_high.mp4", len(data))
    assert body["sha256"] == hashlib.sha256(data).hexdigest()


def test_the_same_file_is_stored_once_whatever_it_is_called(cast: Cast, task: Task, media: Path) -> None:
    api = Api.of(cast.ann)

    first, second = upload(api, task, "a.mp4", b"same"), upload(api, task, "b.MOV", b"same")

    assert first.json()["id"] != second.json()["id"]
    assert first.json()["sha256"] == second.json()["sha256"]
    assert Blob.objects.count() == 1
    assert len(files_in(media)) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "..\\..\\boot.ini", "/etc/x.mp4", "a/../../b.mp4", "x." + "y" * 200]
)
def test_a_files_name_never_becomes_a_path(cast: Cast, task: Task, media: Path, name: str) -> None:
    answer = upload(Api.of(cast.ann), task, name, b"bytes")

    assert answer.status_code == 201
    (file,) = files_in(media)
    assert file.parent.parent == media / "blobs"
    assert file.stem == answer.json()["sha256"]


def test_a_name_longer_than_any_file_systems_is_refused(cast: Cast, task: Task) -> None:
    long = Api.of(cast.ann).post(f"projects/{task.project_id}/imports/plan/", {"names": ["x" * 256]})

    assert error_of(long) == (400, "invalid")


def test_an_upload_without_a_file_is_refused(cast: Cast, task: Task) -> None:
    answer = Api.of(cast.ann).post(f"projects/{task.project_id}/uploads/", {}, format="multipart")

    assert error_of(answer) == (400, "invalid")


def test_files_are_grouped_into_recordings_by_their_names(cast: Cast, task: Task) -> None:
    names = ["e_1_cam_high.mp4", "e_1_cam_left_wrist.mp4", "e_2_cam_right_wrist.mp4"]

    plan = Api.of(cast.ann).post(f"projects/{task.project_id}/imports/plan/", {"names": names}).json()

    assert plan["recordings"] == [
        {
            "stem": "e_1",
            "cameras": {"cam_high": "e_1_cam_high.mp4", "cam_left_wrist": "e_1_cam_left_wrist.mp4"},
        }
    ]
    assert [each["name"] for each in plan["problems"]] == ["e_2"]


def test_an_episode_of_uploads_waits_for_its_ingest(
    cast: Cast, task: Task, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    broker = redis.Redis.from_url(settings.REDIS_URL)
    waiting = broker.llen("celery")

    with django_capture_on_commit_callbacks(execute=True):
        answer = make_episode(Api.of(cast.ann), task, cam_high=b"head", cam_left_wrist=b"left")

    assert answer.status_code == 201
    body = answer.json()
    assert (body["state"], body["number"], body["stem"], body["duplicate"]) == (
        "uploaded",
        0,
        "episode_3",
        False,
    )
    assert [camera["name"] for camera in body["cameras"]] == ["cam_high", "cam_left_wrist"]
    assert not Upload.objects.exists()
    assert broker.llen("celery") == waiting + 1
    assert Episode.objects.get().uploaded_by == cast.ann


def test_nothing_is_queued_when_the_request_fails(
    cast: Cast, task: Task, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        assert error_of(make_episode(Api.of(cast.ann), task, cam_left_wrist=b"left")) == (
            400,
            "no_head_camera",
        )

    assert callbacks == []
    assert Upload.objects.count() == 1
    assert not Episode.objects.exists()


def test_content_that_is_there_already_is_recognised(
    cast: Cast,
    task: Task,
    media: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    """Also by somebody else, into another task, under another name; and what came along is not kept."""
    first = make_episode(Api.of(cast.ann), task, cam_high=b"head")
    before = files_in(media)

    with django_capture_on_commit_callbacks(execute=True):
        again = make_episode(
            Api.of(cast.ben),
            make_task(cast.project, "other"),
            "copy",
            cam_high=b"head",
        )

    assert again.status_code == 200
    assert again.json() == {**first.json(), "duplicate": True}
    assert not Upload.objects.exists()
    assert files_in(media) == before
    assert Blob.objects.count() == 1


def test_a_known_head_camera_does_not_swallow_a_new_wrist_camera(cast: Cast, task: Task) -> None:
    make_episode(Api.of(cast.ann), task, cam_high=b"head")
    again = make_episode(Api.of(cast.ann), task, "again", cam_high=b"head", cam_left_wrist=b"left")
    assert error_of(again) == (409, "cameras_differ")
    assert Upload.objects.count() == 2  # nothing is lost


def test_the_same_content_in_another_project_is_another_episode(cast: Cast, task: Task) -> None:
    make_episode(Api.of(cast.ann), task, cam_high=b"head")

    answer = make_episode(Api.of(cast.mallory), make_task(cast.elsewhere), cam_high=b"head")

    assert (answer.status_code, answer.json()["duplicate"]) == (201, False)
    assert Blob.objects.count() == 1


def test_an_upload_of_another_project_cannot_be_taken(cast: Cast, task: Task) -> None:
    theirs = upload(Api.of(cast.ann), task, "a.mp4", b"head").json()["id"]
    task = make_task(cast.elsewhere)

    body = {"task": task.pk, "stem": "a", "cameras": {"cam_high": theirs}}
    answer = Api.of(cast.mallory).post(f"projects/{cast.elsewhere.pk}/episodes/", body)

    assert error_of(answer) == (400, "no_such_upload")


def test_an_upload_is_used_up_by_its_episode(cast: Cast, task: Task) -> None:
    api = Api.of(cast.ann)
    ids = {"cam_high": upload(api, task, "a.mp4", b"head").json()["id"]}
    body = {"task": task.pk, "stem": "a", "cameras": ids}
    address = f"projects/{task.project_id}/episodes/"

    assert api.post(address, body).status_code == 201
    assert error_of(api.post(address, body)) == (400, "no_such_upload")


@pytest.mark.parametrize("camera", ["../../up", "cam/high", "", ".", "cam high", "c" * 65, "cam\n"])
def test_a_cameras_name_is_fit_to_be_a_files_name(cast: Cast, task: Task, camera: str) -> None:
    answer = make_episode(Api.of(cast.ann), task, **{"cam_high": b"head", camera: b"more"})

    assert error_of(answer) == (400, "invalid")
    assert not Episode.objects.exists()


def test_tasks_are_made_listed_and_changed(cast: Cast) -> None:
    api, address = Api.of(cast.ann), f"projects/{cast.project.pk}/tasks/"
    fields = {
        "name": "fold_towel",
        "description": " Fold the towel. ",
        "subtasks": ["1. Grasp", " 2) Fold ", " "],
    }

    made = api.post(address, fields)
    assert made.status_code == 201
    task = {**made.json(), "episodes": 0}
    assert (task["description"], task["subtasks"]) == ("Fold the towel.", ["Grasp", "Fold"])
    assert api.get(address).json() == [task]

    changed = Api.of(cast.ada).patch(f"tasks/{task['id']}/", {"subtasks": ["Grasp", "Fold", "Lay down"]})
    assert changed.json()["subtasks"] == ["Grasp", "Fold", "Lay down"]
    assert changed.json()["name"] == "fold_towel"


@pytest.mark.parametrize("name", ["", "..", ".hidden", "a/b", "a b", "wipe\n", "x" * 81, "Übung"])
def test_a_tasks_name_is_fit_to_be_a_folders_name(cast: Cast, name: str) -> None:
    body = {"name": name, "description": "Do it."}
    answer = Api.of(cast.ann).post(f"projects/{cast.project.pk}/tasks/", body)

    if answer.status_code == 201:  # blanks around a name are taken off before it is looked at
        assert answer.json()["name"] == name.strip() == "wipe"
    else:
        assert error_of(answer) == (400, "invalid")


def test_a_tasks_name_is_taken_once_in_a_project(cast: Cast, task: Task) -> None:
    body = {"name": task.name, "description": "Do it again."}

    assert error_of(Api.of(cast.ann).post(f"projects/{cast.project.pk}/tasks/", body)) == (409, "name_taken")
    assert Api.of(cast.mallory).post(f"projects/{cast.elsewhere.pk}/tasks/", body).status_code == 201
    other = make_task(cast.project, "other")
    renamed = Api.of(cast.ada).patch(f"tasks/{other.pk}/", {"name": task.name})
    assert error_of(renamed) == (409, "name_taken")


def test_episodes_are_listed_by_page_task_and_state(cast: Cast, task: Task) -> None:
    other = make_task(cast.project, "other")
    for number in range(51):
        ready(task, f"take {number}")
    make_episode(Api.of(cast.ann), other, cam_high=b"other")
    api, address = Api.of(cast.otto), f"projects/{cast.project.pk}/episodes/"

    first, second = (api.get(address, {"page": page}).json() for page in (1, 2))

    assert (first["count"], first["next"], second["next"]) == (52, 2, None)
    rows = [(each["task"]["name"], each["number"]) for each in first["results"] + second["results"]]
    assert rows == [("other", 0), *(("wipe_board", number) for number in range(51))]
    assert api.get(address, {"task": other.pk}).json()["count"] == 1
    assert api.get(address, {"state": "ready"}).json()["count"] == 51
    assert api.get(address, {"state": "rejected"}).json()["count"] == 0
    assert api.get(address, {"state": "uploaded", "page": 9}).json()["results"] == []
