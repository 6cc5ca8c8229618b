"""REST endpoints of drafts and proposals, as the annotator's and the reviewer's pages use them."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import ANNOTATE, MANAGE, access_project
from apps.annotation.selectors import access_annotation
from apps.core.api import read
from apps.drafting.budget import spent_by
from apps.drafting.models import Draft, Proposal
from apps.drafting.proposing import decision_record
from apps.drafting.selectors import (
    access_draft,
    access_proposal,
    draft_json,
    drafted_texts,
    drafts_of,
    proposal_json,
    proposals_for,
    said,
)
from apps.drafting.services import draft_request, draft_use_record
from apps.drafting.statistics import acceptance, waiting
from ml.prompts import TEXTS


class CallOutput(serializers.Serializer):
    provider = serializers.CharField()
    model = serializers.CharField()
    prompt_version = serializers.CharField()
    prompt_hash = serializers.CharField()
    frame_hashes = serializers.ListField(child=serializers.CharField())
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    is_estimate = serializers.BooleanField()
    cost = serializers.FloatField()
    latency = serializers.FloatField(allow_null=True)
    retries = serializers.IntegerField()


class DraftOutput(serializers.Serializer):
    id = serializers.IntegerField()
    event = serializers.CharField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(Draft.State.choices)
    provider = serializers.CharField()
    model = serializers.CharField()
    version = serializers.CharField()
    texts = serializers.DictField(child=serializers.CharField())
    problem = serializers.CharField()
    note = serializers.CharField()
    uses = serializers.DictField(child=serializers.BooleanField())
    call = CallOutput(allow_null=True)


class DraftingApi(APIView):
    """Whether models are at work in a project, what they cost, and what became of what they wrote."""

    class DraftingOutput(serializers.Serializer):
        waiting = serializers.BooleanField()
        cost = serializers.FloatField()
        tokens = serializers.IntegerField()
        acceptance = serializers.DictField()

    @extend_schema(responses=DraftingOutput)
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        spent = spent_by(project)
        body = {"waiting": waiting(project), "cost": float(spent.cost), "tokens": spent.tokens}
        return Response({**body, "acceptance": acceptance(project)})


class DraftsApi(APIView):
    """The drafts of an annotation; another one of the project's model, or of the template."""

    class DraftsInput(serializers.Serializer):
        event = serializers.CharField()
        provider = serializers.ChoiceField(["template", ""], default="")

    @extend_schema(responses=DraftOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id)
        return Response([said(draft_json(draft)) for draft in drafts_of(annotation)])

    @extend_schema(request=DraftsInput, responses={201: DraftOutput})
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        fields = read(self.DraftsInput, request.data)
        draft = draft_request(
            annotation=annotation, event_id=fields["event"], by=request.user, provider=fields["provider"]
        )
        return Response(said(draft_json(draft)), status=201)


class DraftUsesApi(APIView):
    """What the annotator does with one text of a draft."""

    class DraftUsesInput(serializers.Serializer):
        field = serializers.ChoiceField(list(TEXTS.values()))
        accepted = serializers.BooleanField()

    @extend_schema(request=DraftUsesInput, responses={201: DraftUsesInput})
    def post(self, request: Request, draft_id: int) -> Response:
        draft = access_draft(request.user, draft_id)
        use = draft_use_record(draft=draft, by=request.user, **read(self.DraftUsesInput, request.data))
        return Response({"field": use.field, "accepted": use.accepted}, status=201)


class DraftedTextsApi(APIView):
    """Each text beside the draft that it came from, for a comparison word by word."""

    class DraftedTextOutput(serializers.Serializer):
        event = serializers.CharField()
        field = serializers.ChoiceField(list(TEXTS.values()))
        draft = serializers.IntegerField()
        provider = serializers.CharField()
        model = serializers.CharField()
        drafted = serializers.CharField()
        final = serializers.CharField()
        accepted = serializers.BooleanField(allow_null=True)
        distance = serializers.FloatField()

    @extend_schema(responses=DraftedTextOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        return Response(drafted_texts(access_annotation(request.user, annotation_id)))


class ProposalsApi(APIView):
    """What models and robots propose for the episode of an annotation, with what was decided on it."""

    class ProposalOutput(serializers.Serializer):
        id = serializers.IntegerField()
        origin = serializers.ChoiceField(Proposal.Origin.choices)
        source = serializers.CharField()
        document = serializers.DictField()
        parts = serializers.ListField(child=serializers.CharField())
        decided = serializers.DictField(child=serializers.BooleanField())

    @extend_schema(responses=ProposalOutput(many=True))
    def get(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id)
        return Response([proposal_json(each, annotation) for each in proposals_for(annotation)])


class DecisionsApi(APIView):
    """What the annotator does with one part of a proposal; asked before the page does it."""

    class DecisionsInput(serializers.Serializer):
        proposal = serializers.IntegerField()
        part = serializers.CharField()
        accepted = serializers.BooleanField()

    class DecisionsOutput(serializers.Serializer):
        accepted = serializers.BooleanField()
        was_wrong = serializers.BooleanField()

    @extend_schema(request=DecisionsInput, responses={201: DecisionsOutput})
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        fields = read(self.DecisionsInput, request.data)
        decision = decision_record(
            proposal=access_proposal(annotation, fields["proposal"]),
            annotation=annotation,
            part=fields["part"],
            accepted=fields["accepted"],
            by=request.user,
        )
        return Response({"accepted": decision.accepted, "was_wrong": decision.was_wrong}, status=201)
