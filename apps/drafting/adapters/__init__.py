"""Adapters: one function each that sends a prompt and yields the answer. The template needs none of them."""

from apps.drafting.adapters import openai, scripted
from apps.drafting.adapters.base import Piece, Prompt, Stream, Target, Trouble

ADAPTERS: dict[str, Stream] = {"openai": openai.stream, "scripted": scripted.stream}

__all__ = ["ADAPTERS", "Piece", "Prompt", "Stream", "Target", "Trouble"]
