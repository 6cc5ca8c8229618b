"""What the values of an annotation can be: for this recording, this task and this project."""

from typing import Any

import pytest

from apps.annotation.models import Annotation, Operation
from apps.annotation.services import document_at
from tests.apps.annotation.saving import refusal, stored
from tests.work import ARROW, FRAMES, HEIGHT, SYMBOLS, WIDTH, edit, op, put

E1 = ("events", "e1")
CHOICES = [
    (put("outcome", value="maybe"), "successful, failed, cannot_tell"),
    (put(*E1, "failure_type", value="bad luck"), "task planning, gripper 6d-pose, gripper state, human"),
    (put(*E1, "subtask", value=0), "from 1 to 3"),
    (put(*E1, "subtask", value=4), "from 1 to 3"),
    (put(*E1, "subtask", value=True), "from 1 to 3"),
    (put(*E1, "avoidance", "frame", value=-1), f"from 0 to {FRAMES - 1}"),
    (put(*E1, "avoidance", "frame", value=FRAMES), f"from 0 to {FRAMES - 1}"),
    (put(*E1, "correction", "frame", value=1.5), f"from 0 to {FRAMES - 1}"),
    (put(*E1, "correction", "frame", value="3"), f"from 0 to {FRAMES - 1}"),
    (put("note", value=7), "5000"),
    (put(*E1, "reason", value="x" * 5001), "5000"),
    (put(*E1, "avoidance", "high_level", value=None), "5000"),
    (put(*E1, "avoidance", "command", value={"arms": [{"arm": "third", "grasp": "open"}]}), "left, right"),
    (put(*E1, "avoidance", "command", value={"arms": [{"arm": "left", "grasp": "throw"}]}), "open, close"),
    (put(*E1, "avoidance", "command", value={"arms": []}), "gripper"),
    (put(*E1, "avoidance", "command", value="Hold still."), "object"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={"id": "s", "type": "star"}), "move_arrow"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "colors": ["pink"]}), "red"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "end": ARROW["start"]}), ""),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "more": [1] * 9}), "start, end, colors"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "id": "s" * 65}), "64"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "id": "a/b"}), "letters"),
    (op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "colors": ["red"] * 13}), "12"),
    (op("add_event", "events", value={"id": "e" * 65}), "64"),
]  # fmt: skip


@pytest.mark.parametrize(("bad", "named"), CHOICES)
def test_a_value_that_cannot_be_is_refused_with_the_valid_choices(
    annotation: Annotation, bad: dict[str, Any], named: str
) -> None:
    error = refusal(annotation, 1, bad)

    assert (error.status, error.code) == (400, "invalid_operation")
    assert named in error.message
    assert error.message.strip()


BORDERS = [(0, 0), (WIDTH - 1, HEIGHT - 1)]
BEYOND = [(-1, 0), (0, -1), (WIDTH, 0), (0, HEIGHT), (10**12, 0)]


@pytest.mark.parametrize("symbol", SYMBOLS, ids=lambda each: each["type"])
def test_a_symbol_lies_inside_the_frame(annotation: Annotation, symbol: dict[str, Any]) -> None:
    """Every point of every kind, up to the last pixel and not beyond."""
    places = [name for name, value in symbol.items() if isinstance(value, list) and name != "colors"]
    assert places
    for place in places:
        for point in BORDERS:
            moved = {**symbol, place: list(point)}
            annotation = edit(annotation, op("put_symbol", *E1, "correction", "symbols", value=moved))
        for point in BEYOND:
            moved = {**symbol, place: list(point)}
            error = refusal(
                annotation, annotation.revision, op("put_symbol", *E1, "correction", "symbols", value=moved)
            )
            assert error.code == "invalid_operation"
            assert error.message


@pytest.mark.parametrize("field", ["outcome", "failure_type", "subtask", "frame", "command"])
def test_every_choice_can_be_taken_back(annotation: Annotation, field: str) -> None:
    path = {"outcome": [], "failure_type": E1, "subtask": E1}.get(field, (*E1, "avoidance"))
    value = {"outcome": "failed", "failure_type": "gripper state", "subtask": 1, "frame": 3}
    command = {"hold": True, "arms": []}

    annotation = edit(annotation, put(*path, field, value=value.get(field, command)))
    annotation = edit(annotation, put(*path, field, value=None))

    assert annotation.document == document_at(annotation, 1)


def test_an_annotation_is_bounded(annotation: Annotation) -> None:
    events = [op("add_event", "events", value={"id": f"x{n}"}) for n in range(20)]
    assert "at most 20" in refusal(annotation, 1, *events).message

    marks = [op("put_symbol", *E1, "avoidance", "symbols", value={**ARROW, "id": f"s{n}"}) for n in range(51)]
    assert "at most 50" in refusal(annotation, 1, *marks).message
    assert stored(annotation)[0] == 1
    assert Operation.objects.filter(annotation=annotation).count() == 1
    assert edit(annotation, *events[:19], *marks[:50]).revision == 70
