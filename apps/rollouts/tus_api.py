"""The tus protocol over HTTP; see `tus`. The asker needs the permission to upload, by role or by token."""

import io
import uuid
from typing import IO, Any

from django.conf import settings
from django.urls import reverse
from django.utils.http import http_date
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import UPLOAD, access_project
from apps.core.errors import AppError, invalid
from apps.rollouts.models import RolloutUpload
from apps.rollouts.selectors import access_upload
from apps.rollouts.tus import (
    ALGORITHMS,
    EXTENSIONS,
    VERSION,
    checksum_read,
    upload_append,
    upload_create,
    upload_terminate,
)

BINARY = "application/offset+octet-stream"


class RawParser(BaseParser):
    """The body as it comes; `request.data` is the stream."""

    media_type = BINARY

    def parse(self, stream: IO[bytes], media_type: str | None = None, context: Any = None) -> IO[bytes]:
        return stream


class TusView(APIView):
    """Every answer says the protocol's version; a request of another version is told 412."""

    parser_classes = [RawParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.project = access_project(request.user, kwargs["project_id"], need=UPLOAD)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise AppError("tus_version", f"This server speaks tus {VERSION}.", status=412)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = response["Tus-Version"] = VERSION
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        headers = {
            "Tus-Extension": EXTENSIONS,
            "Tus-Max-Size": str(settings.ROLLOUT_MAX_BYTES),
            "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        }
        return Response(status=204, headers=headers)


def _number(request: Request, header: str) -> int:
    text = request.headers.get(header, "")
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise invalid(f"{header} has to be a whole number.", code="bad_header")
    return int(text)


def _headers(upload: RolloutUpload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Expires": http_date(upload.expires.timestamp())}


class UploadsApi(TusView):
    @extend_schema(request=None, responses={201: None})
    def post(self, request: Request, project_id: int) -> Response:
        upload = upload_create(
            project=self.project,
            by=request.user,
            length=_number(request, "Upload-Length"),
            metadata=request.headers.get("Upload-Metadata", ""),
        )
        place = reverse("api-rollout-upload", args=(project_id, upload.pk))
        return Response(
            status=201, headers={**_headers(upload), "Location": request.build_absolute_uri(place)}
        )


class UploadApi(TusView):
    def head(self, request: Request, project_id: int, tus_id: uuid.UUID) -> Response:
        upload = access_upload(self.project, tus_id)
        headers = {**_headers(upload), "Upload-Length": str(upload.length)}
        if upload.metadata:
            headers["Upload-Metadata"] = upload.metadata
        return Response(status=200, headers=headers)

    @extend_schema(request={BINARY: OpenApiTypes.BINARY}, responses={204: None})
    def patch(self, request: Request, project_id: int, tus_id: uuid.UUID) -> Response:
        upload = access_upload(self.project, tus_id)
        offset = _number(request, "Upload-Offset")
        checksum = checksum_read(request.headers.get("Upload-Checksum", ""))
        upload_append(upload=upload, offset=offset, body=request.data or io.BytesIO(), checksum=checksum)
        return Response(status=204, headers=_headers(upload))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, project_id: int, tus_id: uuid.UUID) -> Response:
        upload_terminate(upload=access_upload(self.project, tus_id))
        return Response(status=204)
