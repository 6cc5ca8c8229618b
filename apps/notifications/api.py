"""REST endpoints of a person's own notifications."""

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.core.api import read
from apps.core.errors import forbidden
from apps.notifications.models import Digest, Notification
from apps.notifications.selectors import LATEST, digest_of, notification_json, notifications_of, unread_count
from apps.notifications.services import digest_set, notifications_read


def _person(request: Request) -> User:
    """What people are told of is theirs, and no machine's."""
    if request.user.token is not None:
        raise forbidden("a token", "a logged-in person")
    return request.user


class UnreadOutput(serializers.Serializer):
    unread = serializers.IntegerField()


class NotificationsApi(APIView):
    """Latest first; of projects that one is a member of."""

    class NotificationsOutput(UnreadOutput):
        class NotificationRow(serializers.Serializer):
            id = serializers.IntegerField()
            kind = serializers.ChoiceField(Notification.Kind.choices)
            project = serializers.CharField()
            sentence = serializers.CharField()
            words = serializers.CharField(help_text="What was said with it.")
            link = serializers.CharField()
            thumbnail = serializers.CharField(allow_null=True)
            created = serializers.DateTimeField()
            read = serializers.BooleanField()

        results = NotificationRow(many=True)

    @extend_schema(responses=NotificationsOutput)
    def get(self, request: Request) -> Response:
        person = _person(request)
        rows = [notification_json(row) for row in notifications_of(person)[:LATEST]]
        return Response({"unread": unread_count(person), "results": rows})


class NotificationsReadApi(APIView):
    class NotificationsReadInput(serializers.Serializer):
        up_to = serializers.IntegerField(min_value=0, max_value=2**31 - 1, help_text="The latest one seen.")

    @extend_schema(request=NotificationsReadInput, responses=UnreadOutput)
    def post(self, request: Request) -> Response:
        person = _person(request)
        notifications_read(user=person, **read(self.NotificationsReadInput, request.data))
        return Response({"unread": unread_count(person)})


class DigestApi(APIView):
    """How often what is unread comes by e-mail."""

    class DigestForm(serializers.Serializer):
        every = serializers.ChoiceField(Digest.Every.choices)

    @extend_schema(responses=DigestForm)
    def get(self, request: Request) -> Response:
        return Response({"every": digest_of(_person(request))})

    @extend_schema(request=DigestForm, responses=DigestForm)
    def put(self, request: Request) -> Response:
        digest = digest_set(user=_person(request), **read(self.DigestForm, request.data))
        return Response({"every": digest.every})
