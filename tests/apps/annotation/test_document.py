"""The pure document: the cases shared with the browser, and the laws of operations."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.annotation.document import apply, difference, empty_document
from apps.core.errors import AppError
from tests.work import ARROW, COMMAND, LABEL, op, put

some = settings(max_examples=50)
CASES = Path(__file__).parents[2] / "cases" / "document"
FILES = {path.stem: json.loads(path.read_text()) for path in sorted(CASES.glob("*.json"))}
ALL = [pytest.param(case, id=f"{file}: {case['name']}") for file, cases in FILES.items() for case in cases]

events, sides, symbols = (
    st.sampled_from("abc"),
    st.sampled_from(["avoidance", "correction"]),
    st.sampled_from("xyz"),
)
frames = st.none() | st.integers(0, 9)
indices = st.none() | st.integers(0, 2)
texts = st.text(max_size=5)


def _with(operation: dict[str, Any], index: int | None) -> dict[str, Any]:
    return operation if index is None else {**operation, "index": index}


operations = st.one_of(
    st.builds(lambda e, i: op("add_event", "events", value={"id": e, "index": i}), events, indices),
    st.builds(lambda e: op("remove_event", "events", e), events),
    st.builds(lambda v: put("outcome", value=v), st.sampled_from([None, "failed", "successful"])),
    st.builds(lambda v: put("note", value=v), texts),
    st.builds(lambda e, v: put("events", e, "reason", value=v), events, texts),
    st.builds(lambda e, s, v: put("events", e, s, "frame", value=v), events, sides, frames),
    st.builds(lambda e, s: put("events", e, s, "command", value=copy.deepcopy(COMMAND)), events, sides),
    st.builds(
        lambda e, s, x, shape, i: _with(
            op("put_symbol", "events", e, s, "symbols", value={**copy.deepcopy(shape), "id": x}), i
        ),
        events, sides, symbols, st.sampled_from([ARROW, LABEL]), indices,
    ),
    st.builds(lambda e, s, x: op("remove_symbol", "events", e, s, "symbols", x), events, sides, symbols),
)  # fmt: skip


def run(document: dict[str, Any], batch: list[dict[str, Any]]) -> dict[str, Any]:
    """Apply all that can be applied, in order."""
    for each in batch:
        try:
            document = apply(document, each)
        except AppError as refused:
            if refused.code != "invalid_operation":
                raise
    return document


documents = st.lists(operations, max_size=8).map(lambda batch: run(empty_document(), batch))


def test_there_are_shared_cases_of_every_operation() -> None:
    kinds = {case["operation"].get("op") for cases in FILES.values() for case in cases if "result" in case}

    assert kinds == {"set", "add_event", "remove_event", "put_symbol", "remove_symbol"}
    assert any("error" in case for cases in FILES.values() for case in cases)


@pytest.mark.parametrize("case", ALL)
def test_a_shared_case_gives_what_it_gives_in_the_browser(case: dict[str, Any]) -> None:
    document = copy.deepcopy(case["document"])

    if "error" in case:
        with pytest.raises(AppError) as refused:
            apply(document, case["operation"])
        assert refused.value.code == case["error"]
        assert refused.value.message
    else:
        assert apply(document, case["operation"]) == case["result"]
    assert document == case["document"]


@some
@given(documents, operations)
def test_what_is_given_is_left_as_it_was(document: dict[str, Any], operation: dict[str, Any]) -> None:
    before, asked = copy.deepcopy(document), copy.deepcopy(operation)

    run(document, [operation])

    assert (document, operation) == (before, asked)


@some
@given(documents, operations)
def test_the_result_shares_nothing_with_what_was_given(
    document: dict[str, Any], operation: dict[str, Any]
) -> None:
    """A later change of the operation's value is not a change of the document."""
    try:
        result = apply(document, operation)
    except AppError:
        return
    kept = copy.deepcopy(result)

    for value in (document, operation.get("value")):
        _spoil(value)

    assert result == kept


def _spoil(value: Any) -> None:
    if isinstance(value, dict):
        for each in value.values():
            _spoil(each)
        value["spoilt"] = True
    elif isinstance(value, list):
        for each in value:
            _spoil(each)
        value.append("spoilt")


@some
@given(documents, operations)
def test_ids_stay_unique_and_the_form_whole(document: dict[str, Any], operation: dict[str, Any]) -> None:
    result = run(document, [operation])

    assert set(result) == set(empty_document())
    ids = [event["id"] for event in result["events"]]
    assert len(set(ids)) == len(ids)
    for event in result["events"]:
        for side in ("avoidance", "correction"):
            assert set(event[side]) == {"frame", "command", "symbols", "high_level"}
            names = [symbol["id"] for symbol in event[side]["symbols"]]
            assert len(set(names)) == len(names)


@some
@given(documents, st.lists(operations, max_size=3))
def test_setting_and_putting_twice_is_the_same_as_once(
    document: dict[str, Any], batch: list[dict[str, Any]]
) -> None:
    batch = [each for each in batch if each["op"] in ("set", "put_symbol")]
    for each in batch:
        once = run(document, [each])
        assert run(once, [each]) == once


@some
@given(documents)
def test_a_document_differs_in_nothing_from_itself(document: dict[str, Any]) -> None:
    assert difference(document, copy.deepcopy(document)) == []


@some
@given(documents, documents)
def test_the_difference_says_for_each_place_what_is_theirs_and_yours(
    theirs: dict[str, Any], yours: dict[str, Any]
) -> None:
    rows = difference(theirs, yours)

    assert (rows == []) == (_ordered_by_id(theirs) == _ordered_by_id(yours))
    assert len({json.dumps(row["path"]) for row in rows}) == len(rows)
    for row in rows:
        assert row["theirs"] == _at(theirs, row["path"]) != row["yours"]
        assert row["yours"] == _at(yours, row["path"])


def _at(document: Any, path: list[str]) -> Any:
    """What stands at the path; events and symbols are named by id, None where there is nothing."""
    for step in path:
        if isinstance(document, list):
            document = next((row for row in document if row["id"] == step), None)
        else:
            document = (document or {}).get(step)
    return document


def _ordered_by_id(document: dict[str, Any]) -> Any:
    def ordered(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return sorted(rows, key=lambda row: row["id"])

    events = [
        {
            **event,
            **{s: {**event[s], "symbols": ordered(event[s]["symbols"])} for s in ("avoidance", "correction")},
        }
        for event in document["events"]
    ]
    return {**document, "events": ordered(events)}
