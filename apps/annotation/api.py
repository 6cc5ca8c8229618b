"""REST endpoints of leases and annotations."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import ANNOTATE
from apps.annotation.drawing import drawn_keyframe
from apps.annotation.leases import lease_release, lease_renew
from apps.annotation.models import Annotation, Lease
from apps.annotation.selectors import (
    access_annotation,
    annotation_json,
    annotation_row,
    annotations_of,
    lease_json,
    problems_of,
)
from apps.annotation.services import annotation_submit, episode_claim, operations_apply
from apps.core.api import read
from apps.episodes.selectors import access_episode


class LeaseOutput(serializers.Serializer):
    holder = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ClaimOutput(serializers.Serializer):
    annotation = serializers.IntegerField()
    episode = serializers.IntegerField()
    lease = LeaseOutput(allow_null=True)
    url = serializers.CharField()
    returned = serializers.BooleanField(help_text="Whether a reviewer sent it back: look at its comments.")


class ProblemOutput(serializers.Serializer):
    path = serializers.ListField(child=serializers.CharField())
    message = serializers.CharField()


class AnnotationRow(serializers.Serializer):
    id = serializers.IntegerField()
    episode = serializers.IntegerField()
    annotator = serializers.CharField()
    state = serializers.ChoiceField(Annotation.State.choices)


class AnnotationOutput(AnnotationRow):
    project = serializers.IntegerField()
    revision = serializers.IntegerField()
    document = serializers.DictField()
    problems = ProblemOutput(many=True)
    lease = LeaseOutput(allow_null=True)
    taxonomy = serializers.DictField()
    editable = serializers.BooleanField()


def claim_json(annotation: Annotation, lease: Lease | None) -> dict[str, Any]:
    return {
        "annotation": annotation.pk,
        "episode": annotation.episode_id,
        "lease": lease_json(lease),
        "url": f"/annotate/{annotation.pk}/",
        "returned": annotation.state == Annotation.State.SENT_BACK,
    }


class ClaimApi(APIView):
    @extend_schema(request=None, responses=ClaimOutput)
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=ANNOTATE)
        return Response(claim_json(*episode_claim(episode=episode, by=request.user)))


class LeaseApi(APIView):
    """Heartbeat, and giving back."""

    @extend_schema(request=None, responses=LeaseOutput)
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=ANNOTATE)
        return Response(lease_json(lease_renew(episode=episode, by=request.user)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, episode_id: int) -> Response:
        lease_release(episode=access_episode(request.user, episode_id, need=ANNOTATE), by=request.user)
        return Response(status=204)


class AnnotationsApi(APIView):
    @extend_schema(responses=AnnotationRow(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        return Response([annotation_row(each) for each in annotations_of(request.user, project_id)])


class AnnotationApi(APIView):
    @extend_schema(responses=AnnotationOutput)
    def get(self, request: Request, annotation_id: int) -> Response:
        return Response(annotation_json(access_annotation(request.user, annotation_id), request.user))


class OperationsApi(APIView):
    """The only way to write an annotation: a batch of operations on a base revision, all or none."""

    class OperationsInput(serializers.Serializer):
        class AnnotationOperation(serializers.Serializer):
            id = serializers.UUIDField()
            op = serializers.CharField()
            path = serializers.ListField(child=serializers.CharField(), allow_empty=True)
            value = serializers.JSONField(required=False, allow_null=True)
            index = serializers.IntegerField(required=False)

        base = serializers.IntegerField(min_value=0)
        operations = AnnotationOperation(many=True)

    class OperationsOutput(serializers.Serializer):
        revision = serializers.IntegerField()
        acknowledged = serializers.ListField(child=serializers.UUIDField())
        document = serializers.DictField()
        problems = ProblemOutput(many=True)

    @extend_schema(request=OperationsInput, responses=OperationsOutput)
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        batch = read(self.OperationsInput, request.data)
        annotation = operations_apply(annotation=annotation, by=request.user, **batch)
        return Response(
            {
                "revision": annotation.revision,
                "acknowledged": [each["id"] for each in batch["operations"]],
                "document": annotation.document,
                "problems": problems_of(annotation),
            }
        )


class SubmitApi(APIView):
    class SubmitInput(serializers.Serializer):
        revision = serializers.IntegerField(min_value=0)

    @extend_schema(request=SubmitInput, responses=AnnotationOutput)
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        permissions = annotation.episode.project.permissions
        submitted = annotation_submit(
            annotation=annotation,
            by=request.user,
            permissions=permissions,
            **read(self.SubmitInput, request.data),
        )
        return Response(annotation_json(submitted, request.user))


class DrawnKeyframeApi(APIView):
    """A keyframe with its symbols, drawn as models and policies get it."""

    @extend_schema(responses={(200, "image/jpeg"): OpenApiTypes.BINARY})
    def get(self, request: Request, annotation_id: int, event: str, side: str) -> HttpResponse:
        annotation = access_annotation(request.user, annotation_id)
        jpeg = drawn_keyframe(annotation=annotation, event_id=event, side=side)
        return HttpResponse(jpeg, content_type="image/jpeg", headers={"Cache-Control": "private, no-cache"})
