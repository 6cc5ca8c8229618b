"""REST endpoints of review."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import REVIEW, access_project
from apps.annotation.api import AnnotationOutput, AnnotationRow
from apps.annotation.selectors import access_annotation, annotation_json, annotation_row
from apps.core.api import read
from apps.review.models import Verdict
from apps.review.selectors import verdicts_json, waiting_for
from apps.review.services import review_start, verdict_give


class VerdictOutput(serializers.Serializer):
    reviewer = serializers.CharField()
    decision = serializers.ChoiceField(Verdict.Decision.choices)
    comment = serializers.CharField()
    created = serializers.DateTimeField()
    revision = serializers.IntegerField()


class ReviewQueueApi(APIView):
    @extend_schema(responses=AnnotationRow(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        return Response([annotation_row(each) for each in waiting_for(request.user, project.pk)])


class ReviewStartApi(APIView):
    @extend_schema(request=None, responses=AnnotationOutput)
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=REVIEW)
        review_start(
            annotation=annotation, by=request.user, permissions=annotation.episode.project.permissions
        )
        return Response(annotation_json(annotation, request.user))


class VerdictsApi(APIView):
    class VerdictsInput(serializers.Serializer):
        decision = serializers.ChoiceField(Verdict.Decision.choices)
        comment = serializers.CharField(allow_blank=True, default="", max_length=5000)
        revision = serializers.IntegerField(min_value=0)

    @extend_schema(responses=VerdictOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        return Response(verdicts_json(access_annotation(request.user, annotation_id)))

    @extend_schema(request=VerdictsInput, responses={201: VerdictOutput(many=True)})
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=REVIEW)
        permissions = annotation.episode.project.permissions
        verdict_give(
            annotation=annotation,
            by=request.user,
            permissions=permissions,
            **read(self.VerdictsInput, request.data),
        )
        return Response(verdicts_json(annotation), status=201)
