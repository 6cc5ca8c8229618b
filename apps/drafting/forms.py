"""Forms of the drafting page; their labels stand in the template."""

from typing import Any

from django import forms
from django.conf import settings

from apps.accounts.models import Project
from apps.drafting.models import Adapter, Drafting, Endpoint, ModelChoice, Purpose
from apps.drafting.targets import choice_for, default_model


def adapters_for(purpose: str) -> list[str]:
    """A template proposes nothing; answers from a file only where whoever runs the site named one."""
    offered = ["openai", "off"] if purpose == Purpose.PROPOSE else ["openai", "template", "off"]
    return [*offered, "scripted"] if settings.DRAFTING_SCRIPT else offered


class ChoiceForm(forms.ModelForm):
    """Which model does one thing. An empty model means the site's default for it."""

    class Meta:
        model = ModelChoice
        fields = ["adapter", "endpoint", "model", "input_price", "output_price", "timeout", "max_tokens"]

    def __init__(self, project: Project, purpose: str, data: Any = None) -> None:
        super().__init__(data, instance=choice_for(project, purpose), prefix=purpose)
        labels = dict(Adapter.choices)
        choices = [(name, labels[name]) for name in adapters_for(purpose)]
        self.purpose, self.title = purpose, Purpose(purpose).label
        self.fields["adapter"] = forms.ChoiceField(choices=choices)
        self.fields["endpoint"] = forms.ModelChoiceField(
            Endpoint.objects.filter(project=project), required=False
        )
        for field in ("input_price", "output_price"):
            self.fields[field] = forms.DecimalField(min_value=0, max_digits=14, decimal_places=6)
        self.fields["timeout"] = forms.FloatField(min_value=1, max_value=600)
        self.fields["max_tokens"] = forms.IntegerField(min_value=16, max_value=32_000)
        self.fields["model"].widget.attrs["placeholder"] = default_model(purpose)


class DraftingForm(forms.ModelForm):
    """What counts for all models of a project. The pack is checked by the service."""

    class Meta:
        model = Drafting
        fields = ["budget", "token_budget", "wrong_share", "concurrency", "pack"]

    budget = forms.DecimalField(min_value=0, max_digits=14, decimal_places=6, required=False)
    token_budget = forms.IntegerField(min_value=0, max_value=10**15, required=False)
    wrong_share = forms.FloatField(min_value=0, max_value=1)
    concurrency = forms.IntegerField(min_value=1, max_value=64)
    pack = forms.CharField(required=False, strip=False, widget=forms.Textarea(attrs={"rows": 8}))


class EndpointForm(forms.Form):
    """Where a model is; for site admins."""

    name = forms.CharField(max_length=80)
    base_url = forms.CharField(max_length=500)
    key = forms.CharField(
        required=False, max_length=500, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )
