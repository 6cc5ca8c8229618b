"""The wording of drafting, and the readers of what models answer to it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.prompts import (
    TEXTS,
    PackError,
    RefusedError,
    UnreadableError,
    clean,
    default_drafting_pack,
    read_drafting_pack,
    read_pack,
    read_subtasks,
    read_texts,
)

GOOD = {name: f"Text of {name}." for name in TEXTS}
HEAD = b'name = "ours"\nversion = "3"\n'


@pytest.mark.parametrize(
    "around",
    [
        "{}",
        "```json\n{}\n```",
        "Here it is:\n{}\nI hope that helps.",
        '<think>Perhaps {{"failure_reason": "no"}}?</think>\n{}',
        '{{"note": 1}} {}',
        "{{ {}",
    ],
)
def test_an_object_is_read_whatever_stands_around_it(around: str) -> None:
    texts = read_texts(around.format(json.dumps(GOOD)))

    assert texts == {ours: GOOD[theirs] for theirs, ours in TEXTS.items()}


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "  \n",
        "<think>hm</think>",
        "The gripper missed.",
        '{"failure_reason": "cut off',
        json.dumps({**GOOD, "failure_reason": ""}),
        json.dumps({**GOOD, "failure_reason": 7}),
        json.dumps({**GOOD, "failure_reason": "word " * 50_000}),
        json.dumps([GOOD["failure_reason"]]),
        "[" * 100_000,
        '{"a":' * 50_000,
    ],
)
def test_what_is_not_the_asked_json_is_said_in_a_sentence(answer: str) -> None:
    with pytest.raises(UnreadableError, match=r"\.$") as error:
        read_texts(answer)
    assert not isinstance(error.value, RefusedError)


def test_a_refusal_is_told_apart() -> None:
    with pytest.raises(RefusedError):
        read_texts("I'm sorry, but I can't help with that.")


@given(st.text() | st.recursive(st.none() | st.text(), st.lists).map(json.dumps))
def test_no_answer_is_a_fault(answer: str) -> None:
    for read in (read_texts, read_subtasks):
        with pytest.raises(UnreadableError):
            read(answer)


@given(st.lists(st.text(min_size=1).filter(lambda each: clean(each).strip()), min_size=1, max_size=30))
def test_subtasks_come_back_in_order(subtasks: list[str]) -> None:
    read = read_subtasks(json.dumps({"subtasks": subtasks}))

    assert read == [" ".join(clean(each).split()) for each in subtasks]


@pytest.mark.parametrize("listed", ["one", [], [1], [" "], ["x"] * 31, None])
def test_what_is_no_list_of_subtasks_is_refused(listed: object) -> None:
    with pytest.raises(UnreadableError):
        read_subtasks(json.dumps({"subtasks": listed}))


def test_every_text_of_the_default_can_be_filled() -> None:
    pack = default_drafting_pack()

    text = pack.text("decompose", "user", task="Wipe {the} board.")

    assert "Wipe {the} board." in text
    assert '{"subtasks"' in text
    assert "vifailback-drafting 1" in pack.label


def test_a_pack_of_ones_own_has_the_rest_from_the_default() -> None:
    pack = read_drafting_pack(HEAD + b'[decompose]\nuser = "Split {task}"\n')

    assert pack.text("decompose", "user", task="x") == "Split x"
    assert pack.texts["explain", "closing"] == default_drafting_pack().texts["explain", "closing"]
    assert (pack.name, pack.version, pack.own) == ("ours", "3", ("decompose.user",))


def test_one_file_can_hold_questions_as_well() -> None:
    data = HEAD + b'[failure_reason_qa]\nquestions = ["Why? {images}"]\n[decompose]\nuser = "Split {task}"\n'

    assert read_drafting_pack(data).own == ("decompose.user",)
    assert read_pack(data, "ours")["failure_reason_qa"].questions == ("Why? {images}",)


@pytest.mark.parametrize(
    "data",
    [
        b"\xff",
        b"not toml",
        b'version = "1"',
        HEAD + b"decompose = 3",
        HEAD + b"[decompose]\nuser = 3",
        HEAD + b'[decompose]\nother = "x"',
        HEAD + b'[decompose]\nuser = "{frame}"',
    ],
)
def test_what_is_no_pack_is_refused(data: bytes) -> None:
    with pytest.raises(PackError):
        read_drafting_pack(data)
