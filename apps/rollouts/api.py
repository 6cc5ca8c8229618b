"""REST endpoints of runs and rollouts."""

import uuid

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import UPLOAD, access_project
from apps.core.sentences import say
from apps.episodes.schema import CameraOutput
from apps.rollouts.models import Rollout
from apps.rollouts.selectors import (
    access_rollout,
    rollout_in_full,
    run_json,
    runs_of,
    upload_of_rollout,
)


class RolloutOutput(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.UUIDField()
    trial = serializers.IntegerField()
    task = serializers.CharField()
    episode = serializers.IntegerField()
    episode_state = serializers.CharField()
    outcome = serializers.ChoiceField(Rollout.Outcome.choices)
    outcome_by = serializers.CharField(allow_blank=True)
    mode = serializers.CharField(allow_blank=True)
    interventions = serializers.IntegerField()
    seconds = serializers.FloatField()
    started = serializers.DateTimeField()
    url = serializers.CharField()


class RunOutput(serializers.Serializer):
    id = serializers.IntegerField()
    key = serializers.CharField()
    origin = serializers.CharField()
    robot = serializers.CharField(allow_blank=True)
    policy = serializers.CharField(allow_blank=True)
    supervisor = serializers.CharField(allow_blank=True)
    outcomes = serializers.DictField(child=serializers.IntegerField())
    rollouts = RolloutOutput(many=True)


class RolloutInFull(RolloutOutput):
    run = serializers.DictField(child=serializers.CharField(allow_blank=True))
    rejection = serializers.CharField(allow_blank=True)
    cameras = CameraOutput(many=True)
    events = serializers.ListField(
        child=serializers.JSONField(),
        help_text="Each with seconds, kind and data, in the order they happened.",
    )
    proposals = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))


class RunsApi(APIView):
    @extend_schema(responses=RunOutput(many=True))
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        return Response([run_json(run) for run in runs_of(project.pk)])


class RolloutApi(APIView):
    @extend_schema(responses=RolloutInFull)
    def get(self, request: Request, rollout_id: int) -> Response:
        return Response(rollout_in_full(access_rollout(request.user, rollout_id)))


class RolloutByKeyApi(APIView):
    """Whether a robot's rollout is here, by the id that the robot gave it."""

    class RolloutByKeyOutput(serializers.Serializer):
        state = serializers.CharField()
        problem = serializers.CharField(allow_blank=True)

    @extend_schema(responses=RolloutByKeyOutput)
    def get(self, request: Request, project_id: int, key: uuid.UUID) -> Response:
        project = access_project(request.user, project_id, need=UPLOAD)
        state, problem = upload_of_rollout(project, key)
        return Response({"state": state, "problem": say(problem)})
