"""REST endpoint of withdrawing an episode."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import MANAGE
from apps.core.api import read
from apps.episodes.selectors import access_episode
from apps.episodes.withdrawal import episode_withdraw, uses_of


class WithdrawalApi(APIView):
    """What used an episode; and withdrawing it, which erases its media for good."""

    class WithdrawalInput(serializers.Serializer):
        reason = serializers.CharField(allow_blank=True, max_length=2000)

    class WithdrawalOutput(serializers.Serializer):
        class EpisodeUse(serializers.Serializer):
            kind = serializers.CharField(help_text="release, model, run.")
            id = serializers.IntegerField()
            title = serializers.CharField()
            url = serializers.CharField()

        state = serializers.CharField()
        uses = EpisodeUse(many=True)

    @extend_schema(responses=WithdrawalOutput)
    def get(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=MANAGE)
        return Response({"state": episode.state, "uses": uses_of(episode)})

    @extend_schema(request=WithdrawalInput, responses=WithdrawalOutput)
    def post(self, request: Request, episode_id: int) -> Response:
        episode = access_episode(request.user, episode_id, need=MANAGE)
        permissions = episode.project.permissions
        fields = read(self.WithdrawalInput, request.data)
        uses = episode_withdraw(episode=episode, by=request.user, permissions=permissions, **fields)
        return Response({"state": episode.state, "uses": uses})
