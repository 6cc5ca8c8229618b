"""The forms in which episodes and their parts leave the API, for the OpenAPI schema."""

from rest_framework import serializers


class StillOutput(serializers.Serializer):
    number = serializers.IntegerField(help_text="Index in presentation order, from 0.")
    seconds = serializers.FloatField(help_text="From the first frame.")
    sha256 = serializers.CharField()
    url = serializers.CharField()


class CameraOutput(serializers.Serializer):
    name = serializers.CharField()
    is_head = serializers.BooleanField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()
    fps = serializers.FloatField()
    frame_count = serializers.IntegerField()
    duration = serializers.FloatField()
    codec = serializers.CharField()
    thumbnail = serializers.CharField(allow_null=True)
    proxy = serializers.CharField(allow_null=True)
    samples = StillOutput(many=True, required=False)


class EpisodeTask(serializers.Serializer):
    id = serializers.IntegerField()
    name = serializers.CharField()
    description = serializers.CharField()
    subtasks = serializers.ListField(child=serializers.CharField())
    priority = serializers.IntegerField()


class EpisodeOutput(serializers.Serializer):
    id = serializers.IntegerField()
    project = serializers.IntegerField()
    task = EpisodeTask()
    number = serializers.IntegerField()
    stem = serializers.CharField()
    state = serializers.CharField()
    rejection = serializers.CharField()
    progress = serializers.FloatField()
    priority = serializers.IntegerField(help_text="Higher comes first in the queue.")
    assignee = serializers.CharField(allow_null=True)
    has_signals = serializers.BooleanField()
    cameras = CameraOutput(many=True)
    duplicate = serializers.BooleanField(required=False)
