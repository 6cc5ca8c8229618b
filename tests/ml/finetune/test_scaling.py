"""The scaling study trains on nested subsets, measures all on the same questions, and is not done twice."""

import json

import pytest

from ml.finetune.__main__ import main
from ml.finetune.logs import read_log

pytestmark = pytest.mark.timeout(600)  # of the clock, which others on the machine share


@pytest.fixture
def study(squares, tiny, tmp_path):
    """Run the study of 4 and 8 trajectories; returns the exit status."""
    records = json.loads((squares / "vqa.json").read_text())
    for part, own in (("train", records[:12]), ("test", records[12:])):
        (tmp_path / f"{part}.json").write_text(json.dumps(own))
    config = tmp_path / "config.yaml"
    config.write_text(json.dumps({"model": str(tiny), "learning_rate": 1e-3, "max_steps": 2, "threads": 1}))

    def run(sizes):
        files = ["--data", tmp_path / "train.json", "--test", tmp_path / "test.json", "--images", squares]
        return main(["scaling", *map(str, [config, "--sizes", sizes, *files, "--out", tmp_path / "study"])])

    return run


def test_study(study, tmp_path, capsys):
    assert study("4,8") == 0
    points = json.loads((tmp_path / "study/scaling.json").read_text())
    assert [(point["trajectories"], point["samples"], point["held_out"]) for point in points] == [
        (4, 4, 4),
        (8, 8, 4),
    ]
    assert (tmp_path / "study/scaling.png").read_bytes().startswith(b"\x89PNG")
    logs = {path: path.stat().st_mtime_ns for path in tmp_path.glob("study/*/log.jsonl")}
    assert len(logs) == 2
    assert all([entry["step"] for entry in read_log(path) if "loss" in entry] == [1, 2] for path in logs)
    assert study("4,8") == 0
    assert all(path.stat().st_mtime_ns == time for path, time in logs.items())


def test_study_refuses_more_than_there_is(study, tmp_path, capsys):
    assert study("4,13") == 2
    assert "13 trajectories" in capsys.readouterr().err
    assert not (tmp_path / "study/scaling.json").exists()
