"""The tus protocol, sentence by sentence (tus.io, version 1.0.0)."""

import base64
import hashlib
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import TestCase
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.accounts.models import User
from apps.accounts.tokens import token_create
from apps.rollouts.models import RolloutUpload
from apps.rollouts.tus import file_of
from tests.people import Api, Cast

VERSION = {"HTTP_TUS_RESUMABLE": "1.0.0"}


class Client:
    """Somebody at the tus endpoint of the cast's project."""

    def __init__(self, cast: Cast, api: Api) -> None:
        self.api, self.base = api, f"projects/{cast.project.pk}/rollouts/uploads/"

    def create(self, length: int, **headers: str) -> Any:
        return self.api.post(self.base, HTTP_UPLOAD_LENGTH=str(length), **{**VERSION, **headers})

    def begin(self, length: int) -> str:
        answer = self.create(length)
        assert answer.status_code == 201, answer.content
        return answer["Location"].rpartition("/api/v1/")[2]

    def patch(self, path: str, offset: int, data: bytes, **headers: str) -> Any:
        with TestCase.captureOnCommitCallbacks(execute=True):
            return self.api.generic(
                "PATCH",
                path,
                data,
                content_type="application/offset+octet-stream",
                HTTP_UPLOAD_OFFSET=str(offset),
                **{**VERSION, **headers},
            )

    def head(self, path: str) -> Any:
        return self.api.generic("HEAD", path, **VERSION)


@pytest.fixture
def robot(cast: Cast, tus_dir: Path, queued: list[str]) -> Client:
    return Client(cast, machine(cast, cast.otto, "upload"))


def machine(cast: Cast, by: User, *scopes: str) -> Api:
    _, secret = token_create(project=cast.project, by=by, name="robot", scopes=list(scopes))
    return Api.of(secret=secret)


def checksum(data: bytes, name: str = "sha256") -> dict[str, str]:
    digest = base64.b64encode(hashlib.new(name, data).digest()).decode()
    return {"HTTP_UPLOAD_CHECKSUM": f"{name} {digest}"}


def test_the_server_says_what_it_can(robot: Client) -> None:
    answer = robot.api.generic("OPTIONS", robot.base)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "checksum", "termination", "expiration"}
    assert int(answer["Tus-Max-Size"]) > 0
    assert "sha256" in answer["Tus-Checksum-Algorithm"]


def test_an_upload_in_pieces(robot: Client, queued: list[str]) -> None:
    path = robot.begin(10)
    assert robot.head(path)["Upload-Offset"] == "0"
    first = robot.patch(path, 0, b"01234")
    assert (first.status_code, first["Upload-Offset"], first["Tus-Resumable"]) == (204, "5", "1.0.0")
    assert not queued
    assert robot.patch(path, 5, b"56789", **checksum(b"56789"))["Upload-Offset"] == "10"
    head = robot.head(path)
    assert (head["Upload-Length"], head["Upload-Offset"], head["Cache-Control"]) == ("10", "10", "no-store")
    upload = RolloutUpload.objects.get()
    assert file_of(upload).read_bytes() == b"0123456789"
    assert (upload.state, queued) == ("received", [str(upload.pk)])


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(min_size=1, max_size=60), cuts=st.lists(st.integers(0, 60), max_size=8))
def test_any_pieces_any_retries_give_the_same_bytes(robot: Client, data: bytes, cuts: list[int]) -> None:
    path, offset = robot.begin(len(data)), 0
    for cut in [*sorted(cuts), len(data)]:
        piece = data[offset : max(offset, cut)]
        answer = robot.patch(path, offset, piece)
        assert answer.status_code == 204
        if piece:
            assert robot.patch(path, offset, piece).status_code == 409  # the answer was lost: sent again
        offset = int(robot.head(path)["Upload-Offset"])
    upload = RolloutUpload.objects.get(pk=path.rstrip("/").rpartition("/")[2])
    assert file_of(upload).read_bytes() == data


def test_a_wrong_offset_is_told_the_right_one(robot: Client) -> None:
    path = robot.begin(10)
    answer = robot.patch(path, 3, b"3")
    assert (answer.status_code, answer.json()["error"]["data"]["offset"]) == (409, 0)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
def test_bytes_that_do_not_fit_their_checksum_do_not_count(robot: Client, algorithm: str) -> None:
    path = robot.begin(4)
    assert robot.patch(path, 0, b"good", **checksum(b"gold", algorithm)).status_code == 460
    assert robot.head(path)["Upload-Offset"] == "0"
    assert robot.patch(path, 0, b"good", **checksum(b"good", algorithm)).status_code == 204


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1", "sha1 !!", "sha256 "])
def test_a_checksum_that_is_none(robot: Client, header: str) -> None:
    assert robot.patch(robot.begin(4), 0, b"good", HTTP_UPLOAD_CHECKSUM=header).status_code == 400


def test_more_bytes_than_announced_are_refused(robot: Client) -> None:
    path = robot.begin(3)
    assert robot.patch(path, 0, b"0123").status_code == 413
    assert robot.head(path)["Upload-Offset"] == "0"


@pytest.mark.parametrize("length", ["", "-1", "x", "0", str(10**15), "9" * 30, "²"])
def test_a_length_that_cannot_be(robot: Client, length: str) -> None:
    answer = robot.api.post(robot.base, HTTP_UPLOAD_LENGTH=length, **VERSION)
    assert answer.status_code in (400, 413)
    assert not RolloutUpload.objects.exists()


def test_another_version_of_the_protocol_is_told_ours(robot: Client) -> None:
    answer = robot.api.post(robot.base, HTTP_UPLOAD_LENGTH="3", HTTP_TUS_RESUMABLE="0.2.2")
    assert (answer.status_code, answer["Tus-Version"]) == (412, "1.0.0")


def test_another_content_type_is_415(robot: Client) -> None:
    path = robot.begin(3)
    answer = robot.api.generic(
        "PATCH", path, b"123", content_type="text/plain", HTTP_UPLOAD_OFFSET="0", **VERSION
    )
    assert answer.status_code == 415


def test_an_upload_can_be_given_up(robot: Client) -> None:
    path = robot.begin(3)
    file = file_of(RolloutUpload.objects.get())
    assert file.exists()
    assert robot.api.delete(path, **VERSION).status_code == 204
    assert robot.head(path).status_code == 404
    assert not file.exists()


def test_an_upload_expires(robot: Client) -> None:
    path = robot.begin(3)
    assert "GMT" in robot.head(path)["Upload-Expires"]
    file = file_of(RolloutUpload.objects.get())
    RolloutUpload.objects.update(expires=timezone.now() - timedelta(seconds=1))
    assert robot.patch(path, 0, b"0").status_code == 410
    robot.begin(3)
    assert RolloutUpload.objects.count() == 1
    assert not file.exists()


def test_a_write_that_was_cut_off_before_it_counted_is_cut_back(robot: Client) -> None:
    path = robot.begin(6)
    file_of(RolloutUpload.objects.get()).write_bytes(b"half of another attempt")
    robot.patch(path, 0, b"012345")
    assert file_of(RolloutUpload.objects.get()).read_bytes() == b"012345"


def test_a_second_writer_at_the_same_time_is_told_to_wait(robot: Client) -> None:
    import fcntl

    path = robot.begin(3)
    with file_of(RolloutUpload.objects.get()).open("r+b") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        assert robot.patch(path, 0, b"012").status_code == 423
    assert robot.patch(path, 0, b"012").status_code == 204


def test_metadata_comes_back(robot: Client) -> None:
    key = uuid.uuid4()
    name, told = (base64.b64encode(text.encode()).decode() for text in ("Gerät", str(key)))
    value = f"filename {name},rollout {told},empty"
    path = robot.create(3, HTTP_UPLOAD_METADATA=value)["Location"].rpartition("/api/v1/")[2]
    assert robot.head(path)["Upload-Metadata"] == value
    assert RolloutUpload.objects.get().rollout == key
    assert robot.create(3, HTTP_UPLOAD_METADATA="filename %%%").status_code == 400


@pytest.mark.parametrize(("scopes", "status"), [(["read"], 403), (["live"], 403), (["upload"], 201)])
def test_only_a_token_that_may_upload(cast: Cast, robot: Client, scopes: list[str], status: int) -> None:
    assert Client(cast, machine(cast, cast.ada, *scopes)).create(3).status_code == status


def test_for_an_outsider_there_is_no_upload(cast: Cast, robot: Client) -> None:
    path = robot.begin(3)
    outsider = Client(cast, Api.of(cast.mallory))
    assert outsider.create(3).status_code == 404
    assert outsider.head(path).status_code == 404
    mixed = path.replace(f"projects/{cast.project.pk}/", f"projects/{cast.elsewhere.pk}/")
    assert outsider.head(mixed).status_code == 404
    assert Client(cast, Api()).create(3).status_code == 401
