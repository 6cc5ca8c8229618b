"""REST endpoints of the queue: next, skip, flag; order, assign, reopen, gold, settings; predictions; time."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import ANNOTATE, MANAGE, PREDICT, REVIEW, access_project
from apps.annotation.api import AnnotationOutput, ClaimOutput, claim_json
from apps.annotation.models import Gold, Prediction, QueueSettings
from apps.annotation.predictions import prediction_json, predictions_put
from apps.annotation.queue import queue_next, queue_next_anywhere, settings_of
from apps.annotation.selectors import access_annotation, annotation_json
from apps.annotation.services import episode_claim
from apps.annotation.steering import (
    access_flag,
    access_gold,
    annotation_reopen,
    episode_flag,
    episode_place,
    episode_skip,
    flag_json,
    flag_resolve,
    flags_of,
    gold_mark,
    gold_unmark,
    settings_change,
)
from apps.annotation.times import STAGES, active_seconds, time_report
from apps.core.api import read
from apps.core.errors import AppError, not_found
from apps.episodes.models import Episode
from apps.episodes.selectors import access_episode

LARGEST = 2**31 - 1
PRIORITY = {"min_value": -1000, "max_value": 1000}


class ReasonInput(serializers.Serializer):
    reason = serializers.CharField(allow_blank=True, max_length=2000)


def _given(request: Request, episode: Episode | None) -> Response:
    if episode is None:
        raise AppError("queue_empty", "There is no open episode for you in this project.", status=404)
    return Response(claim_json(*episode_claim(episode=episode, by=request.user)))


class QueueNextApi(APIView):
    """The next episode for the asker, leased to them; what was sent back to them comes first."""

    @extend_schema(request=None, responses=ClaimOutput)
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=ANNOTATE)
        return _given(request, queue_next(project_id=project.pk, by=request.user))


class QueueNextAnywhereApi(APIView):
    """As in one project, over all of the asker's, by the projects' priority."""

    @extend_schema(request=None, responses=ClaimOutput)
    def post(self, request: Request) -> Response:
        return _given(request, queue_next_anywhere(by=request.user))


class SkipApi(APIView):
    class SkipOutput(serializers.Serializer):
        episode = serializers.IntegerField()
        reason = serializers.CharField()

    @extend_schema(request=ReasonInput, responses={201: SkipOutput})
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=ANNOTATE)
        skip = episode_skip(episode=episode, by=request.user, **read(ReasonInput, request.data))
        return Response({"episode": episode.pk, "reason": skip.reason}, status=201)


class FlagOutput(serializers.Serializer):
    id = serializers.IntegerField()
    episode = serializers.IntegerField()
    task = serializers.CharField()
    number = serializers.IntegerField()
    by = serializers.CharField()
    reason = serializers.CharField()
    created = serializers.DateTimeField()
    resolved = serializers.DateTimeField(allow_null=True)
    resolved_by = serializers.CharField(allow_null=True)
    answer = serializers.CharField()


class EpisodeFlagsApi(APIView):
    @extend_schema(request=ReasonInput, responses={201: FlagOutput})
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=ANNOTATE)
        flag = episode_flag(episode=episode, by=request.user, **read(ReasonInput, request.data))
        return Response(flag_json(flag), status=201)


class FlagsApi(APIView):
    @extend_schema(responses=FlagOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        return Response([flag_json(flag) for flag in flags_of(project.pk)])


class FlagApi(APIView):
    class FlagInput(serializers.Serializer):
        answer = serializers.CharField(allow_blank=True, max_length=2000)

    @extend_schema(request=FlagInput, responses=FlagOutput)
    def post(self, request: Request, flag_id: int) -> Response:
        flag = access_flag(request.user, flag_id)
        fields = read(self.FlagInput, request.data)
        return Response(flag_json(flag_resolve(flag=flag, by=request.user, **fields)))


class QueuePlaceApi(APIView):
    """An episode's place in the queue: its priority, and whose it is."""

    class PlaceFields(serializers.Serializer):
        priority = serializers.IntegerField(required=False, **PRIORITY)
        assignee = serializers.CharField(
            required=False, allow_null=True, help_text="A name; null is anybody."
        )

    @extend_schema(request=PlaceFields, responses=PlaceFields)
    def patch(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=MANAGE)
        episode = episode_place(episode=episode, by=request.user, **read(self.PlaceFields, request.data))
        assignee = episode.assignee.username if episode.assignee else None
        return Response({"priority": episode.priority, "assignee": assignee})


class QueueSettingsApi(APIView):
    class SettingsFields(serializers.Serializer):
        priority = serializers.IntegerField(required=False, **PRIORITY)
        double_share = serializers.FloatField(required=False, min_value=0.0, max_value=1.0)
        gold_share = serializers.FloatField(required=False, min_value=0.0, max_value=1.0)

    @extend_schema(responses=SettingsFields)
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        return Response(_settings_json(settings_of(project.pk)))

    @extend_schema(request=SettingsFields, responses=SettingsFields)
    def patch(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        fields = read(self.SettingsFields, request.data)
        return Response(_settings_json(settings_change(project=project, by=request.user, **fields)))


def _settings_json(row: QueueSettings) -> dict[str, Any]:
    return {"priority": row.priority, "double_share": row.double_share, "gold_share": row.gold_share}


class ReopenApi(APIView):
    @extend_schema(request=ReasonInput, responses=AnnotationOutput)
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=MANAGE)
        permissions = annotation.episode.project.permissions
        fields = read(ReasonInput, request.data)
        annotation_reopen(annotation=annotation, by=request.user, permissions=permissions, **fields)
        return Response(annotation_json(annotation, request.user))


class GoldOutput(serializers.Serializer):
    id = serializers.IntegerField()
    annotation = serializers.IntegerField()
    episode = serializers.IntegerField()
    created = serializers.DateTimeField()


def _gold_json(gold: Gold) -> dict[str, Any]:
    annotation = gold.annotation
    return {
        "id": gold.pk,
        "annotation": annotation.pk,
        "episode": annotation.episode_id,
        "created": gold.created,
    }


class GoldsApi(APIView):
    """Approved annotations that others are measured by; only admins know which."""

    class GoldsInput(serializers.Serializer):
        annotation = serializers.IntegerField(min_value=1, max_value=LARGEST)

    @extend_schema(responses=GoldOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        rows = Gold.objects.filter(annotation__episode__project=project).select_related("annotation")
        return Response([_gold_json(each) for each in rows])

    @extend_schema(request=GoldsInput, responses={201: GoldOutput})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=MANAGE)
        pk = read(self.GoldsInput, request.data)["annotation"]
        annotation = access_annotation(request.user, pk, need=MANAGE)
        if annotation.episode.project_id != project.pk:
            raise not_found("annotation")
        return Response(_gold_json(gold_mark(annotation=annotation, by=request.user)), status=201)


class GoldApi(APIView):
    @extend_schema(responses={204: None})
    def delete(self, request: Request, gold_id: int) -> Response:
        gold_unmark(gold=access_gold(request.user, gold_id), by=request.user)
        return Response(status=204)


class FactsInput(serializers.Serializer):
    """What a model says of an episode's first failure event; any of it may be left out."""

    outcome = serializers.ChoiceField(["successful", "failed", "cannot_tell"], required=False)
    failure_type = serializers.CharField(required=False, max_length=64)
    subtask = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)
    avoidance_frame = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST)
    correction_frame = serializers.IntegerField(required=False, min_value=0, max_value=LARGEST)
    avoidance_command = serializers.DictField(required=False, help_text="As a command in a document.")
    correction_command = serializers.DictField(required=False)


class PredictionsApi(APIView):
    """A model's words on episodes: unsure ones are annotated first, differing annotations reviewed first."""

    class PredictionsInput(serializers.Serializer):
        class PredictedEpisode(serializers.Serializer):
            episode = serializers.IntegerField(min_value=1, max_value=LARGEST)
            uncertainty = serializers.FloatField(min_value=0.0, max_value=1.0, help_text="0 is sure.")
            facts = FactsInput(required=False, default=dict)

        source = serializers.CharField(max_length=120, help_text="The model's name and version.")
        predictions = PredictedEpisode(many=True, allow_empty=False, max_length=1000)

    class PredictionsOutput(serializers.Serializer):
        episode = serializers.IntegerField()
        source = serializers.CharField()
        facts = serializers.DictField()
        uncertainty = serializers.FloatField()
        created = serializers.DateTimeField()

    class PredictionsKept(serializers.Serializer):
        kept = serializers.IntegerField()

    @extend_schema(responses=PredictionsOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=REVIEW)
        rows = Prediction.objects.filter(episode__project=project).order_by("pk")
        return Response([prediction_json(each) for each in rows])

    @extend_schema(request=PredictionsInput, responses={201: PredictionsKept})
    def post(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id, need=PREDICT)
        fields = read(self.PredictionsInput, request.data)
        kept = predictions_put(project_id=project.pk, source=fields["source"], rows=fields["predictions"])
        return Response({"kept": kept}, status=201)


class TimeApi(APIView):
    """The active seconds of one opened page so far, by stage; sent with each heartbeat."""

    class TimeInput(serializers.Serializer):
        session = serializers.UUIDField(help_text="Of the opened page; a new one each time it is opened.")
        seconds = serializers.DictField(
            child=serializers.FloatField(min_value=0.0, max_value=1e6),
            help_text=f"Sums since the page was opened, of {', '.join(STAGES)}.",
        )

    class BelievedTime(serializers.Serializer):
        seconds = serializers.FloatField(help_text="What is believed of it.")

    @extend_schema(request=TimeInput, responses=BelievedTime)
    def post(self, request: Request, annotation_id: int) -> Response:
        annotation = access_annotation(request.user, annotation_id, need=ANNOTATE)
        row = time_report(annotation=annotation, by=request.user, **read(self.TimeInput, request.data))
        return Response({"seconds": active_seconds(row)})
