"""REST endpoints of recordings: frame index, stills by number, stored files by digest, signals."""

from math import isfinite

from django.http import HttpRequest, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.delivery import PLAIN, send_stored
from apps.core.files import IMMUTABLE
from apps.episodes.models import Blob
from apps.episodes.schema import StillOutput
from apps.episodes.selectors import (
    access_blob,
    access_camera,
    access_episode,
    camera_index,
    episode_signals,
    still_json,
)
from apps.episodes.services import still_get
from apps.episodes.signals import Values

# The type comes from our own table and never from what was uploaded; anything else is offered as a download.
KINDS = {".jpg": "image/jpeg", ".mp4": "video/mp4", ".json": "application/json"}


class IndexApi(APIView):
    class IndexOutput(serializers.Serializer):
        time_base = serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2)
        pts = serializers.ListField(child=serializers.IntegerField(), help_text="Of each frame, first is 0.")

    @extend_schema(responses=IndexOutput)
    def get(self, request: Request, episode_id: int, camera: str) -> Response:
        index = camera_index(access_camera(request.user, episode_id, camera))
        base = [index.time_base.numerator, index.time_base.denominator]
        return Response({"time_base": base, "pts": list(index.ticks)}, headers={"Cache-Control": IMMUTABLE})


class FrameApi(APIView):
    """The exact still of any frame, by its number."""

    @extend_schema(responses=StillOutput)
    def get(self, request: Request, episode_id: int, camera: str, number: int) -> Response:
        still = still_get(camera=access_camera(request.user, episode_id, camera), number=number)
        return Response(still_json(episode_id, still))


class FrameImageApi(APIView):
    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, episode_id: int, camera: str, number: int) -> HttpResponse:
        still = still_get(camera=access_camera(request.user, episode_id, camera), number=number)
        return send_blob(request, still.blob)


class SignalsApi(APIView):
    """What the robot measured and was told, on the video's clock."""

    class SignalsOutput(serializers.Serializer):
        class SignalColumn(serializers.Serializer):
            name = serializers.CharField()
            unit = serializers.CharField(allow_blank=True)
            values = serializers.ListField(child=serializers.FloatField(allow_null=True))

        seconds = serializers.ListField(
            child=serializers.FloatField(), help_text="Of each row, from the head camera's first frame."
        )
        columns = SignalColumn(many=True)

    @extend_schema(responses=SignalsOutput)
    def get(self, request: Request, episode_id: int) -> Response:
        signals = episode_signals(access_episode(request.user, episode_id))
        columns = [
            {"name": column.name, "unit": column.unit, "values": _numbers(column.values)}
            for column in signals.columns
        ]
        return Response({"seconds": signals.seconds.tolist(), "columns": columns})


def _numbers(values: Values) -> list[float | None]:
    """JSON has no word for what is not a number."""
    return [value if isfinite(value) else None for value in values.tolist()]


class MediaApi(APIView):
    """A stored file of an episode; byte ranges are served."""

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, episode_id: int, sha256: str) -> HttpResponse:
        return send_blob(request, access_blob(request.user, episode_id, sha256))


def send_blob(request: HttpRequest, blob: Blob) -> HttpResponse:
    kind = KINDS.get(blob.suffix, PLAIN)
    return send_stored(request, blob.path, size=blob.size, etag=blob.sha256, kind=kind)
