import copy
import json
import os
from pathlib import Path

import pytest

from ml.prompts import IMAGE, QuestionType
from ml.vqa import Report, lint
from ml.vqa.__main__ import main
from ml.vqa.streams import read_array

Q = QuestionType
EXAMPLE = Path(__file__).parents[4] / "shared/data/release/example_vqa_and_raw.json"


def findings(*files, images=None):
    report = Report()
    found = [(placed.finding.severity, placed.finding.code) for placed in lint(files, images, report)]
    assert len(found) == report.errors.total() + report.warnings.total()
    return found


@pytest.fixture(scope="module")
def clean(read):
    """One record of each type with a command, by tag."""
    return {
        record["tag"]: record
        for group in ("lite", "hard", "codes")
        for record in read(f"benchmark_{group}")
        if "command" in record["truth"] or "low" not in record["tag"]
    }


@pytest.fixture
def spoil(clean, tmp_path):
    """Lint one record after a change of it."""

    def lint_changed(tag, change):
        record = copy.deepcopy(clean[tag])
        change(record)
        path = tmp_path / "records.json"
        path.write_text(json.dumps([record]), encoding="utf-8")
        return findings(path)

    return lint_changed


def test_what_build_makes_is_clean(built):
    assert findings(*sorted((built / "VQA").rglob("*.json"))) == []


def put(record, **fields):
    record.update(fields)


def answer(record, old, new):
    message = record["messages"][1]
    assert old in message["content"]
    message["content"] = message["content"].replace(old, new)


def opposite(record):
    """Turn every arrow round in the truth and in the answer."""
    command = {"hold": False, "arms": [{"arm": "left", "move": [{"direction": "left", "magnitude": None}]}]}
    arrow = {"type": "move_arrow", "start": [100, 500], "end": [900, 500], "colors": ["green"]}
    code = "Draw Straight Arrow: {'start_point': [100, 500], 'end_point': [900, 500], 'color': ['green']}"
    text = "Move the left gripper to the left."
    record["truth"] = {**record["truth"], "symbols": [arrow], "command": command, "command_text": text}
    record["messages"][1]["content"] = (
        f'<Answer>\n"low level commands": "{text}",\n"visual prompts": "{code}"\n</Answer>'
    )


@pytest.mark.parametrize(
    ("tag", "change", "code"),
    [
        (Q.FAILURE_REASON, lambda r: r["images"].append("x/0.jpg"), "image-count"),
        (Q.FAILURE_REASON, lambda r: r["messages"].pop(0), "no-question"),
        (Q.FAILURE_REASON, lambda r: r["messages"].pop(), "no-answer"),
        (Q.FAILURE_REASON, lambda r: put(r["messages"][1], content=" \n"), "empty-text"),
        (Q.FAILURE_REASON, lambda r: put(r["messages"][0], content=IMAGE * len(r["images"])), "empty-text"),
        (Q.FAILURE_REASON, lambda r: put(r["truth"], text=" "), "empty-text"),
        (Q.FAILURE_REASON, lambda r: put(r, tag="of_tomorrow"), "unknown-tag"),
        (Q.FAILURE_REASON, lambda r: put(r, images=["/etc/passwd", *r["images"][1:]]), "outside-root"),
        (Q.FAILURE_REASON, lambda r: put(r, images=["a/../../b.jpg", *r["images"][1:]]), "outside-root"),
        (
            Q.FAILURE_TYPE,
            lambda r: put(r["options"], A="Gripper State.", B="gripper state"),
            "duplicate-options",
        ),
        (Q.FAILURE_TYPE, lambda r: put(r, answer="H"), "answer-not-an-option"),
        (Q.FAILURE_TYPE, lambda r: put(r["messages"][1], content="none of these"), "answer-differs"),
        (
            Q.LOW_LEVEL_AVOIDANCE,
            lambda r: put(
                r["options"], C="Move left gripper forward.", D="Move the left gripper forward slightly."
            ),
            "equivalent-options",
        ),
        (Q.KEYFRAME_LOCALIZATION, lambda r: put(r["truth"], keyframe=0), "keyframe-range"),
        (Q.KEYFRAME_LOCALIZATION, lambda r: put(r["options"], A="Image 4000"), "keyframe-range"),
        (Q.COT_AVOIDANCE, lambda r: answer(r, '"keyframe": "', '"keyframe": "77'), "keyframe-range"),
        (Q.COT_AVOIDANCE, lambda r: answer(r, 'commands": "', 'commands": "Fly. '), "unreadable-command"),
        (Q.COT_AVOIDANCE, lambda r: answer(r, ': "Failed"', ': "Perhaps"'), "unreadable-answer"),
        (Q.COT_AVOIDANCE_CODE, lambda r: answer(r, "point': [", "point': [9"), "unreadable-code"),
        (Q.COT_AVOIDANCE_CODE, lambda r: put(r["truth"], symbols=[{"type": "star"}]), "unreadable-code"),
        (Q.COT_AVOIDANCE_CODE, lambda r: r["truth"]["symbols"].reverse(), "answer-differs"),
        (Q.COT_AVOIDANCE_CODE, opposite, "contradiction"),
    ],
)
def test_each_flaw_is_found_by_its_name(spoil, tag, change, code):
    found = spoil(tag, change)
    severity = "warning" if code == "unknown-tag" else "error"
    assert (severity, code) in found


def test_flaws_of_the_wild_that_can_be_read_are_only_warnings(spoil):
    found = spoil(Q.COT_AVOIDANCE, lambda r: answer(r, '",\n"low', '"\n"low'))
    assert found == [("warning", "missing-comma")]
    found = spoil(
        Q.FAILURE_TYPE,
        lambda r: put(r["messages"][0], content="Of three options: " + r["messages"][0]["content"]),
    )
    assert found == [("warning", "option-count")]


def test_pictures_are_looked_for_below_the_root_and_not_through_links(clean, tmp_path):
    root, elsewhere = tmp_path / "root", tmp_path / "elsewhere"
    record = copy.deepcopy(clean[Q.FAILURE_REASON])
    record["images"] = ["a/1.jpg", "a/2.jpg", "out/3.jpg"]
    record["messages"][0]["content"] = IMAGE * 3 + "Why?"
    for path in (root / "a/1.jpg", elsewhere / "3.jpg"):
        path.parent.mkdir(parents=True)
        path.touch()
    os.symlink(elsewhere, root / "out")
    file = tmp_path / "records.json"
    file.write_text(json.dumps([record]))
    assert findings(file, images=root) == [("error", "missing-image"), ("error", "outside-root")]


def test_an_episode_in_both_splits_is_found_from_either_side(read, tmp_path):
    train, bench = read("train")[:30], read("benchmark_lite")[:30]
    files = tmp_path / "X_train.json", tmp_path / "X_benchmark_lite.json"
    for file, records in zip(files, ([*train, {**bench[0], "question_id": "new"}], bench), strict=True):
        file.write_text(json.dumps(records))
    leaks = sum(record["episode_id"] == bench[0]["episode_id"] for record in bench)
    assert findings(files[0]).count(("error", "split-leak")) == 1
    assert findings(files[1]).count(("error", "split-leak")) == leaks
    (tmp_path / "Y_train.json").write_text(json.dumps(bench))  # of another data set
    assert findings(files[1]).count(("error", "split-leak")) == leaks


def test_ids_that_come_twice_and_wrong_claims_of_unseen_tasks(built, tmp_path):
    train = list(read_array(built / "VQA/ViFailback_VQA_train.json"))[:40]
    bench = [{**train[0], "episode_id": "t/episode_1", "seen": False}] * 2
    (tmp_path / "X_train.json").write_text(json.dumps(train))
    (tmp_path / "X_benchmark_lite.json").write_text(json.dumps(bench))
    found = findings(tmp_path / "X_benchmark_lite.json")
    assert found.count(("error", "seen-differs")) == 2
    assert found.count(("error", "duplicate-id")) == 1


def test_the_command_line_counts_what_it_does_not_show(clean, tmp_path, capsys):
    record = {**clean[Q.FAILURE_REASON], "images": [f"a/{n}.jpg" for n in range(30)]}
    file = tmp_path / "records.json"
    file.write_text(json.dumps([record]))
    assert main(["lint", str(file), "--images", str(tmp_path)]) == 1
    shown = capsys.readouterr()
    assert shown.out.count("[missing-image]") == 20
    assert "error: 30 missing-image, 10 not shown" in shown.err
    assert main(["lint", str(file), "--images", str(tmp_path), "--json"]) == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert sum(line["code"] == "missing-image" for line in lines) == 30
    assert lines[0].keys() == {"file", "record", "id", "severity", "code", "message"}


def test_a_clean_file_exits_with_0_and_a_broken_one_with_2(built, tmp_path, capsys):
    assert main(["lint", str(built / "VQA/ViFailback_VQA_benchmark_hard.json")]) == 0
    assert "no picture was looked for" in capsys.readouterr().err
    (tmp_path / "bad.json").write_text("[{")
    assert main(["lint", str(tmp_path / "bad.json")]) == 2
    assert main(["lint", str(tmp_path / "bad.json"), "--images", str(tmp_path / "nowhere")]) == 2


@pytest.mark.skipif(not EXAMPLE.exists(), reason="the example of the authors' release is not here")
def test_the_flaws_of_the_authors_example():
    assert findings(EXAMPLE) == [
        ("error", "no-question"),
        ("warning", "missing-comma"),
        ("warning", "no-field"),
        ("warning", "no-field"),
    ]
