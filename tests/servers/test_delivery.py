"""Media by signed address, from a real S3 that checks signatures; by X-Accel, what the site says to nginx."""

import hashlib
import time
from collections.abc import Iterator
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import RequestFactory
from pytest_django import Settings

from annotation_site.settings_media import _S3
from apps.core.delivery import send_stored
from tests.servers.seaweed import new_bucket, s3_server

pytestmark = pytest.mark.full

PICTURE = b"\xff\xd8 a picture"
PAGE = b"<script>alert(1)</script>"


@pytest.fixture(scope="module")
def server() -> Iterator[dict[str, str]]:
    with s3_server() as environment:
        new_bucket(environment["S3_ENDPOINT_URL"], "delivery")
        yield environment


@pytest.fixture
def on_s3(server: dict[str, str], settings: Settings) -> Settings:
    address = server["S3_ENDPOINT_URL"]
    options = {
        **_S3["OPTIONS"],
        "bucket_name": "delivery",
        "endpoint_url": address,
        "access_key": server["S3_ACCESS_KEY"],
        "secret_key": server["S3_SECRET_KEY"],
    }
    s3 = {"BACKEND": _S3["BACKEND"], "OPTIONS": options}
    settings.STORAGES = {**settings.STORAGES, "default": s3, "browsers": s3}
    settings.S3_BUCKET = "delivery"
    settings.MEDIA_DELIVERY = "signed-url"
    return settings


def kept(data: bytes, suffix: str) -> str:
    return storages["default"].save(f"blobs/{hashlib.sha256(data).hexdigest()}{suffix}", ContentFile(data))


def sent(path: str, kind: str = "image/jpeg", name: str = ""):
    return send_stored(RequestFactory().get("/"), path, size=9, etag="e", kind=kind, name=name)


def test_the_address_gives_the_bytes_as_the_sites_own_type(on_s3: Settings) -> None:
    answer = sent(kept(PICTURE, ".jpg"))
    assert (answer.status_code, answer.content) == (302, b"")
    got = httpx.get(answer["Location"])
    assert (got.status_code, got.content) == (200, PICTURE)
    assert got.headers["content-type"] == "image/jpeg"
    assert httpx.get(answer["Location"], headers={"Range": "bytes=0-1"}).content == PICTURE[:2]


@pytest.mark.parametrize("suffix", [".html", ".svg"])
def test_a_page_or_a_drawing_that_was_uploaded_comes_as_a_download(on_s3: Settings, suffix: str) -> None:
    got = httpx.get(sent(kept(PAGE, suffix), kind="application/octet-stream")["Location"])
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["content-disposition"] == "attachment"


def test_the_browser_keeps_the_address_for_less_long_than_it_is_good(on_s3: Settings) -> None:
    answer = sent(kept(PICTURE, ".jpg"))
    (good,) = parse_qs(urlsplit(answer["Location"]).query)["X-Amz-Expires"]
    assert answer["Cache-Control"] == f"private, max-age={int(good) // 2}"


def test_it_ends(on_s3: Settings) -> None:
    on_s3.MEDIA_URL_SECONDS = 1
    address = sent(kept(PICTURE, ".jpg"))["Location"]
    assert httpx.get(address).status_code == 200
    deadline = time.monotonic() + 10
    while httpx.get(address).status_code == 200:
        assert time.monotonic() < deadline
    assert httpx.get(address).status_code == 403


def changed(address: str, **changes: str) -> str:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **changes}
    return parts._replace(query=urlencode(query)).geturl()


def test_it_cannot_be_forged(on_s3: Settings) -> None:
    other = kept(b"another's", ".jpg")
    mine = sent(kept(PICTURE, ".jpg"))["Location"]
    parts = urlsplit(mine)
    forged = [
        parts._replace(query="").geturl(),
        parts._replace(path=f"/delivery/{other}").geturl(),
        changed(mine, **{"X-Amz-Expires": "604800"}),
        changed(mine, **{"response-content-type": "text/html"}),
        changed(mine, **{"X-Amz-Signature": "0" * 64}),
    ]
    assert [httpx.get(address).status_code for address in forged] == [403] * len(forged)
    assert httpx.put(mine, content=b"changed").status_code == 403
    assert httpx.delete(mine).status_code == 403


def test_x_accel_names_the_signed_path_and_sends_no_bytes(on_s3: Settings) -> None:
    on_s3.MEDIA_DELIVERY = "x-accel"
    path = kept(PICTURE, ".jpg")
    answer = sent(path, name="release.zip")
    assert answer.content == b""
    assert answer["X-Accel-Redirect"].startswith(f"/protected/s3/delivery/{path}?")
    assert answer["Content-Disposition"] == 'attachment; filename="release.zip"'


def test_x_accel_names_the_path_on_disk(settings: Settings) -> None:
    settings.MEDIA_DELIVERY, settings.S3_BUCKET = "x-accel", ""
    answer = sent("blobs/ab/abc.jpg")
    assert (answer.content, answer["X-Accel-Redirect"]) == (b"", "/protected/disk/blobs/ab/abc.jpg")
    assert answer["Content-Type"] == "image/jpeg"
