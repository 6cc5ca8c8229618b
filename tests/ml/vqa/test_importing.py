import json
from pathlib import Path

import pytest

from ml.prompts import Group, QuestionType
from ml.vqa import DataError, build, export, import_release
from ml.vqa.records import OWN_FIELDS
from ml.vqa.streams import read_array

Q = QuestionType
EXAMPLE = Path(__file__).parents[4] / "shared/data/release/example_vqa_and_raw.json"
DERIVED = ("question_id", "episode_id", "options", "answer")


def put(path, value):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def plain(record):
    return {key: value for key, value in record.items() if key not in OWN_FIELDS}


@pytest.fixture(scope="module")
def theirs(annotations, built, tmp_path_factory):
    """A tree as the authors publish it: nothing of our own in it, annotations one a file."""
    root = tmp_path_factory.mktemp("theirs")
    for path in sorted((built / "VQA").glob("*.json")):
        put(root / "VQA" / path.name, [plain(record) for record in read_array(path)])
    for raw in read_array(annotations):
        put(root / "raw" / f"{raw['video'].replace('/', '_')}.json", raw)
    return root


@pytest.fixture(scope="module")
def imported(theirs, tmp_path_factory):
    out = tmp_path_factory.mktemp("imported")
    return out, import_release(theirs, out)


def test_everything_is_counted(annotations, built, imported):
    _, told = imported
    made = json.loads((built / "build.json").read_text())["records"]
    assert told["annotations"] == len(list(read_array(annotations)))
    assert told["records"] == {
        name.removeprefix("VQA/"): tags for name, tags in made.items() if "controls" not in name
    }
    assert told["unknown_tags"] == told["unknown_fields"] == {}


def test_annotations_are_sorted_and_build_the_same(annotations, built, imported, tmp_path):
    out, _ = imported
    assert list(read_array(out / "annotations.json")) == list(read_array(annotations))
    told = build(out / "annotations.json", images=out, out=tmp_path, seed=7)
    assert told["sha256"].items() <= json.loads((built / "build.json").read_text())["sha256"].items()


@pytest.mark.parametrize("group", Group)
def test_what_can_be_read_from_the_texts_is_what_was_true(built, imported, group):
    """Ids, options, answers and truths of a release that has none of them."""
    out, _ = imported
    name = f"VQA/ViFailback_VQA_benchmark_{group}.json"
    for ours, read in zip(read_array(built / name), read_array(out / name), strict=True):
        assert plain(read) == plain(ours)
        assert [read[key] for key in DERIVED] == [ours[key] for key in DERIVED]
        truth = dict(ours["truth"])
        if group is Group.LITE:  # its text says no keyframe of a command, and no number of a subtask
            truth = {key: truth[key] for key in truth if key in read["truth"]}
        for key in set(truth) & {"size", "frame", "keyframe", "failure_type"} - set(read["truth"]):
            del truth[key]
        assert read["truth"] == truth


def test_import_and_export_leave_what_is_theirs_as_it_was(theirs, imported, tmp_path):
    out, _ = imported
    names = [path.name for path in (theirs / "VQA").iterdir()]
    export([out / "VQA" / name for name in names], tmp_path, ["release"], plain=True)
    for name in names:
        again = list(read_array(tmp_path / "release/VQA" / name))
        assert again == list(read_array(theirs / "VQA" / name))


ODD = {
    "messages": [{"role": "user", "content": "Which?", "mood": 3}, {"role": "assistant", "content": "That."}],
    "images": ["a.jpg"],
    "tag": "a_tag_of_tomorrow",
    "weather": {"b": [1, None], "a": "ünïcode"},
    "options": "theirs",
}


def test_unknown_tags_and_fields_come_back_unchanged(tmp_path):
    put(tmp_path / "in/VQA/deep/odd.json", [ODD])
    put(tmp_path / "in/release.json", {"version": 1})
    told = import_release(tmp_path / "in", tmp_path / "out")
    assert told["unknown_tags"] == {"a_tag_of_tomorrow": 1}
    assert told["unknown_fields"] == {"weather": 1}
    assert list(read_array(tmp_path / "out/VQA/deep/odd.json")) == [ODD]
    assert told["flags"]["records whose pictures do not say their episode"] == 1
    assert told["flags"]["objects of release.json that are neither records nor annotations"] == 1


def test_a_second_question_of_a_kind_has_an_id_of_its_own(tmp_path):
    record = {**ODD, "images": ["d/t/frames/episode_1_cam_high/0.jpg"]}
    put(tmp_path / "in/a.json", [record, record])
    import_release(tmp_path / "in", tmp_path / "out")
    ids = [each["question_id"] for each in read_array(tmp_path / "out/VQA/a.json")]
    assert ids == ["t/episode_1/a_tag_of_tomorrow", "t/episode_1/a_tag_of_tomorrow#2"]


@pytest.mark.parametrize(
    ("tag", "question", "answer", "options", "letter"),
    [
        (Q.FAILURE_DETECTION, "Say ['Successful' or 'Failed'].", "Failed", ["Successful", "Failed"], "B"),
        (Q.FAILURE_TYPE, "Which type?", "gripper state", 4, "C"),
        (Q.KEYFRAME_LOCALIZATION, "[A. B. C. D.]\n- A. 3\n- B. 7", "B. 7", ["3", "7"], "B"),
        (Q.LOW_LEVEL_AVOIDANCE, "(A) Hold still.\n(B) Open it.", "a", ["Hold still.", "Open it."], "A"),
        (Q.SUBTASK_LOCALIZATION, "no list", "A", None, None),
        (Q.SUBTASK_LOCALIZATION, "A. one\nB. two", "both", ["one", "two"], None),
    ],
)
def test_other_wordings_of_options_are_read_or_left(tmp_path, tag, question, answer, options, letter):
    said = [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]
    put(tmp_path / "in/a.json", [{"messages": said, "images": [], "tag": tag}])
    told = import_release(tmp_path / "in", tmp_path / "out")
    (record,) = read_array(tmp_path / "out/VQA/a.json")
    assert record.get("answer") == letter
    texts = list((record.get("options") or {}).values())
    assert len(texts) == options if isinstance(options, int) else texts == (options or [])
    assert ("answers of" in " ".join(told["flags"])) is (letter is None)


def test_a_tree_without_records_is_refused(tmp_path):
    with pytest.raises(DataError, match="neither"):
        import_release(tmp_path)
    with pytest.raises(DataError, match="no folder"):
        import_release(tmp_path / "nowhere")
    with pytest.raises(DataError, match="choose another"):
        import_release(tmp_path, tmp_path / "out")


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example of the authors' release is not here")
def test_the_authors_example_is_read_whole(tmp_path):
    told = import_release(EXAMPLE.parent, tmp_path)
    assert told["annotations"] == 1
    (record,) = read_array(tmp_path / "VQA" / EXAMPLE.name)
    theirs, raw = json.loads(EXAMPLE.read_text())
    assert plain(record) == theirs
    assert list(read_array(tmp_path / "annotations.json")) == [raw]
    assert record["truth"]["keyframe"] == 13
    assert record["truth"]["frame"] == 292
    assert [symbol["type"] for symbol in record["truth"]["symbols"]] == [
        "move_arrow",
        "rotate_arrow",
        "dual_crosshair",
    ]
    assert told["flags"]["records without a question"] == 1
