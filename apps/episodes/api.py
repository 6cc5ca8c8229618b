"""REST endpoints of tasks, uploads and imports."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MANAGE, UPLOAD, access_project
from apps.core.api import read
from apps.core.errors import invalid, not_found
from apps.episodes.models import Upload
from apps.episodes.schema import EpisodeOutput
from apps.episodes.selectors import (
    access_episode,
    access_task,
    episode_json,
    episodes_of,
    task_json,
    tasks_of,
    with_samples,
)
from apps.episodes.services import episode_from_uploads, task_create, task_update, upload_store
from apps.episodes.video import group_recordings

PAGE = 50
LARGEST = 2**31 - 1  # so that every database can compare with it, and with a page's last row


class TaskFields(serializers.Serializer):
    name = serializers.CharField(max_length=80)
    description = serializers.CharField()
    subtasks = serializers.ListField(
        child=serializers.CharField(allow_blank=True), required=False, default=list
    )


class TaskChanges(TaskFields):
    priority = serializers.IntegerField(
        required=False, min_value=-1000, max_value=1000, help_text="Higher comes first in the queue."
    )


class TaskOutput(TaskChanges):
    id = serializers.IntegerField()
    episodes = serializers.IntegerField(required=False)


class TasksApi(APIView):
    @extend_schema(responses=TaskOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        return Response([task_json(task) for task in tasks_of(project.pk)])

    @extend_schema(request=TaskFields, responses={201: TaskOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=UPLOAD)
        task = task_create(project=project, by=request.user, **read(TaskFields, request.data))
        return Response(task_json(task), status=201)


class TaskApi(APIView):
    @extend_schema(responses=TaskOutput)
    def get(self, request: Request, task_id: int) -> Response:
        return Response(task_json(access_task(request.user, task_id)))

    @extend_schema(request=TaskChanges(partial=True), responses=TaskOutput)
    def patch(self, request: Request, task_id: int) -> Response:
        task = access_task(request.user, task_id, need=MANAGE)
        fields = read(TaskChanges, request.data, partial=True)
        return Response(task_json(task_update(task=task, by=request.user, **fields)))


class ImportPlanApi(APIView):
    """Which files belong together: one recording for each camera of an episode, told by the file names."""

    class ImportPlanInput(serializers.Serializer):
        names = serializers.ListField(child=serializers.CharField(max_length=255), max_length=2000)

    class ImportPlanOutput(serializers.Serializer):
        class PlannedRecording(serializers.Serializer):
            stem = serializers.CharField()
            cameras = serializers.DictField(child=serializers.CharField())

        class PlanProblem(serializers.Serializer):
            name = serializers.CharField()
            message = serializers.CharField()

        recordings = PlannedRecording(many=True)
        problems = PlanProblem(many=True)

    @extend_schema(request=ImportPlanInput, responses=ImportPlanOutput)
    def post(self, request: Request, project_id: int) -> Response:
        access_project(request.user, project_id, need=UPLOAD)
        found = group_recordings(read(self.ImportPlanInput, request.data)["names"])
        return Response(
            {
                "recordings": [{"stem": r.stem, "cameras": r.cameras} for r in found if not r.problem],
                "problems": [{"name": r.stem, "message": r.problem} for r in found if r.problem],
            }
        )


class UploadsApi(APIView):
    parser_classes = [MultiPartParser]

    class UploadsInput(serializers.Serializer):
        file = serializers.FileField(max_length=255, allow_empty_file=True)

    class UploadsOutput(serializers.Serializer):
        id = serializers.UUIDField()
        name = serializers.CharField()
        size = serializers.IntegerField()
        sha256 = serializers.CharField()

    @extend_schema(request={"multipart/form-data": UploadsInput}, responses={201: UploadsOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=UPLOAD)
        file = read(self.UploadsInput, request.data)["file"]
        upload = upload_store(project=project, by=request.user, name=file.name, file=file)
        body = {"id": upload.pk, "name": upload.name, "size": upload.blob.size, "sha256": upload.blob.pk}
        return Response(body, status=201)


class EpisodesApi(APIView):
    class EpisodesQuery(serializers.Serializer):
        task = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
        state = serializers.CharField(required=False)
        page = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST, default=1)

    class EpisodesInput(serializers.Serializer):
        task = serializers.IntegerField()
        stem = serializers.CharField(max_length=255)
        cameras = serializers.DictField(child=serializers.UUIDField(), allow_empty=False)

    class EpisodePage(serializers.Serializer):
        count = serializers.IntegerField()
        next = serializers.IntegerField(allow_null=True, help_text="The next page's number.")
        results = EpisodeOutput(many=True)

    @extend_schema(parameters=[EpisodesQuery], responses=EpisodePage)
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        query = read(self.EpisodesQuery, request.query_params)
        rows = episodes_of(project.pk, task=query.get("task"), state=query.get("state"))
        count, end = rows.count(), query["page"] * PAGE
        results = [episode_json(episode) for episode in rows[end - PAGE : end]]
        return Response(
            {"count": count, "next": query["page"] + 1 if end < count else None, "results": results}
        )

    @extend_schema(request=EpisodesInput, responses={200: EpisodeOutput, 201: EpisodeOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=UPLOAD)
        fields = read(self.EpisodesInput, request.data)
        task = access_task(request.user, fields["task"], need=UPLOAD)
        if task.project_id != project.pk:
            raise not_found("task")
        uploads = {name: _upload(project.pk, pk) for name, pk in fields["cameras"].items()}
        episode, created = episode_from_uploads(
            task=task, stem=fields["stem"], uploads=uploads, by=request.user
        )
        return Response({**episode_json(episode), "duplicate": not created}, status=201 if created else 200)


def _upload(project_id: int, upload_id: object) -> Upload:
    upload = Upload.objects.select_related("blob").filter(pk=upload_id, project_id=project_id).first()
    if upload is None:
        raise invalid("This upload is not there (any more): send the file again.", code="no_such_upload")
    return upload


class EpisodeApi(APIView):
    @extend_schema(responses=EpisodeOutput)
    def get(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id)
        return Response(episode_json(with_samples(episodes_of(episode.project_id)).get(pk=episode.pk)))
