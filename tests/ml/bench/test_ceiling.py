"""Two annotators scored on each other: agreement by question type, options chosen as a person would."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from ml.bench.__main__ import main
from ml.bench.ceiling import ASKED, choose, human_ceiling, read_pairs
from ml.bench.report import load_ceiling
from ml.prompts import QuestionType
from ml.vqa import synthesize
from ml.vqa.annotation import read_episode
from ml.vqa.distractors import Pools
from ml.vqa.questions import Asker, Question
from ml.vqa.survey import Survey

Q = QuestionType
Json = dict[str, Any]


@pytest.fixture(scope="module")
def annotations(tmp_path_factory: pytest.TempPathFactory) -> list[Json]:
    """Twenty annotations, failures that have everything first."""
    folder = tmp_path_factory.mktemp("annotations")
    synthesize(40, 0, folder)
    rows = json.loads((folder / "annotations.json").read_text())
    whole = [row for row in rows if row["failure_detection"] == "yes" and row["correction"][0]["low_level"]]
    return whole[:14] + [row for row in rows if row["failure_detection"] == "no"][:6]


@pytest.fixture
def others(annotations: list[Json]) -> list[Json]:
    return copy.deepcopy(annotations)


def figures(ones: list[Json], others: list[Json]) -> Json:
    pairs = [(read_episode(one), read_episode(other)) for one, other in zip(ones, others, strict=True)]
    return human_ceiling(pairs)["figures"]


def test_whoever_says_the_same_agrees_in_everything(annotations: list[Json], others: list[Json]) -> None:
    found = figures(annotations, others)

    assert {kind.value for kind in ASKED} <= found.keys()
    assert all(found[kind.value]["value"] == 1.0 for kind in ASKED)
    assert (found["onset_seconds"]["value"], found["code_distance"]["value"]) == (0.0, 0.0)
    assert found["failure_detection_qa"]["n"] == len(annotations)
    assert found["lite"]["wilson"]["low"] < found["lite"]["value"]


def test_a_differing_type_loses_that_question_alone(annotations: list[Json], others: list[Json]) -> None:
    """In both directions: a pair that differs scores 0."""
    failures = [row for row in others if row["failure_detection"] == "yes"]
    for row in failures[:7]:
        row["failure_type"] = (
            "human intervention" if row["failure_type"] != "human intervention" else "task planning"
        )

    found = figures(annotations, others)

    assert found["failure_type_qa"]["value"] == pytest.approx(1 - 7 / len(failures))
    assert found["subtask_localization_qa"]["value"] == 1.0
    assert found["failure_type_qa"]["n"] == len(failures)


def test_who_saw_no_failure_loses_detection_and_has_no_answer_to_the_rest(
    annotations: list[Json], others: list[Json]
) -> None:
    pair = annotations[:1], [{**others[0], "failure_detection": "no"}]
    told = human_ceiling([(read_episode(pair[0][0]), read_episode(pair[1][0]))])

    assert told["figures"]["failure_detection_qa"]["value"] == 0.0
    assert told["figures"]["failure_detection_qa"]["n"] == 1
    assert "failure_type_qa" not in told["figures"]
    assert told["left_out"]["failure_type_qa"] == 1


def test_other_symbols_are_other_codes(annotations: list[Json], others: list[Json]) -> None:
    for row in others:
        for side, name in (("avoidance", "avoid_keyframe"), ("correction", "correct_keyframe")):
            for part in row[side]:
                part[f"{name}_annotations_code"] = [{"type": "crosshair", "pos": [1, 1]}]

    found = figures(annotations, others)

    assert found["codes"]["value"] == 0.0
    assert found["codes_f1"]["value"] < 1.0


def asked(annotations: list[Json], kind: QuestionType) -> Question:
    survey = Survey(0)
    for row in annotations:
        survey.add(read_episode(row))
    asker = Asker(0, Pools(survey))
    (found,) = [
        each
        for each in asker.questions(read_episode(annotations[0]))
        if isinstance(each, Question) and each.kind is kind
    ]
    return found


def test_a_keyframe_between_options_is_the_nearest_one(annotations: list[Json]) -> None:
    question = asked(annotations, Q.KEYFRAME_LOCALIZATION)
    other = read_episode(annotations[0])
    frames = {
        letter: question.episode.stills[int(text) - 1].frame
        for letter, text in question.values.options.items()
    }
    for letter, frame in frames.items():
        nearest = min(abs(frame - each) for own, each in frames.items() if own != letter)
        other.avoidance.frame = frame + (nearest - 1) // 2
        assert choose(question, other) == letter
    one, two = sorted(frames.values())[:2]
    if (two - one) % 2 == 0:
        other.avoidance.frame = (one + two) // 2
        assert choose(question, other) is None


def test_nobody_guesses_a_command_that_is_nowhere_near(annotations: list[Json]) -> None:
    question = asked(annotations, Q.LOW_LEVEL_AVOIDANCE)
    other = read_episode(annotations[0])
    other.avoidance.command = None

    assert choose(question, other) is None


def test_the_command_writes_what_report_reads(
    annotations: list[Json], others: list[Json], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for path, rows in zip(files, (annotations, others[::-1]), strict=True):
        path.write_text(json.dumps(rows))

    assert main(["ceiling", *map(str, files), "--out", str(tmp_path / "ceiling.json")]) == 0

    assert "lite" in capsys.readouterr().out
    ceiling = load_ceiling(tmp_path / "ceiling.json")
    assert ceiling is not None
    assert ceiling["lite"]["by_episode"] == {"low": 1.0, "high": 1.0}
    assert len(read_pairs(*files)) == len(annotations)


def test_files_without_a_common_episode_are_one_sentence(
    annotations: list[Json], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [tmp_path / name for name in ("one.json", "two.json")]
    for path, rows in zip(files, (annotations[:3], annotations[3:6]), strict=True):
        path.write_text(json.dumps(rows))

    assert main(["ceiling", *map(str, files), "--out", str(tmp_path / "c.json")]) == 2

    assert capsys.readouterr().err.strip().count("\n") == 0
    assert not (tmp_path / "c.json").exists()
