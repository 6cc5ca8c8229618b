"""The states of an episode (decisions: uploaded, ingesting, ready, rejected, withdrawn)."""

from apps.core.states import Machine, transition

episode_states = Machine(
    "episode",
    transition("ingest", "uploaded|ingesting", "ingesting", need="system"),
    transition("finish", "ingesting", "ready", need="system"),
    transition("reject", "uploaded|ingesting", "rejected", need="system"),
    transition("withdraw", "ready|rejected", "withdrawn", need="manage", reason=True),
)
