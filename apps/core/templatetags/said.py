"""`{{ sentence|said }}`: see `apps.core.sentences`; `{{ number|unlocalized }}`: for attributes."""

from typing import Any

from django import template

from apps.core.sentences import say

register = template.Library()


@register.filter
def said(sentence: Any) -> str:
    return say(str(sentence))


@register.filter
def unlocalized(number: float) -> str:
    """A number as HTML's attributes want it, whatever the language."""
    return f"{number:.4g}"
