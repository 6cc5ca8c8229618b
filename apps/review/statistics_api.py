"""REST endpoint of a project's figures; their meaning is told in `statistics`."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.permissions import access_project
from apps.core.api import read
from apps.review.statistics import statistics

LARGEST = 2**31 - 1


def _share(help_text: str = "") -> Any:
    return serializers.FloatField(allow_null=True, help_text=help_text)


class SpreadOutput(serializers.Serializer):
    n = serializers.IntegerField()
    median = _share()
    mean = _share()


class KappaOutput(serializers.Serializer):
    n = serializers.IntegerField()
    observed = _share("Share of equal labels.")
    kappa = _share("Cohen's kappa; null where it is not defined.")


class MeanOutput(serializers.Serializer):
    n = serializers.IntegerField()
    mean = _share()


class AgreementOutput(serializers.Serializer):
    class KeyframesOutput(serializers.Serializer):
        class ApartOutput(SpreadOutput):
            within_second = _share("Share that lies at most a second apart.")

        avoidance = ApartOutput(help_text="Seconds apart.")
        correction = ApartOutput()

    pairs = serializers.IntegerField()
    detection = KappaOutput()
    failure_type = KappaOutput()
    subtask = KappaOutput()
    keyframes = KeyframesOutput()
    symbols = MeanOutput(help_text="F1 of the symbols, 0 to 1.")
    commands = MeanOutput(help_text="Share of equal commands.")


class FunnelOutput(serializers.Serializer):
    """Episodes; from imported to released each step holds the next."""

    imported = serializers.IntegerField()
    ready = serializers.IntegerField()
    begun = serializers.IntegerField()
    handed_in = serializers.IntegerField()
    approved = serializers.IntegerField()
    released = serializers.IntegerField()
    sent_back = serializers.IntegerField()
    rejected = serializers.IntegerField()
    withdrawn = serializers.IntegerField()


class DayOutput(serializers.Serializer):
    date = serializers.DateField()
    handed_in = serializers.IntegerField()
    approved = serializers.IntegerField()
    sent_back = serializers.IntegerField()


class TimeOutput(serializers.Serializer):
    """Active seconds for each annotation."""

    diagnosis = SpreadOutput()
    guidance = SpreadOutput()
    texts = SpreadOutput()
    review = SpreadOutput()
    total = SpreadOutput(help_text="Of the annotator's three stages.")


class DraftFiguresOutput(serializers.Serializer):
    """Drafted texts of what was handed in, and proposed parts of stages 1 and 2."""

    texts = serializers.IntegerField()
    accepted = serializers.IntegerField(help_text="Texts that were taken from the draft.")
    acceptance = _share("Of texts.")
    unchanged = serializers.IntegerField(help_text="Texts that stand as they were drafted.")
    distance = _share("Mean share of words that were changed, 0 to 1.")
    parts = serializers.IntegerField()
    parts_accepted = serializers.IntegerField()
    seeded = serializers.IntegerField(help_text="Parts that were wrong on purpose.")
    caught = serializers.IntegerField(help_text="Those of them that were turned down.")


class TaskTypesOutput(serializers.Serializer):
    task = serializers.IntegerField()
    name = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="By failure type.")


class TaskFiguresOutput(serializers.Serializer):
    task = serializers.IntegerField()
    name = serializers.CharField()
    imported = serializers.IntegerField()
    handed_in = serializers.IntegerField()
    approved = serializers.IntegerField()
    seconds = SpreadOutput()


class PersonFiguresOutput(serializers.Serializer):
    username = serializers.CharField()
    handed_in = serializers.IntegerField()
    approved = serializers.IntegerField()
    sent_back = serializers.IntegerField()
    seconds = SpreadOutput()
    agreement = AgreementOutput()
    gold = AgreementOutput(allow_null=True, help_text="For admins only: gold episodes are hidden.")


class ResidualErrorOutput(serializers.Serializer):
    estimate = _share("Share of wrong ones among approved annotations.")
    low = serializers.FloatField(help_text="Of the 95 % interval.")
    high = serializers.FloatField()
    n = serializers.IntegerField(help_text="Second looks.")


class StatisticsApi(APIView):
    class StatisticsQuery(serializers.Serializer):
        days = serializers.IntegerField(min_value=1, max_value=366, default=30)
        task = serializers.IntegerField(required=False, min_value=1, max_value=LARGEST)

    class StatisticsOutput(serializers.Serializer):
        days = serializers.IntegerField()
        scope = serializers.ChoiceField(
            ["all", "own"], help_text="Whose throughput, time, agreement, drafts, tasks' seconds and people."
        )
        funnel = FunnelOutput()
        throughput = DayOutput(many=True)
        time = TimeOutput()
        agreement = AgreementOutput()
        gold = AgreementOutput(allow_null=True, help_text="For admins only.")
        drafts = DraftFiguresOutput()
        failure_types = TaskTypesOutput(many=True)
        tasks = TaskFiguresOutput(many=True)
        people = PersonFiguresOutput(many=True)
        residual_error = ResidualErrorOutput()

    @extend_schema(parameters=[StatisticsQuery], responses=StatisticsOutput)
    def get(self, request: Request, project_id: int) -> Response:
        project = access_project(request.user, project_id)
        query = read(self.StatisticsQuery, request.query_params)
        return Response(statistics(project, request.user, **query))
