"""REST endpoints of the leaderboard."""

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import RELEASE, access_project
from apps.core.api import read
from apps.core.delivery import send_stored
from apps.core.errors import conflict, not_found
from apps.leaderboard.selectors import access_run, run_json, runs_of
from apps.leaderboard.services import run_again, run_delete, run_import, run_request
from apps.releases.api import JobOutput
from apps.releases.selectors import access_build
from ml.bench.report_tables import CONTROLS, MAIN
from ml.prompts import Group

ASKED_CONTROLS = [name for name in CONTROLS if name != MAIN]  # the benchmark itself is always asked


class RunInput(serializers.Serializer):
    vqa = serializers.IntegerField(help_text="The VQA data to ask.")
    model = serializers.CharField(max_length=200)
    groups = serializers.ListField(
        child=serializers.ChoiceField([group.value for group in Group]), max_length=3
    )
    controls = serializers.ListField(
        child=serializers.ChoiceField(ASKED_CONTROLS), default=list, max_length=10
    )
    limit_cost = serializers.FloatField(default=1.0, min_value=0, max_value=1e9)


class BenchmarkRunOutput(JobOutput):
    model = serializers.CharField()
    vqa = serializers.IntegerField(allow_null=True)
    options = serializers.DictField()
    scored = serializers.BooleanField()
    summary = serializers.DictField()
    download = serializers.CharField(allow_null=True)


class RunsApi(APIView):
    @extend_schema(responses=BenchmarkRunOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        return Response([run_json(run) for run in runs_of(project)])

    @extend_schema(request=RunInput, responses={201: BenchmarkRunOutput})
    def post(self, request: Request, project_id: int) -> Response:
        """Ask a model of an endpoint, or a baseline, the benchmark of a release's VQA data."""
        project = access_project(request.user, project_id, need=RELEASE)
        fields = read(RunInput, request.data)
        build = access_build(request.user, fields.pop("vqa"), need=RELEASE)
        if build.release.project_id != project.pk:
            raise not_found("VQA build")
        return Response(run_json(run_request(build=build, by=request.user, **fields)), status=201)


class RunImportApi(APIView):
    """A run that `ml.bench` made elsewhere: its files, a zip of them, or a summary.json alone."""

    parser_classes = [MultiPartParser]

    class RunImportInput(serializers.Serializer):
        files = serializers.ListField(
            child=serializers.FileField(allow_empty_file=True), min_length=1, max_length=10
        )

    @extend_schema(request={"multipart/form-data": RunImportInput}, responses={201: BenchmarkRunOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=RELEASE)
        files = read(self.RunImportInput, {"files": request.FILES.getlist("files")})["files"]
        return Response(run_json(run_import(project=project, by=request.user, files=files)), status=201)


class RunApi(APIView):
    @extend_schema(responses=BenchmarkRunOutput)
    def get(self, request: Request, run_id: int) -> Response:
        return Response(run_json(access_run(request.user, run_id)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, run_id: int) -> Response:
        run_delete(run=access_run(request.user, run_id, need=RELEASE), by=request.user)
        return Response(status=204)


class RunAgainApi(APIView):
    class RunAgainInput(serializers.Serializer):
        limit_cost = serializers.FloatField(required=False, min_value=0, max_value=1e9)

    @extend_schema(request=RunAgainInput, responses=BenchmarkRunOutput)
    def post(self, request: Request, run_id: int) -> Response:
        """Go on with a run that stopped; with `limit_cost`, with the leave to spend so much."""
        run = access_run(request.user, run_id, need=RELEASE)
        fields = read(self.RunAgainInput, request.data)
        run_again(run=run, by=request.user, permissions=run.project.permissions, **fields)
        return Response(run_json(run))


class RunDownloadApi(APIView):
    @extend_schema(responses={(200, "application/zip"): OpenApiTypes.BINARY})
    def get(self, request: Request, run_id: int) -> HttpResponse:
        run = access_run(request.user, run_id, need=RELEASE)
        if run.archive is None:
            raise conflict("not_done", "This run is not done yet.")
        blob = run.archive
        return send_stored(
            request,
            blob.path,
            size=blob.size,
            etag=blob.sha256,
            kind="application/zip",
            name=f"run-{run.pk}.zip",
        )
