"""Sending stored files: immutable, so cached for a year; byte ranges for players; never all in memory."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import IO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

CHUNK = 256 * 1024
IMMUTABLE = "private, max-age=31536000, immutable"
RANGE = re.compile(r"bytes=(\d*)-(\d*)")


async def _chunks(file: IO[bytes], start: int, length: int) -> AsyncIterator[bytes]:
    """`length` bytes from `start`; reads in a thread, closes the file at the end."""
    try:
        await asyncio.to_thread(file.seek, start)
        while length > 0:
            chunk = await asyncio.to_thread(file.read, min(CHUNK, length))
            if not chunk:
                return
            length -= len(chunk)
            yield chunk
    finally:
        file.close()


def _span(header: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; None when the header is of another form (then all is sent).

    Raises ValueError for a range that lies outside the file.
    """
    match = RANGE.fullmatch(header.strip())
    if match is None or match.group(1) == match.group(2) == "":
        return None
    first, last = match.groups()
    start = int(first) if first else max(0, size - int(last))
    end = min(int(last), size - 1) if first and last else size - 1
    if start > end:
        raise ValueError(header)
    return start, end


def send_file(request: HttpRequest, file: IO[bytes], *, size: int, etag: str, kind: str) -> HttpResponse:
    """The file, or the byte range asked for (RFC 9110, section 14). Takes over `file` and closes it."""
    if request.headers.get("If-None-Match") == f'"{etag}"':
        file.close()
        return _finish(HttpResponse(status=304), etag)
    try:
        span = _span(request.headers.get("Range", ""), size)
    except ValueError:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    start, end = span or (0, size - 1)
    length = end - start + 1
    response = StreamingHttpResponse(
        _chunks(file, start, length), status=206 if span else 200, content_type=kind
    )
    response["Content-Length"] = str(length)
    if span:
        response["Content-Range"] = f"bytes {start}-{end}/{size}"
    return _finish(response, etag)


def _finish(response: HttpResponse, etag: str) -> HttpResponse:
    response["ETag"] = f'"{etag}"'
    response["Accept-Ranges"] = "bytes"
    response["Cache-Control"] = IMMUTABLE
    return response
