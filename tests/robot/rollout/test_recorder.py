"""A recording is what happened: in step, in color, who was in control, and whole or not at all."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from robot.formats import FormatRejected
from robot.formats.rollout import check_files, events_of, pack, read_manifest
from robot.formats.video import decode
from robot.rollout import Recorder, RecorderSettings
from tests.robot.conftest import CAMERAS, where
from tests.robot.rollout.play import ARROW, play, record


def test_all_cameras_have_the_same_frames_with_the_cube_red(tmp_path: Path) -> None:
    (folder,) = record(tmp_path)

    manifest = read_manifest(folder)
    assert (manifest.frames, manifest.cameras) == (20, CAMERAS)
    for number, camera in enumerate(CAMERAS):
        shown = [where(picture) for picture in decode(folder / f"{camera}.mp4")]
        assert shown == [(row, number) for row in range(20)]


def test_every_step_says_who_was_in_control(tmp_path: Path) -> None:
    (folder,) = record(tmp_path)

    table = pq.read_table(folder / "signals.parquet")
    assert table.column("control").to_pylist() == [0] * 20 + [2] * 20
    np.testing.assert_allclose(table.column("seconds"), np.arange(40) / 50, atol=1e-9)
    assert table.column("left_joint_1 position (rad)").to_pylist() == list(range(40))
    assert table.column("right_gripper action (share)").to_pylist() == list(range(1, 41))


def test_what_was_asked_and_answered_is_there_with_its_time(tmp_path: Path) -> None:
    (folder,) = record(tmp_path)

    events = events_of((folder / "events.jsonl").read_text())
    assert [(e["kind"], e["seconds"]) for e in events] == [
        ("rollout_started", 0.0),
        ("query", 0.4),
        ("answer", 0.48),
        ("rollout_ended", 0.8),
    ]


def test_the_supervisors_verdict_is_a_document_for_the_annotator(tmp_path: Path) -> None:
    (folder,) = record(tmp_path)

    verdict = read_manifest(folder).verdict
    assert verdict is not None
    (event,) = verdict["events"]
    assert (verdict["outcome"], event["failure_type"]) == ("failed", "gripper 6d-pose")
    assert (event["avoidance"]["frame"], event["correction"]["frame"]) == (5, 10)
    assert event["correction"]["symbols"] == [ARROW]
    assert event["correction"]["command"]["arms"][0]["move"] == [
        {"direction": "right", "magnitude": "slightly"}
    ]


def test_the_simulators_truth_is_kept_beside_it(tmp_path: Path) -> None:
    truth = {"outcome": "failed", "events": [{"subtask": 2}]}
    recorder = Recorder(RecorderSettings(tmp_path, run="r", origin="simulator"))
    manifest = read_manifest(tmp_path / play(recorder, truth=truth))

    assert (manifest.truth, manifest.origin, manifest.success) == (truth, "simulator", False)


def test_a_rollout_packs_to_the_same_bytes_and_refuses_what_was_changed(tmp_path: Path) -> None:
    (folder,) = record(tmp_path)
    for name in ("a.tar", "b.tar"):
        pack(folder, tmp_path / name)
    assert (tmp_path / "a.tar").read_bytes() == (tmp_path / "b.tar").read_bytes()

    (folder / "events.jsonl").write_text("{}")
    with pytest.raises(FormatRejected, match=r"events\.jsonl is not there as"):
        pack(folder, tmp_path / "c.tar")


def test_trials_of_a_run_are_numbered(tmp_path: Path) -> None:
    assert [read_manifest(each).trial for each in record(tmp_path, 3)] == [0, 1, 2]


def killed_after(directory: Path, rollouts: int, more: float) -> list[str]:
    """Record in a process of its own, kill it some time after so many rollouts; those it said it has."""
    command = [sys.executable, "-m", "tests.robot.rollout.play", str(directory)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        said = [process.stdout.readline().strip() for _ in range(rollouts)]
        try:
            process.wait(more)
        except subprocess.TimeoutExpired:
            process.kill()
        said += [line.strip() for line in process.stdout]
    return said


@pytest.mark.parametrize("more", [0.0, 0.013, 0.031, 0.057])
def test_sigkill_never_costs_an_earlier_rollout(tmp_path: Path, more: float) -> None:
    said = killed_after(tmp_path, 2, more)

    for name in said:
        manifest = read_manifest(tmp_path / name)
        check_files(tmp_path / name, manifest)
        assert len(list(decode(tmp_path / name / "cam_high.mp4"))) == manifest.frames
    whole = [each for each in tmp_path.iterdir() if not each.name.endswith(".part")]
    assert len(whole) - len(said) in (0, 1)  # kept, and killed before it said so
    assert len(list(tmp_path.glob("*.part"))) <= 1
    (later,) = record(tmp_path)
    assert read_manifest(later).trial == len(whole)


@pytest.mark.full
def test_sigkill_at_any_of_forty_moments(tmp_path: Path) -> None:
    for moment in range(40):
        folder = tmp_path / str(moment)
        for name in killed_after(folder, 1, moment * 0.004):
            check_files(folder / name, read_manifest(folder / name))
