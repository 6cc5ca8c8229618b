"""The whole path, walked with the project's own commands in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from ml.loop.records import write_records

ROOT = Path(__file__).parents[3]
LITE = 6  # question types


def walk(out, *options, seconds, ends=(0,)):
    """Run the loop; what it printed and the summaries of its runs. It ends with 1 if the goal is missed."""
    words = [sys.executable, "-m", "ml.loop", "--out", str(out), *options]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False)
    assert done.returncode in ends, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    runs = {path.parent.name: json.loads(path.read_text()) for path in out.glob("runs/*/summary.json")}
    return done.stdout, runs


def micro(told, control="keyframe_free"):
    return told["controls"][control]["groups"]["lite"]["micro"]


@pytest.mark.timeout(600)
def test_short_form(tmp_path):
    """About two minutes of two quiet cores; three times that is allowed."""
    printed, runs = walk(tmp_path, "--short", seconds=590)
    tuned, untrained, majority = (micro(runs[name]) for name in ("tuned", "untrained", "majority"))
    assert tuned["by_episode"]["low"] > max(untrained["by_episode"]["high"], majority["by_episode"]["high"])
    assert tuned["errored"] == tuned["unasked"] == untrained["errored"] == 0
    assert len(runs["tuned"]["controls"]["keyframe_free"]["types"]) == LITE
    assert "**met**" in printed
    assert "not a model" in (tmp_path / "loop.md").read_text()
    assert (tmp_path / "report/report.md").stat().st_size > 1000


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_full_form(tmp_path):
    """Under fifteen minutes of two quiet cores. The pictures are what the tuned model answers from."""
    _, runs = walk(tmp_path, seconds=3500)
    assert runs.keys() == {"tuned", "untrained", "majority", "text-prior", "always-failed", "random"}
    tuned = runs["tuned"]
    others = [micro(told)["by_episode"]["high"] for name, told in runs.items() if name != "tuned"]
    assert micro(tuned)["by_episode"]["low"] > max(others)
    assert micro(tuned)["by_episode"]["low"] > micro(tuned, "text_only")["by_episode"]["high"]
    assert tuned["controls"].keys() == {"main", "keyframe_free", "last_frame", "text_only"}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_takes_other_records_and_goes_on_where_it_was(tmp_path):
    """The second time nothing is trained and nobody is asked; how good it became is not the point here."""
    tree = tmp_path / "release"
    split = write_records(tree, 160, 5)
    options = ["--short", "--records", str(tree), "--split", str(split)]
    printed, first = walk(tmp_path / "out", *options, seconds=900, ends=(0, 1))
    assert f"the episodes are those of {tree}" in printed
    again, second = walk(tmp_path / "out", *options, seconds=900, ends=(0, 1))
    assert second == first
    asked = [line for line in again.splitlines() if " answered now, " in line]
    assert len(asked) == len(first)
    assert all(line.startswith("0 answered now") for line in asked)
