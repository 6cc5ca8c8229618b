"""The states of an annotation (decisions: open, submitted, in review, approved, sent back)."""

from apps.core.states import Machine, transition

annotation_states = Machine(
    "annotation",
    transition("submit", "open|sent_back", "submitted", need="annotate"),
    transition("start_review", "submitted", "in_review", need="review"),
    transition("approve", "in_review|submitted", "approved", need="review"),
    transition("send_back", "in_review|submitted", "sent_back", need="review"),
)
