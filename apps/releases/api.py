"""REST endpoints of releases."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import RELEASE, access_project
from apps.core.api import read
from apps.core.delivery import send_stored
from apps.core.errors import conflict
from apps.core.jobs import Job
from apps.episodes.models import Blob
from apps.releases.selectors import access_build, access_release, build_json, release_json
from apps.releases.services import release_create
from apps.releases.tasks import enqueue_pack
from apps.releases.vqa import vqa_again, vqa_request
from ml.vqa.formats import FORMATS


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
        return _send_zip(request, release.archive, f"{release.project.slug}-v{release.version}.zip")


def _send_zip(request: Request, blob: Blob, name: str) -> HttpResponse:
    return send_stored(
        request, blob.path, size=blob.size, etag=blob.sha256, kind="application/zip", name=name
    )


class VqaInput(serializers.Serializer):
    seed = serializers.IntegerField(default=0, min_value=0, max_value=2**31 - 1)
    controls = serializers.BooleanField(default=True)
    formats = serializers.ListField(child=serializers.ChoiceField(FORMATS), default=list, max_length=10)
    templates = serializers.CharField(
        default="", allow_blank=True, max_length=200_000, help_text="The text of a template pack (TOML)."
    )
    split = serializers.CharField(
        default="", allow_blank=True, max_length=200_000, help_text="The text of a SPLIT.toml."
    )


class JobOutput(serializers.Serializer):
    id = serializers.IntegerField()
    state = serializers.ChoiceField(Job.State.choices)
    stage = serializers.CharField()
    progress = serializers.FloatField()
    problem = serializers.CharField()
    may_restart = serializers.BooleanField()
    created = serializers.DateTimeField()


class VqaOutput(JobOutput):
    release = serializers.IntegerField()
    seed = serializers.IntegerField()
    controls = serializers.BooleanField()
    formats = serializers.ListField(child=serializers.CharField())
    own_wording = serializers.BooleanField()
    own_split = serializers.BooleanField()
    counts = serializers.DictField()
    lint = serializers.DictField()
    size = serializers.IntegerField(allow_null=True)
    download = serializers.CharField(allow_null=True)


class VqaBuildsApi(APIView):
    """VQA data of a release: made in the background with these options, once."""

    @extend_schema(responses=VqaOutput(many=True))
    def get(self, request: Request, release_id: int) -> Response:
        release = access_release(request.user, release_id)
        return Response([build_json(build) for build in release.vqa_builds.select_related("archive")])

    @extend_schema(request=VqaInput, responses={201: VqaOutput})
    def post(self, request: Request, release_id: int) -> Response:
        release = access_release(request.user, release_id, need=RELEASE)
        build = vqa_request(release=release, by=request.user, **read(VqaInput, request.data))
        return Response(build_json(build), status=201)


class VqaBuildApi(APIView):
    @extend_schema(responses=VqaOutput)
    def get(self, request: Request, build_id: int) -> Response:
        return Response(build_json(access_build(request.user, build_id)))


class VqaAgainApi(APIView):
    @extend_schema(request=None, responses=VqaOutput)
    def post(self, request: Request, build_id: int) -> Response:
        """Start a build again that failed or stopped."""
        build = access_build(request.user, build_id, need=RELEASE)
        vqa_again(build=build, by=request.user, permissions=build.release.project.permissions)
        return Response(build_json(build))


class VqaDownloadApi(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, build_id: int) -> HttpResponse:
        build = access_build(request.user, build_id, need=RELEASE)
        if build.archive is None:
            raise conflict("not_built", "This VQA data is not built yet.")
        release = build.release
        return _send_zip(
            request, build.archive, f"{release.project.slug}-v{release.version}-vqa-{build.pk}.zip"
        )
