"""Junk to every endpoint that reads JSON: the answer is never a fault of ours."""

import json
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.annotation.document import apply
from tests.api.scene import Operation, Scene, operations
from tests.people import Api
from tests.work import COMMAND, SYMBOLS, begin, edit, event_operations, make_task, ready

FUZZED = [each for each in operations() if each.body is not None]

text = st.text(max_size=8) | st.sampled_from(["", "\0", "\ud800", "cam_high", "../../x", "é" * 300, "admin"])
numbers = st.integers() | st.sampled_from([-1, 0, 1, 2**31, 2**63, 10**40]) | st.floats()
scalars = st.none() | st.booleans() | numbers | text
junk = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3),
    max_leaves=6,
)
quick = settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def bodies(operation: Operation, plausible: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Anything; and the fields of the schema, each with junk or with something that could be."""
    fields = {name: junk | st.just(plausible.get(name)) for name in operation.body or {}}
    return junk | st.fixed_dictionaries({}, optional=fields)


def plausible_fields(scene: Scene) -> dict[str, Any]:
    return {
        "username": "ben",
        "password": "x",
        "name": "some_name",
        "role": "reviewer",
        "scopes": ["read"],
        "description": "Do it.",
        "subtasks": ["One."],
        "names": ["a_cam_high.mp4"],
        "task": scene.places["task_id"],
        "stem": "a",
        "cameras": {"cam_high": "00000000-0000-4000-8000-000000000000"},
        "base": 0,
        "operations": [],
        "revision": 0,
        "event": "e1",
        "decision": "approve",
        "field": "reason",
        "accepted": True,
        "part": "outcome",
        "embodiment": {"arms": ["left"]},
        "reason": "Because.",
        "answer": "It is well.",
        "priority": 1,
        "assignee": "ben",
        "double_share": 0.1,
        "gold_share": 0.1,
        "annotation": scene.places["annotation_id"],
        "annotations": [{"id": scene.places["annotation_id"], "revision": 0}],
        "source": "a model",
        "predictions": [{"episode": scene.places["episode_id"], "uncertainty": 0.5, "facts": {}}],
        "session": "00000000-0000-4000-8000-000000000000",
        "seconds": {"diagnosis": 1.0},
        "path": "events/e1/reason",
        "mark": "wrong",
        "comment": "No.",
        "text": "No.",
        "camera": "cam_high",
        "frame": 3,
        "resolved": True,
        "kind": "pick",
        "take": {"reason": scene.places["annotation_id"]},
        "why": "It is better.",
        "erroneous": True,
    }


@pytest.mark.parametrize("operation", FUZZED, ids=lambda each: each.name)
def test_junk_is_answered_without_a_fault(operation: Operation, scene: Scene) -> None:
    api, plausible = Api.of(scene.cast.ada), plausible_fields(scene)

    @quick
    @given(bodies(operation, plausible))
    def answers(body: Any) -> None:
        response = scene.call(operation, api, body)
        assert response.status_code < 500
        assert response.json() is not None

    answers()


paths = st.lists(
    st.sampled_from(
        ["events", "e1", "e2", "avoidance", "correction", "symbols", "s1", "frame", "command", "subtask",
         "outcome", "note", "reason", "failure_type", "high_level", "id", "__class__"]
    ),
    max_size=5,
) | st.lists(text, max_size=4)  # fmt: skip
nearly_symbols = st.builds(
    lambda symbol, name, value: {**symbol, name: value},
    st.sampled_from(SYMBOLS),
    st.sampled_from(["id", "type", "start", "end", "colors", "center", "direction", "pos", "text", "more"]),
    junk | st.lists(numbers, min_size=2, max_size=2),
)
nearly_commands = st.builds(
    lambda name, value: {**COMMAND, name: value}, st.sampled_from(["hold", "arms", "more"]), junk
)
edits = st.fixed_dictionaries(
    {
        "id": st.uuids().map(str),
        "op": st.sampled_from(["set", "add_event", "remove_event", "put_symbol", "remove_symbol"]),
        "path": paths,
    },
    optional={"value": junk | nearly_symbols | nearly_commands, "index": junk},
)


def test_junk_edits_are_refused_or_kept_whole(scene: Scene) -> None:
    """Whatever is taken can be read again, and is what `apply` makes of it."""
    cast = scene.cast
    annotation = begin(ready(make_task(cast.project, "other"), "other"), cast.ann)
    edit(annotation, *event_operations("e1", avoid=1, correct=2))
    api = Api.of(cast.ann)
    address = f"annotations/{annotation.pk}/"

    @settings(quick, max_examples=40)
    @given(st.lists(edits, min_size=1, max_size=2, unique_by=lambda each: UUID(each["id"])))
    def answers(batch: list[dict[str, Any]]) -> None:
        before = api.get(address).json()
        body = json.dumps({"base": before["revision"], "operations": batch})
        response = api.generic("POST", address + "operations/", body, content_type="application/json")
        after = api.get(address).json()
        if response.status_code == 200:
            expected = before["document"]
            for each in batch:
                expected = apply(expected, each)
            assert after["document"] == response.json()["document"] == expected
            assert after["revision"] == before["revision"] + len(batch)
        else:
            assert response.status_code == 400
            assert after == before

    answers()


@pytest.mark.parametrize("query", ["page", "task", "state"])
def test_junk_in_a_query_is_answered_without_a_fault(query: str, scene: Scene) -> None:
    api = Api.of(scene.cast.ann)

    @quick
    @given(numbers | text.filter(lambda each: "\ud800" not in each))
    def answers(value: Any) -> None:
        response = api.get(f"projects/{scene.cast.project.pk}/episodes/", {query: value})
        assert response.status_code in (200, 400)

    answers()


def test_junk_in_a_path_is_answered_without_a_fault(scene: Scene) -> None:
    api = Api.of(scene.cast.ada)
    reads = [each for each in operations() if each.method == "GET" and "{" in each.path]

    @settings(quick, max_examples=60)
    @given(
        st.sampled_from(reads),
        st.sampled_from(sorted(scene.places)),
        st.integers(min_value=0, max_value=10**40),
        st.sampled_from(["x", "..", "%00", "%ED%A0%80"]),
    )
    def answers(operation: Operation, place: str, number: int, name: str) -> None:
        value = number if isinstance(scene.places[place], int) else name
        odd = Scene(scene.cast, {**scene.places, place: value})
        assert odd.call(operation, api).status_code < 500

    answers()
