"""What a release says is what `ml.vqa` takes."""

import json
from pathlib import Path

from ml.prompts import QuestionType
from ml.vqa import Report, build, lint
from tests.apps.releases.conftest import Reviewed
from tests.apps.releases.exporting import export


def test_an_exported_release_gives_questions_that_lint_finds_as_clean_as_it_is(
    reviewed: Reviewed, tmp_path: Path
) -> None:
    root, seen = tmp_path / "release", []
    export(root)
    told = build(
        root / "annotations.json",
        images=root,
        out=root,
        controls=True,
        progress=lambda *each: seen.append(each),
    )
    assert told["flags"] == {"correct_keyframe has no command": 1}
    assert {stage for stage, _, _ in seen} == {"surveying", "building"}
    records = [each for name in told["sha256"] for each in json.loads((root / name).read_text())]
    failure = reviewed.failure.episode
    asked = {each["tag"] for each in records if each["episode_id"].endswith(f"/episode_{failure.number}")}
    assert {QuestionType.FAILURE_DETECTION, QuestionType.KEYFRAME_LOCALIZATION} <= asked
    found = {placed.finding.code for placed in lint([root / name for name in told["sha256"]], root, Report())}
    assert found == {"contradiction"}  # which the annotation has, and `release.json` lists
