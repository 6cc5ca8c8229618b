"""Sending files: whole, in ranges, or not at all when the asker has them."""

import io
import tempfile
from dataclasses import dataclass
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from apps.core import files
from apps.core.files import send_file
from tests.people import body_of

DATA = bytes(range(256)) * 5  # 1280 bytes
SIZE = len(DATA)


@dataclass
class Answer:
    status: int
    body: bytes
    headers: Any
    file_closed: bool


def ask(data: bytes = DATA, **headers: str) -> Answer:
    file = io.BytesIO(data)
    request = RequestFactory().get(
        "/", headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = send_file(request, file, size=len(data), etag="abc", kind="video/mp4")
    return Answer(response.status_code, body_of(response), response.headers, file.closed)


def test_without_a_range_all_is_sent_and_may_be_kept_for_ever() -> None:
    answer = ask()

    assert (answer.status, answer.body) == (200, DATA)
    assert answer.headers["Content-Length"] == str(SIZE)
    assert answer.headers["Content-Type"] == "video/mp4"
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert answer.headers["ETag"] == '"abc"'
    assert "immutable" in answer.headers["Cache-Control"]
    assert "private" in answer.headers["Cache-Control"]
    assert "Content-Range" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("0-0", 0, 0),
        ("0-", 0, SIZE - 1),
        (f"{SIZE - 1}-", SIZE - 1, SIZE - 1),
        (f"{SIZE - 1}-{SIZE - 1}", SIZE - 1, SIZE - 1),
        ("100-199", 100, 199),
        ("100-999999", 100, SIZE - 1),
        ("-1", SIZE - 1, SIZE - 1),
        ("-500", SIZE - 500, SIZE - 1),
        ("-999999", 0, SIZE - 1),
    ],
)
def test_a_range_is_sent_to_the_byte(asked: str, first: int, last: int) -> None:
    answer = ask(Range=f"bytes={asked}")

    assert (answer.status, answer.body) == (206, DATA[first : last + 1])
    assert answer.headers["Content-Range"] == f"bytes {first}-{last}/{SIZE}"
    assert answer.headers["Content-Length"] == str(last - first + 1)


@pytest.mark.parametrize("asked", [f"{SIZE}-", f"{SIZE + 5}-{SIZE + 9}", "-0"])
def test_a_range_beyond_the_end_is_416_with_the_size(asked: str) -> None:
    answer = ask(Range=f"bytes={asked}")

    assert (answer.status, answer.body) == (416, b"")
    assert answer.headers["Content-Range"] == f"bytes */{SIZE}"
    assert answer.file_closed


@pytest.mark.parametrize("asked", ["bytes=-", "bytes=0-1,5-6", "frames=0-1", "bytes=a-b", "bytes=1", ""])
def test_a_range_of_another_form_is_passed_over(asked: str) -> None:
    assert (ask(Range=asked).status, ask(Range=asked).body) == (200, DATA)


@given(data=st.binary(min_size=1, max_size=300), first=st.integers(0, 320), length=st.integers(1, 320))
def test_any_range_gives_the_bytes_that_a_slice_gives(data: bytes, first: int, length: int) -> None:
    answer = ask(data, Range=f"bytes={first}-{first + length - 1}")

    assert answer.body == data[first : first + length]
    assert answer.status == (206 if first < len(data) else 416)


def test_who_has_it_gets_304_and_no_body() -> None:
    answer = ask(If_None_Match='"abc"')

    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["ETag"] == '"abc"'
    assert answer.file_closed


def test_who_has_another_gets_it() -> None:
    assert ask(If_None_Match='"abd"').body == DATA


def test_an_empty_file_is_sent() -> None:
    assert (ask(b"").status, ask(b"").body) == (200, b"")


def test_the_file_is_closed_when_all_is_sent() -> None:
    assert ask().file_closed


def test_a_file_goes_out_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "CHUNK", 100)
    with tempfile.TemporaryFile() as file:
        file.write(DATA)
        response = send_file(RequestFactory().get("/"), file, size=SIZE, etag="abc", kind="video/mp4")

        async def sizes() -> list[int]:
            return [len(chunk) async for chunk in response.streaming_content]

        assert async_to_sync(sizes)() == [100] * 12 + [80]
