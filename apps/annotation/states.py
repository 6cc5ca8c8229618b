"""The states of an annotation (decisions: open, submitted, in review, approved, sent back)."""

from apps.core.states import Machine, transition

annotation_states = Machine(
    "annotation",
    transition("submit", "open|sent_back", "submitted", need="annotate", whose="own"),
    transition("start_review", "submitted", "in_review", need="review", whose="others'"),
    transition("approve", "in_review|submitted", "approved", need="review", whose="others'"),
    transition("send_back", "in_review|submitted", "sent_back", need="review", whose="others'", reason=True),
    # A second look found an error in what was approved.
    transition("recall", "approved", "sent_back", need="review", whose="others'", reason=True),
    transition("reopen", "submitted|in_review|approved", "sent_back", need="manage", reason=True),
    author="annotator_id",
)
