"""REST endpoints of releases."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import RELEASE, access_project
from apps.core.delivery import send_stored
from apps.core.errors import conflict
from apps.releases.selectors import access_release, release_json
from apps.releases.services import release_create
from apps.releases.tasks import enqueue_pack


class ReleaseOutput(serializers.Serializer):
    id = serializers.IntegerField()
    version = serializers.IntegerField()
    fingerprint = serializers.CharField()
    counts = serializers.DictField()
    created = serializers.DateTimeField()
    state = serializers.ChoiceField(["packing", "packed", "failed"])
    problem = serializers.CharField()
    size = serializers.IntegerField(allow_null=True)
    download = serializers.CharField(allow_null=True)


class ReleasesApi(APIView):
    @extend_schema(responses=ReleaseOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        return Response([release_json(each) for each in project.releases.select_related("archive")])

    @extend_schema(request=None, responses={201: ReleaseOutput})
    def post(self, request: Request, project_id: int) -> Response:
        """Fix what is approved now as a version; its archive is packed in the background."""
        project = access_project(request.user, project_id, need=RELEASE)
        release, _ = release_create(project=project, by=request.user)
        enqueue_pack(release)
        return Response(release_json(release), status=201)


class ReleaseApi(APIView):
    @extend_schema(responses=ReleaseOutput)
    def get(self, request: Request, release_id: int) -> Response:
        return Response(release_json(access_release(request.user, release_id)))


class ReleaseDownloadApi(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, release_id: int) -> HttpResponse:
        release = access_release(request.user, release_id, need=RELEASE)
        if release.archive is None:
            raise conflict("not_packed", "This release is still being packed.")
        blob, name = release.archive, f"{release.project.slug}-v{release.version}.zip"
        return send_stored(
            request, blob.path, size=blob.size, etag=blob.sha256, kind="application/zip", name=name
        )
