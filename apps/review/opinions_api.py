"""REST endpoints of marks on fields, and of comments pinned to a field or a frame."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import ANNOTATE, REVIEW
from apps.annotation.selectors import access_annotation
from apps.core.api import read
from apps.review.models import FieldVerdict
from apps.review.opinions import (
    access_comment,
    comment_add,
    comment_delete,
    comment_json,
    comment_resolve,
    comments_of,
    field_mark,
    field_unmark,
    field_verdicts_json,
)

LARGEST = 2**31 - 1


class FieldVerdictsApi(APIView):
    """A reviewer's marks, field by field; whole annotations are decided by verdicts."""

    class FieldVerdictsInput(serializers.Serializer):
        path = serializers.CharField(
            max_length=200, help_text="As in operations, joined by /: events/e1/reason."
        )
        mark = serializers.ChoiceField(
            [*FieldVerdict.Mark.choices, ("", "none")], allow_blank=True, help_text="Empty takes it back."
        )
        comment = serializers.CharField(allow_blank=True, default="", max_length=5000)
        revision = serializers.IntegerField(min_value=0, max_value=LARGEST)

    class FieldVerdictsOutput(serializers.Serializer):
        path = serializers.CharField()
        mark = serializers.ChoiceField(FieldVerdict.Mark.choices)
        comment = serializers.CharField()
        reviewer = serializers.CharField()
        revision = serializers.IntegerField()
        created = serializers.DateTimeField()

    @extend_schema(responses=FieldVerdictsOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        return Response(field_verdicts_json(access_annotation(request.user, annotation_id)))

    @extend_schema(request=FieldVerdictsInput, responses=FieldVerdictsOutput(many=True))
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=REVIEW)
        fields = read(self.FieldVerdictsInput, request.data)
        if fields["mark"]:
            field_mark(annotation=annotation, by=request.user, **fields)
        else:
            field_unmark(annotation=annotation, by=request.user, path=fields["path"])
        return Response(field_verdicts_json(annotation))


class CommentOutput(serializers.Serializer):
    id = serializers.IntegerField()
    annotation = serializers.IntegerField()
    by = serializers.CharField()
    text = serializers.CharField()
    path = serializers.CharField()
    camera = serializers.CharField()
    frame = serializers.IntegerField(allow_null=True)
    created = serializers.DateTimeField()
    resolved = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.CharField(allow_null=True)


class CommentsApi(APIView):
    """Between an annotator and their reviewers."""

    class CommentsInput(serializers.Serializer):
        text = serializers.CharField(max_length=5000)
        path = serializers.CharField(max_length=200, allow_blank=True, default="")
        camera = serializers.CharField(max_length=64, allow_blank=True, default="")
        frame = serializers.IntegerField(min_value=0, max_value=LARGEST, allow_null=True, default=None)

    @extend_schema(responses=CommentOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id)
        return Response([comment_json(each) for each in comments_of(annotation)])

    @extend_schema(request=CommentsInput, responses={201: CommentOutput})
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        comment = comment_add(
            annotation=annotation, by=request.user, **read(self.CommentsInput, request.data)
        )
        return Response(comment_json(comment), status=201)


class CommentApi(APIView):
    class CommentInput(serializers.Serializer):
        resolved = serializers.BooleanField()

    @extend_schema(request=CommentInput, responses=CommentOutput)
    def post(self, request: Request, comment_id: int) -> Response:
        comment = access_comment(request.user, comment_id)
        fields = read(self.CommentInput, request.data)
        return Response(comment_json(comment_resolve(comment=comment, by=request.user, **fields)))

    @extend_schema(responses={204: None})
    def delete(self, request: Request, comment_id: int) -> Response:
        comment_delete(comment=access_comment(request.user, comment_id), by=request.user)
        return Response(status=204)
