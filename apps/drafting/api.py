"""REST endpoint of drafts."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import ANNOTATE
from apps.annotation.selectors import access_annotation
from apps.core.api import read
from apps.core.sentences import say
from apps.drafting.services import draft_from_template

NOTE = "Put together by a template from your earlier choices: read it and make it say what really happened."


class DraftsApi(APIView):
    class DraftsInput(serializers.Serializer):
        event = serializers.CharField()
        provider = serializers.ChoiceField(["template"], default="template")

    class DraftsOutput(serializers.Serializer):
        id = serializers.IntegerField()
        state = serializers.CharField()
        provider = serializers.CharField()
        texts = serializers.DictField(child=serializers.CharField())
        note = serializers.CharField()

    @extend_schema(request=DraftsInput, responses={201: DraftsOutput})
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        fields = read(self.DraftsInput, request.data)
        draft = draft_from_template(annotation=annotation, event_id=fields["event"], by=request.user)
        body = {"id": draft.pk, "state": draft.state, "provider": draft.provider, "texts": draft.texts}
        return Response({**body, "note": say(NOTE)}, status=201)
