"""When the loop's goal is met, and how it says that it is not."""

import json

import pytest

from ml.loop.verdict import read_score, write_verdict


def write_run(folder, value, low, high):
    folder.mkdir(parents=True)
    micro = {"score": value, "n": 60, "by_episode": {"low": low, "high": high}}
    told = {
        "headline": "keyframe_free",
        "controls": {"keyframe_free": {"groups": {"lite": {"micro": micro}}}},
    }
    (folder / "summary.json").write_text(json.dumps(told))
    return read_score(folder.name, folder)


@pytest.mark.parametrize(
    ("tuned", "untrained", "majority", "met"),
    [
        ((0.8, 0.7, 0.9), (0.0, 0.0, 0.05), (0.4, 0.3, 0.5), True),
        ((0.8, 0.5, 0.9), (0.0, 0.0, 0.05), (0.4, 0.3, 0.5), False),
        ((0.8, 0.7, 0.9), (0.7, 0.6, 0.75), (0.4, 0.3, 0.5), False),
        ((0.2, 0.1, 0.3), (0.0, 0.0, 0.05), (0.4, 0.3, 0.5), False),
    ],
)
def test_met_only_where_intervals_are_apart(tmp_path, tuned, untrained, majority, met):
    runs = {"tuned": tuned, "untrained": untrained, "majority": majority}
    scores = [write_run(tmp_path / name, *figures) for name, figures in runs.items()]
    assert write_verdict(scores, {"build": 1.0}, "drawn", tmp_path / "report/report.md", tmp_path) is met
    text = (tmp_path / "loop.md").read_text()
    assert ("**met**" if met else "**not met**") in text
    assert "not a model" in text
    assert "ViFailback-8B" in text
    assert f"| tuned | {100 * tuned[0]:.1f} % [" in text
