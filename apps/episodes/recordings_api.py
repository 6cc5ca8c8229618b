"""REST endpoints of robots' recordings that were uploaded: look into one, import it, what came of it."""

import base64
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import UPLOAD, access_project
from apps.core.api import read
from apps.core.errors import not_found
from apps.core.sentences import say
from apps.episodes.queueing import enqueue_recordings
from apps.episodes.selectors import access_task
from apps.episodes.uploaded_recordings import access_upload, import_state, note_imported, opened
from apps.episodes.video import encode_jpeg
from robot.formats import ORDERS, FormatRejected, Found

SHOWN = 200


class RecordingOutput(serializers.Serializer):
    name = serializers.CharField()
    rows = serializers.IntegerField()
    fps = serializers.FloatField(allow_null=True)
    order = serializers.CharField(allow_null=True, help_text="rgb or bgr; null where it is not stated.")
    task = serializers.CharField(allow_blank=True)
    cameras = serializers.ListField(child=serializers.CharField())
    pictures = serializers.DictField(
        child=serializers.CharField(), help_text="The first frame, by channel order."
    )
    problem = serializers.CharField(allow_blank=True)


class RecordingsPlanApi(APIView):
    """What is in an upload. A recording that states no channel order comes with a picture of both."""

    class RecordingsPlanInput(serializers.Serializer):
        upload = serializers.UUIDField()

    @extend_schema(request=RecordingsPlanInput, responses=RecordingOutput(many=True))
    def post(self, request: Request, project_id: int) -> Response:
        access_project(request.user, project_id, need=UPLOAD)
        upload = access_upload(project_id, read(self.RecordingsPlanInput, request.data)["upload"])
        with opened(upload) as found:
            return Response([_described(each) for each in found[:SHOWN]])


def _described(found: Found) -> dict[str, Any]:
    empty: dict[str, Any] = {"rows": 0, "fps": None, "order": None, "task": "", "cameras": [], "pictures": {}}
    try:
        recording = found.read()
        both = recording.first_both_ways(next(iter(recording.cameras)))
    except FormatRejected as problem:
        return {"name": found.name, **empty, "problem": say(str(problem))}
    shown = {} if recording.order else {order: _data_url(both[order]) for order in ORDERS}
    return {
        "name": recording.name,
        "rows": recording.rows,
        "fps": recording.fps,
        "order": recording.order,
        "task": recording.task,
        "cameras": list(recording.cameras),
        "pictures": shown,
        "problem": "",
    }


def _data_url(picture: Any) -> str:
    return f"data:image/jpeg;base64,{base64.b64encode(encode_jpeg(picture)).decode()}"


class RecordingsApi(APIView):
    """Import what an upload holds; it goes on in the background."""

    class RecordingsInput(serializers.Serializer):
        upload = serializers.UUIDField()
        task = serializers.IntegerField(
            required=False, help_text="Else each recording's text names its task."
        )
        fps = serializers.FloatField(required=False, min_value=1, max_value=1000)
        order = serializers.ChoiceField(ORDERS, required=False)
        head = serializers.CharField(required=False, max_length=64)

    @extend_schema(request=RecordingsInput, responses={202: None})
    def post(self, request: Request, project_id: int) -> Response:
        access_project(request.user, project_id, need=UPLOAD)
        fields = read(self.RecordingsInput, request.data)
        upload = access_upload(project_id, fields.pop("upload"))
        if (
            "task" in fields
            and access_task(request.user, fields["task"], need=UPLOAD).project_id != project_id
        ):
            raise not_found("task")
        note_imported(upload, [], done=False)
        enqueue_recordings(str(upload.pk), request.user.pk, fields)
        return Response(status=202)


class RecordingsStateApi(APIView):
    """What became of an upload's recordings so far: a sentence for each."""

    class RecordingsStateOutput(serializers.Serializer):
        class ImportedOutput(serializers.Serializer):
            sentence = serializers.CharField()
            taken = serializers.BooleanField()

        done = serializers.BooleanField()
        recordings = ImportedOutput(many=True)

    @extend_schema(responses=RecordingsStateOutput)
    def get(self, request: Request, project_id: int, upload_id: str) -> Response:
        access_project(request.user, project_id, need=UPLOAD)
        state = import_state(project_id, upload_id)
        if state is None:
            raise not_found("import")
        said = [{**each, "sentence": say(each["sentence"])} for each in state["recordings"]]
        return Response({**state, "recordings": said})
