import json
import random
from dataclasses import replace

import pytest

from ml.prompts import LETTERS, QuestionType, Values, default_pack, load_pack
from ml.prompts.__main__ import main
from ml.prompts.learning.lists import numbered_block, option_block
from ml.prompts.learning.messages import image_format, mark_images, read_message
from ml.prompts.learning.skeleton import Skeleton, skeleton

from .foreign import INLINE, QUOTED, Asked, lettered, record, release

EXTRA = {"low_level_avoidance_qa", "low_level_correction_qa"}


def learned(tmp_path, records):
    source, out = tmp_path / "vqa.json", tmp_path / "pack.toml"
    source.write_text(json.dumps(records))
    assert main(["learn", str(source), "--out", str(out)]) == 0
    return load_pack(out)


def values_of(asked: Asked) -> Values:
    """What is true, told to the pack: nothing of it was read from a message."""
    return Values(
        asked.count,
        asked.task,
        subtasks=asked.steps,
        options=dict(zip(LETTERS, asked.options, strict=False)),
        failure_type=asked.failure_type,
        keyframe_number=asked.number,
        frame_number=asked.frame,
    )


@pytest.mark.parametrize("wordings", [QUOTED, INLINE], ids=["quoted", "inline"])
@pytest.mark.parametrize(("folders", "episodes"), [(40, 5), (6, 6), (100, 1)])
def test_a_learned_pack_words_the_truth_as_the_release_does(tmp_path, wordings, folders, episodes):
    asked = list(release(wordings, folders=folders, episodes=episodes, extra=EXTRA))
    pack = learned(tmp_path, [record for _, record in asked])
    same = 0
    for truth, made in asked:
        template = pack[made["tag"]]
        texts = {template.question(values_of(truth), n) for n in range(len(template.questions))}
        same += made["messages"][0]["content"] in texts
    assert same >= 0.99 * len(asked)


@pytest.mark.parametrize("wordings", [QUOTED, INLINE], ids=["quoted", "inline"])
def test_a_learned_pack_words_tasks_that_it_has_never_seen(tmp_path, wordings):
    pack = learned(tmp_path, [made for _, made in release(wordings, folders=40, episodes=5, extra=EXTRA)])
    for truth, made in release(wordings, folders=25, episodes=1, extra=EXTRA, seed=9):
        template = pack[made["tag"]]
        texts = {template.question(values_of(truth), n) for n in range(len(template.questions))}
        assert made["messages"][0]["content"] in texts


def test_our_own_wording_is_learned_again(tmp_path):
    """A release in the default wording gives questions that say the same as the default ones."""

    def ours(kind):
        return lambda a: default_pack()[kind].question(values_of(a))

    wordings = {kind.value: [ours(kind)] for kind in QuestionType}
    asked = list(release(wordings, folders=20, episodes=2, extra=EXTRA))
    pack = learned(tmp_path, [made for _, made in asked])
    for truth, made in release(wordings, folders=9, episodes=1, extra=EXTRA, seed=7):
        assert pack[made["tag"]].question(values_of(truth)) == made["messages"][0]["content"]
        assert pack[made["tag"]].shows_keyframe() == (made["tag"] in EXTRA)
    assert pack[QuestionType.KEYFRAME_LOCALIZATION].option_of(3) == "picture no. 3"


ITEMS = ["{}. {}", "({}) {}", "{}) {}", "[{}] {}", "{}: {}", "{} - {}", "**{}.** {}", "- {}. {}"]
JOINS = ["\n", "\n\n", " | ", "; "]
STYLES = [(item, join) for item in ITEMS for join in JOINS if "\n" in join or item[0] != "-"]


@pytest.mark.parametrize("count", [2, 3, 4])
@pytest.mark.parametrize(("item", "join"), STYLES)
def test_options_are_found_in_any_punctuation(count, item, join):
    texts = ("Open the left gripper.", "Hold still.", "Image 3", "gripper 6d-pose")[:count]
    text = f"A robot with [A. B. C. D.] failed. Which of these?\n{lettered(texts, item, join)}"
    block = option_block(text)
    assert block is not None
    assert block.texts == texts[:-1]
    assert block.join == join
    form = block.format("letter", "option")
    assert form.item.replace("{letter}", "A").replace("{option}", "x") == item.format("A", "x")


def test_a_numbered_list_is_found_and_a_number_in_a_sentence_is_none():
    block = numbered_block("Its steps:\n1. Grasp 2 cups.\n2. Place them.\nSay which.")
    assert block is not None
    assert block.texts == ("Grasp 2 cups.",)
    assert numbered_block("Take 1 cup and 2 plates.") is None


@pytest.mark.parametrize(
    ("item", "join"),
    [("<image>", ""), ("<image>", "\n"), ("Frame {number}: <image>", "\n"), ("<image> ({number})", ", ")],
)
def test_images_are_found_however_they_are_numbered(item, join):
    def text(count):
        images = join.join(item.replace("{number}", str(number)) for number in range(1, count + 1))
        return f"Look:\n{images}\nAnd <image> last."

    form = image_format([text(count) for count in (3, 5, 12)])
    for count in (2, 7, 12):
        marked, found = mark_images(text(count), form)
        assert found == count
        assert "<image>" not in marked
        assert marked.startswith("Look:\n")


def test_the_skeleton_is_what_all_texts_have_in_their_order():
    texts = [
        f"Do {verb} it with {thing}, then stop." for verb in ("lift", "drop") for thing in ("care", "a b c")
    ]
    found = skeleton(texts)
    assert found.pieces == ("Do ", " it with ", ", then stop.")
    assert [found.match(text) for text in texts][1] == ("lift", "a b c")
    assert found.match("Do it with care, then stop.") is None


def test_a_skeleton_of_many_gaps_is_matched_in_time_that_its_length_sets():
    found = Skeleton(("a",) * 400)
    assert found.match("ab" * 5000) is None
    assert found.match("ab" * 5000 + "a") is not None


def test_answers_are_learned_where_they_have_one_form(tmp_path):
    rng = random.Random(1)
    records = []
    for truth, made in release(INLINE, folders=12, episodes=3, extra=EXTRA):
        letter = rng.choice(LETTERS[: len(truth.options)])
        text = dict(zip(LETTERS, truth.options, strict=False))[letter]
        made["messages"][1]["content"] = f"({letter}) {text}"
        records.append(made)
    pack = learned(tmp_path, records)
    assert pack["low_level_correction_qa"].answer == "({answer_letter}) {answer_text}"
    assert pack["failure_detection_qa"].answer == "({answer_letter}) {answer_text}"
    assert "failure_reason_qa" in pack.filled


def test_tags_of_other_names_are_kept_or_named(tmp_path, capsys):
    asked = [(a, record("theirs", a, QUOTED["failure_type_qa"][0])) for a, _ in small()]
    source, out = tmp_path / "vqa.json", tmp_path / "pack.toml"
    source.write_text(json.dumps([record for _, record in asked]))
    assert main(["learn", str(source), "--out", str(out)]) == 0
    assert "none of our question types" in capsys.readouterr().err
    assert load_pack(out)["theirs"].question(values_of(asked[0][0])) == asked[0][1]["messages"][0]["content"]
    assert main(["learn", str(source), "--out", str(out), "--tag", "theirs=failure_type_qa"]) == 0
    assert "failure_type_qa" not in load_pack(out).filled
    assert main(["check", str(source), "--templates", str(out)]) == 1  # `theirs` is no table of this pack


def small():
    return list(release({"failure_type_qa": QUOTED["failure_type_qa"]}, folders=8, episodes=2, extra=set()))


def test_wordings_that_have_nothing_in_common_are_refused_and_said(tmp_path, capsys):
    """Every message is its own: the share says so, and the status is not 0."""
    asked = [(a, record("t", a, lambda a: f"{a.task[::-1]} {a.frame} {a.steps[0]}")) for a, _ in small()]
    source, out = tmp_path / "vqa.json", tmp_path / "pack.toml"
    source.write_text(json.dumps([made for _, made in asked]))
    assert main(["learn", str(source), "--out", str(out)]) != 0
    assert not out.exists() or json.loads(capsys.readouterr().out.splitlines()[-1])["met"] is False


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("{", "no JSON"),
        ("{}", "array"),
        ("[]", "no user messages"),
        ('[{"messages": 3}, 4]', "no user messages"),
    ],
)
def test_bad_input_gets_one_sentence(tmp_path, capsys, text, part):
    source = tmp_path / "vqa.json"
    source.write_text(text)
    assert main(["learn", str(source), "--out", str(tmp_path / "p.toml")]) == 2
    error = capsys.readouterr().err
    assert part in error
    assert error.count("\n") == 1
    assert not (tmp_path / "p.toml").exists()


def test_a_keyframe_that_is_shown_once_more_in_the_same_list_is_told(tmp_path):
    def wording(a):
        return f"{'<image>' * len(a.images)} Job: '{a.task}'. Why '{a.failure_type}'?"

    asked = list(release({"low_level_avoidance_qa": [wording]}, folders=10, episodes=3, extra=EXTRA))
    template = learned(tmp_path, [made for _, made in asked])["low_level_avoidance_qa"]
    assert template.questions == ("{all_images} Job: '{task}'. Why '{failure_type}'?",)
    assert template.shows_keyframe()
    truth, made = asked[0]
    assert template.question(values_of(truth)) == made["messages"][0]["content"]


@pytest.mark.parametrize("quote", ['"', "'"])
def test_words_that_all_tasks_have_are_the_tasks_even_behind_a_colon(tmp_path, quote):
    def tasked(asked, number):
        arm = ("left", "right")[number % 2]
        return replace(asked, task=f"Use the {arm} arm first: {asked.task}")

    def wording(a):
        return f"{'<image>' * len(a.images)}\nThe task: {quote}{a.task}{quote}\nWhy a {a.failure_type}?"

    folders = {}
    records = []
    for asked, _ in release({"failure_reason_qa": [wording]}, folders=12, episodes=3, extra=set()):
        truth = tasked(asked, folders.setdefault(asked.task, len(folders)))
        records.append((truth, record("failure_reason_qa", truth, wording)))
    template = learned(tmp_path, [made for _, made in records])["failure_reason_qa"]
    for truth, made in records:
        assert template.question(values_of(truth)) == made["messages"][0]["content"]


def test_only_the_release_form_is_read():
    message = read_message({"messages": [{"role": "assistant", "content": "x"}], "images": [], "tag": "t"})
    assert message is None
    truth, made = small()[0]
    assert read_message({**made, "task": "not read"}) == read_message(made)
    assert replace(truth, task="x").task == "x"
