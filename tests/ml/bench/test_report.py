"""Reports of real runs of trivial baselines and scripts, made by the command line."""

import csv
import json
from dataclasses import replace

import pytest

from ml.bench.__main__ import main
from ml.bench.errors import BenchError
from ml.bench.items import data_hash, load_items, wording_hash
from ml.bench.judges import load_criteria
from ml.bench.published import load_published
from ml.bench.report import load_ceiling, write_report
from ml.prompts import QuestionType
from tests.ml.bench.conftest import SIDES, record

TYPES = {"A": "task planning", "B": "gripper state", "C": "gripper 6d-pose", "D": "human intervention"}
REASON = "The left gripper closed too early and missed the cup."


def questions(control=None):
    """Detection, type and reason of six episodes of two tasks, one of them unseen, one a success."""
    for number in range(6):
        task, failed = ("stack cups", "open drawer")[number % 2], number != 5
        more = {"seen": number % 2 == 0, "task": task}
        side = "B" if failed else "A"
        yield record("failure_detection_qa", number, reply=SIDES[side], options=SIDES, answer=side, **more)
        if failed:
            letter = "ABCDA"[number]
            yield record("failure_type_qa", number, reply=TYPES[letter], options=TYPES, answer=letter, **more)
            yield record("failure_reason_qa", number, reply=REASON, **more)


def controlled(rows, name):
    """The same questions as a control."""
    for row in rows:
        of = row["question_id"]
        yield {**row, "question_id": f"{of}@{name}", "control": {"name": name, "of": of, "variant": 0}}


@pytest.fixture
def bench(tmp_path, vqa):
    """Run models on files of records; returns the run's directory."""
    main_file = vqa(*questions())
    free = vqa(*controlled(questions(), "keyframe_free"), name="free.json")
    text = vqa(*controlled(questions(), "text_only"), name="text.json")

    def run(model, files=(main_file, free, text), name=None, **options):
        out = tmp_path / (name or model.replace(":", "_").replace("/", "_"))
        more = [f"--{key}={value}" for key, value in options.items()]
        arguments = [
            "run",
            *map(str, files),
            "--images",
            str(tmp_path),
            "--model",
            model,
            "--out",
            str(out),
            *more,
        ]
        assert main([*arguments, *more]) == 0
        return out

    run.main_file = main_file
    return run


def script(tmp_path, name, answers):
    path = tmp_path / f"{name}.json"
    path.write_text(json.dumps(answers))
    return f"scripted:{path}"


@pytest.fixture
def good(tmp_path):
    """A script that knows every answer."""
    answers = {
        row["question_id"]: row["answer"] or row["messages"][1]["content"]
        for rows in (questions(), controlled(questions(), "keyframe_free"))
        for row in rows
    }
    return script(tmp_path, "good", {**answers, "*": "B"})


def rows_of(out, slug):
    return {row["Model"]: row for row in csv.DictReader((out / f"{slug}.csv").open())}


def test_report_of_a_good_model_beside_always_failed(bench, good, tmp_path, capsys):
    runs = [bench(good, episodes=1200, hours=20), bench("always-failed")]
    for run in runs:
        assert main(["judge", str(run), "--judge", "scripted"]) == 0
    out = tmp_path / "report"
    assert main(["report", *map(str, runs), "--out", str(out)]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == str(out / "report.md")

    lite = rows_of(out, "lite_keyframe_free")
    assert float(lite["good"]["Micro"]) == 100
    assert float(lite["always-failed"]["Detection"]) == pytest.approx(100 * 5 / 6, abs=1e-4)
    assert float(lite["always-failed"]["Balanced detection"]) == 50
    assert float(rows_of(out, "hard_keyframe_free")["good"]["Failure reason"]) == 100
    assert float(rows_of(out, "overall_keyframe_free")["good"]["Average"]) == 100
    controls = rows_of(out, "controls")["good"]
    assert float(controls["above text only"]) == pytest.approx(100 - float(controls["text only"]), abs=1e-4)
    for name in ("scaling", "hours", "controls", "confusion_1"):
        assert (out / f"{name}.png").read_bytes().startswith(b"\x89PNG")
    text = (out / "report.md").read_text()
    assert "good: seen tasks" in text
    assert "good: unseen tasks" in text
    assert "p (McNemar)" in text
    assert r"\toprule" in (out / "lite_keyframe_free.tex").read_text()


def test_the_same_runs_give_the_same_bytes(bench, good, tmp_path):
    run = bench(good)
    first, second = (write_report([run], tmp_path / name).parent for name in ("one", "two"))
    assert {path.name for path in first.iterdir()} == {path.name for path in second.iterdir()}
    assert all(path.read_bytes() == (second / path.name).read_bytes() for path in first.iterdir())


def test_published_rows_stand_apart_unless_the_questions_are_theirs(bench, tmp_path):
    run = bench("always-failed", files=(bench.main_file,))
    apart = write_report([run], tmp_path / "apart").parent
    assert len(rows_of(apart, "lite_main")) == 1
    assert len(rows_of(apart, "published_lite")) == 17

    beside = tmp_path / "beside"
    assert main(["report", str(run), "--out", str(beside), "--authors", str(bench.main_file)]) == 0
    assert len(rows_of(beside, "lite_main")) == 18
    assert not (beside / "published_lite.csv").exists()
    # Nobody judged the run: its open-ended scores stay apart from theirs.
    assert len(rows_of(beside, "hard_main")) == 1
    assert len(rows_of(beside, "published_hard")) == 17


def test_another_wording_keeps_published_rows_apart(bench, vqa, tmp_path):
    reworded = [dict(row) for row in questions()]
    user, reply = reworded[0]["messages"]
    reworded[0]["messages"] = [{**user, "content": user["content"] + " "}, reply]
    run = bench("always-failed", files=(vqa(*reworded, name="reworded.json"),))
    beside = tmp_path / "beside"
    assert main(["report", str(run), "--out", str(beside), "--authors", str(bench.main_file)]) == 0
    assert len(rows_of(beside, "lite_main")) == 1


def test_published_hard_rows_need_their_judge_and_criteria(bench, tmp_path):
    run = bench("always-failed", files=(bench.main_file,))
    assert main(["judge", str(run), "--judge", "scripted"]) == 0
    items = load_items([bench.main_file])
    theirs = replace(
        load_published(),
        data_sha256=data_hash(items),
        wording_sha256=wording_hash(items),
        judge="scripted",
        criteria_sha256=load_criteria().digest,
    )
    same = write_report([run], tmp_path / "same", theirs).parent
    assert len(rows_of(same, "hard_main")) == len(rows_of(same, "overall_main")) == 18
    other = write_report([run], tmp_path / "other", replace(theirs, criteria_sha256="0" * 64)).parent
    assert len(rows_of(other, "hard_main")) == 1


def test_runs_of_other_questions_get_tables_of_their_own(bench, vqa, tmp_path):
    one = bench("always-failed", files=(bench.main_file,))
    two = bench("majority", files=(vqa(*list(questions())[:4], name="few.json"),))
    out = write_report([one, two], tmp_path / "report").parent
    assert rows_of(out, "lite_main_questions1").keys() == {"always-failed"}
    assert rows_of(out, "lite_main_questions2").keys() == {"majority"}
    assert not (out / "tests.csv").exists()


def test_what_waits_for_a_judge_is_in_no_average(bench, tmp_path):
    out = write_report([bench("majority", files=(bench.main_file,))], tmp_path / "report").parent
    row = rows_of(out, "overall_main")["majority"]
    assert row["Hard"] == row["Average"] == ""
    assert "majority: 5 of 5 answers wait for a judge" in (out / "report.md").read_text()


def test_the_human_ceiling_stands_beside_the_models(bench, tmp_path):
    (tmp_path / "ceiling.json").write_text('{"lite": 0.91, "onset_seconds": 0.42}')
    ceiling = load_ceiling(tmp_path / "ceiling.json")
    out = write_report([bench("always-failed")], tmp_path / "report", ceiling=ceiling).parent
    assert float(rows_of(out, "controls")["two annotators"]["keyframe-free"]) == 91
    assert "onset_seconds | 0.420" in (out / "report.md").read_text()


def test_tables_need_no_plots(bench, tmp_path):
    run, out = bench("always-failed", files=(bench.main_file,)), tmp_path / "report"
    assert main(["report", str(run), "--out", str(out), "--no-plots"]) == 0
    assert (out / "lite_main.csv").exists()
    assert not list(out.glob("*.png"))


def test_what_is_no_run_is_one_sentence(tmp_path, capsys):
    assert main(["report", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err.strip().splitlines()[-1].startswith("error: ")
    assert not (tmp_path / "out").exists()


def test_a_run_named_twice_is_refused(bench, tmp_path):
    run = bench("always-failed", files=(bench.main_file,))
    with pytest.raises(BenchError, match="twice"):
        write_report([run, run], tmp_path / "report")


def test_progress_ends_at_its_total(bench, tmp_path):
    seen = []
    run = bench("always-failed", files=(bench.main_file,))
    write_report([run], tmp_path / "report", progress=lambda *step: seen.append(step))
    assert seen == [(1, 2), (2, 2)]


def test_published_prints_seventeen_rows_three_times(capsys):
    assert main(["published"]) == 0
    assert capsys.readouterr().out.count("(published)") == 51


def test_every_type_has_a_short_name():
    from ml.bench.report_tables import SHORT

    assert list(SHORT) == list(QuestionType)
