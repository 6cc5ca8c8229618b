"""REST endpoints of episodes that two people annotated differently."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import REVIEW, access_project
from apps.annotation.api import AnnotationRow
from apps.core.api import read
from apps.episodes.models import Episode
from apps.episodes.selectors import access_episode
from apps.review.disagreements import (
    comparison_json,
    disagreement_merge,
    disagreement_pick,
    disagreements,
)
from apps.review.models import Resolution

LARGEST = 2**31 - 1


class DifferenceOutput(serializers.Serializer):
    outcome = serializers.BooleanField()
    failure_type = serializers.BooleanField(allow_null=True)
    subtask = serializers.BooleanField(allow_null=True)
    avoidance_seconds = serializers.FloatField(allow_null=True)
    correction_seconds = serializers.FloatField(allow_null=True)
    symbols = serializers.FloatField(allow_null=True, help_text="F1, 0 to 1.")
    commands = serializers.BooleanField(allow_null=True)
    events = serializers.BooleanField(help_text="Whether both have as many failure events.")
    agrees = serializers.BooleanField()


class DisagreementOutput(serializers.Serializer):
    class ComparedAnnotation(AnnotationRow):
        revision = serializers.IntegerField()

    episode = serializers.IntegerField()
    task = serializers.CharField()
    number = serializers.IntegerField()
    agrees = serializers.BooleanField()
    differences = DifferenceOutput(many=True, help_text="Of each further annotation from the first.")
    annotations = ComparedAnnotation(many=True)


class ComparisonOutput(DisagreementOutput):
    class ComparedField(serializers.Serializer):
        path = serializers.CharField(help_text="Of the first failure event, as `take` names it.")
        values = serializers.DictField(help_text="By the annotation's id.")
        same = serializers.BooleanField()

    fields = ComparedField(many=True)  # type: ignore[assignment]


class DisagreementsApi(APIView):
    @extend_schema(responses=DisagreementOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        return Response(disagreements(request.user, project.pk))


class ComparisonApi(APIView):
    """The annotations of one episode side by side; pick one, or merge them."""

    class ComparisonInput(serializers.Serializer):
        kind = serializers.ChoiceField(Resolution.Kind.choices)
        annotation = serializers.IntegerField(
            min_value=1, max_value=LARGEST, help_text="Picked, or the base."
        )
        revision = serializers.IntegerField(
            min_value=0, max_value=LARGEST, default=0, help_text="Of what is picked, as it was looked at."
        )
        take = serializers.DictField(
            child=serializers.IntegerField(min_value=1, max_value=LARGEST),
            default=dict,
            help_text="For a merge: from which annotation each of these fields comes.",
        )
        why = serializers.CharField(allow_blank=True, default="", max_length=5000)

    class ResolutionOutput(serializers.Serializer):
        episode = serializers.IntegerField()
        kind = serializers.ChoiceField(Resolution.Kind.choices)
        chosen = serializers.IntegerField()
        why = serializers.CharField()

    @extend_schema(responses=ComparisonOutput)
    def get(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=REVIEW)
        return Response(comparison_json(request.user, episode))

    @extend_schema(request=ComparisonInput, responses={201: ResolutionOutput})
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=REVIEW)
        fields = read(self.ComparisonInput, request.data)
        row = _resolve(request, episode, **fields)
        body = {"episode": episode.pk, "kind": row.kind, "chosen": row.chosen_id, "why": row.why}
        return Response(body, status=201)


def _resolve(
    request: Request,
    episode: Episode,
    kind: str,
    annotation: int,
    revision: int,
    take: dict[str, int],
    why: str,
) -> Resolution:
    shared = {"episode": episode, "by": request.user, "why": why}
    shared["permissions"] = episode.project.permissions
    if kind == Resolution.Kind.PICK:
        return disagreement_pick(chosen=annotation, revision=revision, **shared)
    return disagreement_merge(base=annotation, take=take, **shared)
