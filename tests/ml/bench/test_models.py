"""Questions, pictures, baselines and SPECs."""

import asyncio
import base64
import json
import os

import pytest

from ml.bench.__main__ import main
from ml.bench.errors import BenchError
from ml.bench.items import Item, data_hash, wording_hash
from ml.bench.models import ModelOptions, Preparer, content_of, open_model
from tests.ml.bench.conftest import detection, record


def answer(model, item, root):
    return asyncio.run(model.answer(Preparer(root, model).prepare(item))).text


def test_items_survive_their_form(items):
    (item,) = items(detection(1))
    assert Item.from_json(json.loads(json.dumps(item.to_json()))) == item


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"answer": "C"}, "none of the options"),
        ({"tag": "other_qa"}, "no VQA record"),
        ({"images": ["a.jpg"]}, "0 places for 1 images"),
        ({"messages": []}, "no VQA record"),
    ],
)
def test_records_that_cannot_be_asked_are_named(items, change, sentence):
    with pytest.raises(BenchError, match=sentence):
        items({**detection(1), **change})


def test_a_question_twice_is_refused(items):
    with pytest.raises(BenchError, match="twice"):
        items(detection(1), detection(1))


def test_a_release_record_says_how_to_get_what_it_lacks(items):
    bare = {key: detection(1)[key] for key in ("messages", "images", "tag")}
    with pytest.raises(BenchError, match=r"ml\.vqa import"):
        items(bare)


def test_hashes_tell_data_and_wording_apart(items):
    one, two = detection(1), detection(2)
    other = {**one, "messages": [{"role": "user", "content": "Did it work?"}, one["messages"][1]]}
    assert data_hash(items(one, two)) == data_hash(items(two, one)) == data_hash(items(other, two))
    assert wording_hash(items(one, two)) != wording_hash(items(other, two))


@pytest.fixture
def pictured(items, tmp_path):
    """An item whose picture has a given path below a root that has one picture, and the root."""
    root = tmp_path / "root"
    root.mkdir()
    (root / "0.png").write_bytes(b"picture")
    (tmp_path / "secret.png").write_bytes(b"secret")
    os.symlink(tmp_path / "secret.png", root / "link.png")

    def make(path):
        one = detection(1, images=[path])
        one["messages"][0]["content"] = "Look: <image> what now?"
        return items(one)[0], root

    return make


def test_pictures_stand_where_the_prompt_has_them(pictured, items):
    item, root = pictured("0.png")
    model = open_model("openai:m", [item], ModelOptions("http://127.0.0.1:1/v1"))
    parts = content_of(Preparer(root, model).prepare(item))
    assert [part["type"] for part in parts] == ["text", "image_url", "text"]
    head, _, data = parts[1]["image_url"]["url"].partition(",")
    assert (head, base64.b64decode(data)) == ("data:image/png;base64", b"picture")


@pytest.mark.parametrize("path", ["../secret.png", "link.png", "absent.png", "/etc/hostname"])
def test_no_picture_from_outside_the_root(pictured, path):
    item, root = pictured(path)
    model = open_model("openai:m", [item], ModelOptions("http://127.0.0.1:1/v1"))
    with pytest.raises(BenchError):
        Preparer(root, model).prepare(item)


def test_the_request_hash_follows_the_picture(pictured):
    item, root = pictured("0.png")
    model = open_model("openai:m", [item], ModelOptions("http://127.0.0.1:1/v1"))
    before = Preparer(root, model).prepare(item).digest
    assert Preparer(root, model).prepare(item).digest == before
    (root / "0.png").write_bytes(b"another")
    assert Preparer(root, model).prepare(item).digest != before


TYPES = {"A": "gripper state", "B": "task planning", "C": "gripper 6d-pose", "D": "human intervention"}


def typed(number, right):
    letter = next(letter for letter, text in TYPES.items() if text == right)
    return record("failure_type_qa", number, reply=right, options=TYPES, answer=letter)


def test_majority_does_not_see_the_answers_of_its_own_episode(items, tmp_path):
    """Two of each: with its own answer left out, the other type is the majority, always wrong."""
    asked = items(*(typed(n, "gripper state" if n <= 2 else "task planning") for n in range(1, 5)))
    model = open_model("majority", asked, ModelOptions())
    assert [answer(model, item, tmp_path) for item in asked] == ["B", "B", "A", "A"]


def test_baselines_learn_from_training_where_it_is_given(items, tmp_path):
    train = items(*(typed(n, "human intervention") for n in range(1, 5)))
    asked = items(*(typed(n, "gripper state") for n in range(11, 15)))
    for spec in ("majority", "text-prior"):
        model = open_model(spec, asked, ModelOptions(train=train))
        assert {answer(model, item, tmp_path) for item in asked} == {"D"}


def test_random_is_the_same_for_a_seed_and_uses_all_letters(items, tmp_path):
    asked = items(*(typed(n, "gripper state") for n in range(1, 40)))

    def answers(seed):
        model = open_model("random", asked, ModelOptions(seed=seed))
        return [answer(model, item, tmp_path) for item in asked]

    assert answers(1) == answers(1) != answers(2)
    assert set(answers(1)) == set(TYPES)


@pytest.mark.parametrize("spec", ["openai:", "gpt-4o", "transformers:/absent", "scripted:/absent.json"])
def test_a_wrong_spec_is_one_sentence(spec, vqa, tmp_path, capsys):
    arguments = ["run", str(vqa(detection(1))), "--images", ".", "--out", str(tmp_path / "run")]
    assert main([*arguments, "--model", spec]) == 2
    said = capsys.readouterr().err.strip().splitlines()
    assert len(said) == 1
    assert said[0].startswith("error: ")
    assert not (tmp_path / "run").exists()


def test_nothing_over_the_limit_is_spent_without_a_yes(vqa, tmp_path, capsys, monkeypatch):
    prices = tmp_path / "prices.toml"
    prices.write_text('[models."m"]\ninput = 2.5\noutput = 1000\n')
    # No server listens there: a request would be an error in the log, not exit 2.
    arguments = ["run", str(vqa(detection(1))), "--images", ".", "--model", "openai:m"]
    arguments += ["--prices", str(prices)]
    arguments += ["--base-url", "http://127.0.0.1:9/v1", "--attempts", "1", "--out", str(tmp_path / "run")]
    assert main(arguments) == 2
    assert "at most 2.05" in capsys.readouterr().err
    assert (tmp_path / "run" / "log.jsonl").read_text() == ""
    assert main([*arguments, "--yes"]) == 1
    assert json.loads((tmp_path / "run" / "log.jsonl").read_text())["status"] == "errored"
