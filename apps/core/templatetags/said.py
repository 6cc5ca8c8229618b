"""`{{ sentence|said }}`: see `apps.core.sentences`."""

from typing import Any

from django import template

from apps.core.sentences import say

register = template.Library()


@register.filter
def said(sentence: Any) -> str:
    return say(str(sentence))
