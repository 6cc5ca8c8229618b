"""The states of a draft (decisions: requested, streaming, ready, failed)."""

from apps.core.states import Machine, transition

draft_states = Machine(
    "draft",
    transition("stream", "requested", "streaming", need="system"),
    transition("finish", "requested|streaming", "ready", need="system"),
    transition("fail", "requested|streaming", "failed", need="system"),
)
