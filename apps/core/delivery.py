"""How a stored file gets to a browser that may have it: through this process, through nginx, or from S3.

Whoever calls has checked the permission: nginx serves only what an answer of the site names (`internal`), S3
only an address that the site signed, and that for some minutes.
"""

from urllib.parse import quote, urlsplit

from django.conf import settings
from django.core.files.storage import Storage, default_storage, storages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from apps.core.files import IMMUTABLE, send_file

DISK, S3 = "/protected/disk/", "/protected/s3"  # nginx's internal locations, see docker/nginx.conf.template
PLAIN = "application/octet-stream"


def send_stored(
    request: HttpRequest, path: str, *, size: int, etag: str, kind: str, name: str = ""
) -> HttpResponse:
    """The stored file at `path`, as `kind` and never as what was uploaded; a download where it has a `name`.

    What is of no kind that pages show is a download too.
    """
    disposition = _disposition(kind, name)
    if settings.MEDIA_DELIVERY == "signed-url":
        response = _redirect(path, kind, disposition)
    elif settings.MEDIA_DELIVERY == "x-accel":
        response = _handed_to_nginx(path, kind, disposition)
    else:
        file = default_storage.open(path)
        response = send_file(request, file, size=size, etag=etag, kind=kind)
    if disposition:
        response["Content-Disposition"] = disposition
    return response


def _disposition(kind: str, name: str) -> str:
    if name:
        return f'attachment; filename="{name}"'
    return "attachment" if kind == PLAIN else ""


def _redirect(path: str, kind: str, disposition: str) -> HttpResponse:
    """To S3; the browser may use the address again for half of its life."""
    response = HttpResponseRedirect(signed_url(storages["browsers"], path, kind, disposition))
    response["Cache-Control"] = f"private, max-age={settings.MEDIA_URL_SECONDS // 2}"
    return response


def _handed_to_nginx(path: str, kind: str, disposition: str) -> HttpResponse:
    response = HttpResponse(content_type=kind, headers={"Cache-Control": IMMUTABLE})
    if settings.S3_BUCKET:
        parts = urlsplit(signed_url(storages["default"], path, kind, disposition))
        response["X-Accel-Redirect"] = f"{S3}{parts.path}?{parts.query}"
    else:
        response["X-Accel-Redirect"] = DISK + quote(path)
    return response


def signed_url(storage: Storage, path: str, kind: str, disposition: str) -> str:
    """An address of S3 that ends after `MEDIA_URL_SECONDS` and answers with this type and no other."""
    answer = {"ResponseContentType": kind, "ResponseCacheControl": IMMUTABLE}
    if disposition:
        answer["ResponseContentDisposition"] = disposition
    return storage.url(path, parameters=answer, expire=settings.MEDIA_URL_SECONDS)  # type: ignore[call-arg]
