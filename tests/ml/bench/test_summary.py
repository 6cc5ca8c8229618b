"""From a log to figures: denominators, balanced accuracy, rotations, seen and unseen."""

import json

import pytest

from ml.bench.compare import compare_runs
from ml.bench.errors import BenchError
from ml.bench.items import load_items
from ml.bench.models import ModelOptions, open_model
from ml.bench.runner import RunPlan, run
from ml.bench.summary import summarize, write_summary
from tests.ml.bench.conftest import SIDES, detection, record


@pytest.fixture
def run_script(tmp_path):
    """Run records against a script and return the run's directory."""

    def go(records, answers, name="run"):
        script, file = tmp_path / f"{name}-script.json", tmp_path / f"{name}.json"
        script.write_text(json.dumps(answers))
        file.write_text(json.dumps(records))
        items = load_items([file])
        run(
            RunPlan(items, tmp_path, tmp_path / name), open_model(f"scripted:{script}", items, ModelOptions())
        )
        return tmp_path / name

    return go


def ids(records):
    return [each["question_id"] for each in records]


def test_what_is_not_read_is_wrong_and_counted_apart(run_script):
    records = [detection(number) for number in range(1, 6)]
    first, second, third, fourth, _ = ids(records)
    answers = {first: "Failed", second: "?", third: "I'm sorry, I can't.", fourth: "Successful"}
    out = run_script(records, answers)
    figure = summarize(out).values["controls"]["main"]["groups"]["lite"]["micro"]
    assert figure["score"] == 1 / 5
    assert figure["answered_only"] == 1 / 2
    assert (figure["n"], figure["unparsed"], figure["refused"], figure["errored"]) == (5, 1, 1, 1)


def test_always_failed_is_half_right_when_balanced(run_script, tmp_path):
    records = [detection(number, failed=number > 1) for number in range(1, 11)]
    out = run_script(records, {"*": "Failed"})
    kind = summarize(out).values["controls"]["main"]["types"]["failure_detection_qa"]
    assert kind["score"] == 0.9
    assert kind["balanced"]["score"] == 0.5


def test_micro_weighs_questions_and_macro_types(run_script):
    options = {"A": "gripper state", "B": "task planning"}
    types = [record("failure_type_qa", 1, options=options, answer="A")]
    records = [*(detection(number) for number in range(1, 10)), *types]
    group = summarize(run_script(records, {"*": "B"})).values["controls"]["main"]["groups"]["lite"]
    assert group["micro"]["score"] == 0.9
    assert group["macro"]["score"] == 0.5


def rotated(number, shift):
    texts = list(SIDES.values())
    options = dict(zip("AB", texts[shift:] + texts[:shift], strict=True))
    one = detection(number)
    answer = next(letter for letter, text in options.items() if text == "Failed")
    control = {"name": "rotations", "of": one["question_id"], "variant": shift}
    return {
        **one,
        "question_id": f"{one['question_id']}@{shift}",
        "options": options,
        "answer": answer,
        "control": control,
    }


def test_a_model_that_prefers_a_letter_is_not_consistent(run_script):
    records = [rotated(number, shift) for number in (1, 2) for shift in (0, 1)]
    one = summarize(run_script(records, {"*": "A"}, "letter")).values["controls"]["rotations"]
    two = summarize(run_script(records, {"*": "Failed"}, "text")).values["controls"]["rotations"]
    assert one["rotations"] == {"questions": 2, "same_option": 0, "right_in_all": 0, "letters": {"A": 4}}
    assert (two["rotations"]["same_option"], two["rotations"]["right_in_all"]) == (1, 1)
    assert one["groups"]["lite"]["micro"]["score"] == 0.5


def test_the_headline_is_the_keyframe_free_control(run_script):
    main = detection(1)
    control = {"name": "keyframe_free", "of": main["question_id"], "variant": 0}
    free = {**main, "question_id": "free", "control": control}
    assert summarize(run_script([main, free], {"*": "B"}, "both")).values["headline"] == "keyframe_free"
    assert summarize(run_script([main], {"*": "B"}, "one")).values["headline"] == "main"


def test_seen_and_unseen_tasks_stand_apart(run_script):
    records = [detection(1), detection(2, task="open drawer", seen=False)]
    out = run_script(records, {ids(records)[0]: "B", ids(records)[1]: "A"})
    parts = write_summary(out)["controls"]["main"]["parts"]
    assert parts["seen"]["groups"]["lite"]["micro"]["score"] == 1
    assert parts["unseen"]["groups"]["lite"]["micro"]["score"] == 0
    assert json.loads((out / "summary.json").read_text())["controls"]["main"]["parts"] == parts


def test_a_torn_last_line_is_no_answer_and_is_asked_again(run_script):
    records = [detection(1), detection(2)]
    out = run_script(records, {"*": "B"})
    log = out / "log.jsonl"
    log.write_bytes(log.read_bytes()[:-20])
    assert summarize(out).values["controls"]["main"]["groups"]["lite"]["micro"]["unasked"] == 1
    run_script(records, {"*": "B"})
    assert summarize(out).values["controls"]["main"]["groups"]["lite"]["micro"]["score"] == 1
    assert len(log.read_text().splitlines()) == 2


def test_a_run_begun_with_other_questions_does_not_go_on(run_script):
    run_script([detection(1)], {"*": "B"})
    with pytest.raises(BenchError, match="begun with another"):
        run_script([detection(2)], {"*": "B"})


def test_two_runs_are_compared_on_what_they_share(run_script):
    records = [detection(number) for number in range(1, 11)]
    good, bad = run_script(records, {"*": "B"}, "good"), run_script(records, {"*": "A"}, "bad")
    tests = compare_runs(good, bad)["main"]["lite"]
    assert (tests["n"], tests["first"], tests["second"]) == (10, 1, 0)
    assert tests["mcnemar"] == tests["by_episode"] == 2 / 2**10
    assert tests["by_task"] == 1  # one task can show nothing
    with pytest.raises(BenchError, match="share no question"):
        compare_runs(good, run_script([detection(99)], {"*": "B"}, "other"))
