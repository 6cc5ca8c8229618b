"""REST endpoints of review: the queue, verdicts on one annotation or many, second looks."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import REVIEW, access_project
from apps.annotation.api import AnnotationOutput, AnnotationRow
from apps.annotation.selectors import access_annotation, annotation_json
from apps.core.api import read
from apps.review.audits import access_audit, audit_give, audit_json, audit_next
from apps.review.models import Verdict
from apps.review.queue import ORDERS, review_queue
from apps.review.risk import SIGNS
from apps.review.selectors import WAITING, verdicts_json
from apps.review.services import review_start, verdict_batch, verdict_give

LARGEST = 2**31 - 1
BATCH = 500


class VerdictOutput(serializers.Serializer):
    reviewer = serializers.CharField()
    decision = serializers.ChoiceField(Verdict.Decision.choices)
    comment = serializers.CharField()
    created = serializers.DateTimeField()
    revision = serializers.IntegerField()
    batch = serializers.BooleanField()


class SignOutput(serializers.Serializer):
    kind = serializers.ChoiceField(SIGNS)
    fact = serializers.CharField(help_text="Which fact others say otherwise; empty where it is about none.")
    weight = serializers.FloatField(help_text="Logarithm of the likelihood ratio.")


class ReviewRow(AnnotationRow):
    task = serializers.CharField()
    number = serializers.IntegerField()
    outcome = serializers.CharField()
    revision = serializers.IntegerField()
    submitted = serializers.DateTimeField()
    risk = serializers.FloatField(help_text="Probability that it holds an error, 0 to 1.")
    signs = SignOutput(many=True)


class ReviewQueueApi(APIView):
    class ReviewQueueQuery(serializers.Serializer):
        order = serializers.ChoiceField(ORDERS, default="oldest")
        task = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
        annotator = serializers.CharField(required=False)
        outcome = serializers.CharField(required=False)
        state = serializers.ChoiceField(list(WAITING), required=False)
        max_risk = serializers.FloatField(required=False, min_value=0.0, max_value=1.0)
        without = serializers.MultipleChoiceField(choices=SIGNS, required=False)

    @extend_schema(parameters=[ReviewQueueQuery], responses=ReviewRow(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        query = read(self.ReviewQueueQuery, request.query_params)
        return Response(review_queue(request.user, project.pk, **query))


class ReviewBatchApi(APIView):
    """Approve many: those that a filtered queue showed, each on the revision that it showed."""

    class ReviewBatchInput(serializers.Serializer):
        class SeenAnnotation(serializers.Serializer):
            id = serializers.IntegerField(min_value=1, max_value=LARGEST)
            revision = serializers.IntegerField(min_value=0, max_value=LARGEST)

        annotations = SeenAnnotation(many=True, allow_empty=False, max_length=BATCH)
        comment = serializers.CharField(allow_blank=True, default="", max_length=5000)

    class ReviewBatchOutput(serializers.Serializer):
        id = serializers.IntegerField()
        approved = serializers.BooleanField()
        code = serializers.CharField(help_text="Of the error, when it was refused.")
        message = serializers.CharField()

    @extend_schema(request=ReviewBatchInput, responses=ReviewBatchOutput(many=True))
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        fields = read(self.ReviewBatchInput, request.data)
        rows = verdict_batch(
            by=request.user, project_id=project.pk, seen=fields["annotations"], comment=fields["comment"]
        )
        return Response(rows)


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


class AuditOutput(serializers.Serializer):
    id = serializers.IntegerField()
    annotation = serializers.IntegerField()
    revision = serializers.IntegerField()
    erroneous = serializers.BooleanField(allow_null=True)
    comment = serializers.CharField()
    drawn = serializers.DateTimeField()
    decided = serializers.DateTimeField(allow_null=True)


class AuditNextApi(APIView):
    """A second look that chance chooses: the approved annotation that the asker is to look at again."""

    @extend_schema(request=None, responses=AuditOutput)
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        return Response(audit_json(audit_next(project_id=project.pk, by=request.user)))


class AuditApi(APIView):
    class AuditInput(serializers.Serializer):
        erroneous = serializers.BooleanField()
        comment = serializers.CharField(allow_blank=True, default="", max_length=5000)

    @extend_schema(request=AuditInput, responses=AuditOutput)
    def post(self, request: Request, audit_id: int) -> Response:
        audit = access_audit(request.user, audit_id)
        permissions = audit.annotation.episode.project.permissions
        fields = read(self.AuditInput, request.data)
        return Response(
            audit_json(audit_give(audit=audit, by=request.user, permissions=permissions, **fields))
        )
