import re

import pytest

from ml.prompts import GROUPS, IMAGE, Group, PackError, QuestionType, Values, default_pack, load_pack

VALUES = Values(
    3,
    "Stack the cups.",
    subtasks=("Grasp it.", "Place it."),
    options={"A": "one", "B": "two"},
    failure_type="gripper state",
    keyframe_number=2,
    answer="B",
    detection="Failed",
    command="Hold still.",
    codes="Draw Lock: {'position': [1, 2]}",
    text="It slipped.",
)


def test_the_groups_part_the_thirteen_types():
    assert [len(GROUPS[group]) for group in Group] == [6, 5, 2]
    assert sorted(kind for kinds in GROUPS.values() for kind in kinds) == sorted(QuestionType)


@pytest.mark.parametrize("kind", QuestionType)
def test_every_type_says_the_task_and_shows_every_image(kind):
    text = default_pack()[kind].question(VALUES)
    extra = kind in (QuestionType.LOW_LEVEL_AVOIDANCE, QuestionType.LOW_LEVEL_CORRECTION)
    assert text.count(IMAGE) == 3 + extra
    assert VALUES.task in text
    assert not re.search(r"\{[a-z_]+\}", text)
    if kind in GROUPS[Group.LITE]:
        assert "A. one\nB. two" in text
        assert default_pack()[kind].reply(VALUES) == "B"


def test_an_answer_without_a_command_does_not_write_an_empty_one():
    reply = default_pack()[QuestionType.COT_AVOIDANCE_CODE].reply(
        Values(3, "t", codes="Draw", detection="Failed")
    )
    assert "low level" not in reply


def test_a_pack_may_hold_one_type_and_the_rest_is_filled_and_named(tmp_path):
    path = tmp_path / "pack.toml"
    path.write_text(
        'name = "mine"\nversion = "3"\n[format.options]\nitem = "({letter}) {option}"\njoin = " | "\n'
        '[failure_type_qa]\nquestions = ["{images} one: {options} {lbrace}x}", "{images} two: {options}"]\n'
    )
    pack = load_pack(path)
    template = pack[QuestionType.FAILURE_TYPE]
    assert template.question(VALUES, 0) == f"{IMAGE * 3} one: (A) one | (B) two {{x}}"
    assert template.question(VALUES, 3) == f"{IMAGE * 3} two: (A) one | (B) two"
    assert "failure_type_qa.answer" in pack.filled
    assert len(pack.filled) == 13
    assert pack.label.startswith("mine 3 (")


def test_a_wording_that_shows_no_letters_is_not_answered_by_one(tmp_path):
    path = tmp_path / "pack.toml"
    path.write_text(HEAD + '[failure_type_qa]\nquestions = ["Which of the four kinds is it?"]\n')
    assert load_pack(path)[QuestionType.FAILURE_TYPE].reply(VALUES) == "two"
    path.write_text(HEAD + '[failure_type_qa]\nquestions = ["Which? {options}"]\n')
    assert load_pack(path)[QuestionType.FAILURE_TYPE].reply(VALUES) == "B"


HEAD = 'name = "x"\nversion = "1"\n'
TABLE = "[failure_type_qa]\nquestions = "


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name = ", "no template pack"),
        ('name = "x"\nversion = 1', "version"),
        (HEAD + TABLE + "[]", "questions"),
        (HEAD + TABLE + '["{nothing}"]', "{nothing} is no slot"),
        (HEAD + '[format.circles]\nitem = "x"\njoin = ""\n' + TABLE + '["x"]', "circles"),
        (HEAD + '[passages]\na = "{b}"\nb = "{a}"\n' + TABLE + '["{a}"]', "circle"),
    ],
)
def test_a_bad_pack_is_refused_in_one_sentence(tmp_path, text, part):
    path = tmp_path / "pack.toml"
    path.write_text(text)
    with pytest.raises(PackError, match=re.escape(part)):
        load_pack(path)
