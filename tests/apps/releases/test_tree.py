"""A release as a folder, held to the written format to the letter."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError

from apps.releases.models import Release
from tests import videos
from tests.apps.episodes.video.conftest import picture
from tests.apps.releases.conftest import Reviewed
from tests.apps.releases.exporting import check_drawn, export, files_in, read
from tests.work import (
    ARROW,
    COMMAND_TEXT,
    FRAMES,
    HEIGHT,
    SYMBOLS,
    WIDTH,
)

EXAMPLE = Path(__file__).resolve().parents[4] / "shared" / "data" / "release" / "example_vqa_and_raw.json"
FRAMES_0 = "annotated_data/wipe_board/frames/episode_0_cam_high"


@pytest.fixture
def tree(reviewed: Reviewed, tmp_path: Path) -> Path:
    export(tmp_path / "release")
    return tmp_path / "release"


def without_ids(symbols: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in symbol.items() if name != "id"} for symbol in symbols]


def test_every_file_has_its_name_and_there_is_no_other(tree: Path) -> None:
    frames_1 = "annotated_data/wipe_board/frames/episode_1_cam_high"
    towel = "annotated_data/fold_towel"
    assert sorted(files_in(tree)) == sorted(
        [
            "annotations.json",
            "events.json",
            "release.json",
            "annotated_data/wipe_board/videos/episode_0_cam_high.mp4",
            "annotated_data/wipe_board/videos/episode_0_cam_left_wrist.mp4",
            "annotated_data/wipe_board/videos/episode_1_cam_high.mp4",
            f"{FRAMES_0}/0.jpg",
            f"{FRAMES_0}/5_avoid_keyframe.jpg",
            f"{FRAMES_0}/5_avoid_keyframe_annotations.jpg",
            f"{FRAMES_0}/7_correct_keyframe.jpg",
            f"{FRAMES_0}/7_correct_keyframe_annotations.jpg",
            f"{FRAMES_0}/8_avoid_keyframe_2.jpg",
            f"{FRAMES_0}/8_avoid_keyframe_2_annotations.jpg",
            f"{FRAMES_0}/10.jpg",
            f"{FRAMES_0}/10_correct_keyframe_2.jpg",
            f"{FRAMES_0}/10_correct_keyframe_2_annotations.jpg",
            f"{FRAMES_0}/11.jpg",
            *(f"{frames_1}/{number}.jpg" for number in (0, 5, 10, 12)),
            f"{towel}/videos/episode_0_cam_high.mp4",
            *(f"{towel}/frames/episode_0_cam_high/{number}.jpg" for number in (0, 5)),
        ]
    )


def test_the_raw_record_of_a_failure_is_to_the_letter(tree: Path) -> None:
    """The authors' form with the first event, and the three texts that are ours."""
    (record, _) = read(tree, "annotations.json")
    avoid, correct = f"{FRAMES_0}/5_avoid_keyframe", f"{FRAMES_0}/7_correct_keyframe"
    assert record == {
        "video": "annotated_data/wipe_board/videos/episode_0_cam_high.mp4",
        "task": "Do wipe_board with both arms.",
        "failure_detection": "yes",
        "images": [
            f"{FRAMES_0}/0.jpg", f"{avoid}.jpg", f"{correct}.jpg", f"{FRAMES_0}/10.jpg", f"{FRAMES_0}/11.jpg",
        ],
        "subtasks": ["1. Grasp the eraser.", "2. Wipe the board.", "3. Put the eraser back."],
        "keyframe": [{"avoid_keyframe": f"{avoid}.jpg", "correct_keyframe": f"{correct}.jpg"}],
        "failure_subtask": "2",
        "failure_type": "gripper 6d-pose",
        "failure_reason": "The gripper closes beside the eraser.",
        "avoidance": [
            {
                "low_level": COMMAND_TEXT,
                "high_level": "Move over the eraser first.",
                "avoid_keyframe_annotations": f"{avoid}_annotations.jpg",
                "avoid_keyframe_annotations_code": without_ids([ARROW]),
            }
        ],
        "correction": [
            {
                "low_level": "",
                "high_level": "Open, go back and grasp again.",
                "correct_keyframe_annotations": f"{correct}_annotations.jpg",
                "correct_keyframe_annotations_code": without_ids(SYMBOLS),
            }
        ],
    }  # fmt: skip


def test_a_success_has_the_same_fields_and_says_no_more(tree: Path) -> None:
    failure, success = read(tree, "annotations.json")

    assert set(success) == set(failure)
    assert success["failure_detection"] == "no"
    assert [Path(image).name for image in success["images"]] == ["0.jpg", "5.jpg", "10.jpg", "12.jpg"]
    assert all(not success[name] for name in ("keyframe", "failure_subtask", "failure_type", "failure_reason",
                                              "avoidance", "correction"))  # fmt: skip


@pytest.mark.skipif(not EXAMPLE.is_file(), reason=f"needs the authors' example {EXAMPLE}")
def test_the_authors_own_record_has_no_field_that_ours_lacks(tree: Path) -> None:
    theirs, ours = json.loads(EXAMPLE.read_text())[1], read(tree, "annotations.json")[0]

    assert set(ours) - set(theirs) == {"failure_reason"}
    assert set(theirs) <= set(ours)
    for part in ("keyframe", "avoidance", "correction"):
        assert set(ours[part][0]) - set(theirs[part][0]) <= {"high_level"}
        assert set(theirs[part][0]) <= set(ours[part][0])
    assert {name: type(value) for name, value in theirs.items()} == {
        name: type(ours[name]) for name in theirs
    }


def test_only_what_is_approved_is_released_and_who_cannot_tell_asks_no_question(
    tree: Path, reviewed: Reviewed
) -> None:
    full = read(tree, "events.json")

    assert [row["annotation"] for row in full] == [
        reviewed.unclear.pk,
        reviewed.failure.pk,
        reviewed.success.pk,
    ]
    assert [row["outcome"] for row in full] == ["cannot_tell", "failed", "successful"]
    assert full[0]["note"] == "The arm hides the board."
    assert "fold_towel" not in (tree / "annotations.json").read_text()


def test_the_full_form_holds_all_events_as_they_were_annotated(tree: Path, reviewed: Reviewed) -> None:
    row = read(tree, "events.json")[1]

    assert (row["task"], row["episode"], row["revision"]) == ("wipe_board", 0, reviewed.failure.revision)
    assert (row["size"], row["frame_count"]) == ([WIDTH, HEIGHT], FRAMES)
    assert [event["id"] for event in row["events"]] == ["e1", "e2"]
    for written, annotated in zip(row["events"], reviewed.failure.document["events"], strict=True):
        for side in ("avoidance", "correction"):
            assert written[side].items() >= annotated[side].items()
            still = tree / written[side]["still"]
            assert hashlib.sha256(still.read_bytes()).hexdigest() == written[side]["sha256"]
            assert written[side]["seconds"] == pytest.approx(annotated[side]["frame"] / 5)
    assert [event["avoidance"]["low_level"] for event in row["events"]] == [COMMAND_TEXT] * 2


def test_nobodys_name_leaves_the_house(tree: Path, reviewed: Reviewed) -> None:
    everything = b"".join(data for name, data in files_in(tree).items() if name.endswith(".json")).decode()

    assert read(tree, "events.json")[1]["annotator"] == f"annotator-{reviewed.cast.ann.pk}"
    assert not any(f'"{name}"' in everything for name in reviewed.cast.everybody())


def test_every_still_shows_the_frame_that_its_name_says(tree: Path) -> None:
    stills = [path for path in tree.rglob("*.jpg") if not path.stem.endswith("_annotations")]

    assert len(stills) == 13
    for path in stills:
        assert videos.read_counter(picture(path.read_bytes())) == int(path.stem.partition("_")[0])


def test_the_drawn_stills_are_the_stills_with_the_one_renderers_symbols(tree: Path) -> None:
    drawn = {"5_avoid_keyframe": [ARROW], "7_correct_keyframe": SYMBOLS, "8_avoid_keyframe_2": [ARROW],
             "10_correct_keyframe_2": SYMBOLS}  # fmt: skip

    for name, symbols in drawn.items():
        still, made = ((tree / FRAMES_0 / f"{name}{end}.jpg").read_bytes() for end in ("", "_annotations"))
        check_drawn(still, made, without_ids(symbols))


def test_videos_are_the_very_bytes_that_were_uploaded(tree: Path, film: Callable[[int], Path]) -> None:
    folder = tree / "annotated_data" / "wipe_board" / "videos"

    for name, frames in {"0_cam_high": FRAMES, "0_cam_left_wrist": 7, "1_cam_high": 13}.items():
        assert (folder / f"episode_{name}.mp4").read_bytes() == film(frames).read_bytes()


def test_the_manifest_names_every_file_with_its_true_digest(tree: Path, reviewed: Reviewed) -> None:
    manifest, files = read(tree, "release.json"), files_in(tree)
    files.pop("release.json")

    assert manifest["files"] == {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    assert (manifest["project"], manifest["version"]) == ("Table-top", 1)
    assert manifest["taxonomy"] == {"paper-1": reviewed.cast.project.taxonomy.content}
    assert manifest["embodiment"] == reviewed.cast.project.embodiment
    assert manifest["prompts"] == {"drafts": []}
    assert manifest["counts"] == {
        "episodes": 3,
        "tasks": 2,
        "outcomes": {"cannot_tell": 1, "failed": 1, "successful": 1},
        "failure_types": {"gripper 6d-pose": 2},
        "events": 2,
        "images": 5 + 4 + 2,
    }


def test_exporting_twice_gives_the_same_bytes_in_place_and_elsewhere(tree: Path, tmp_path: Path) -> None:
    before = files_in(tree)

    export(tree)
    export(tmp_path / "below" / "other")

    assert files_in(tree) == files_in(tmp_path / "below" / "other") == before
    assert Release.objects.count() == 1
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(".")) == []


def test_the_command_says_what_it_wrote(reviewed: Reviewed, tmp_path: Path) -> None:
    said = export(tmp_path / "release")

    assert said.startswith("Table-top v1: 3 episodes, 2 tasks, 2 events")
    assert str(tmp_path / "release") in said


@pytest.mark.parametrize(
    "occupy",
    [
        lambda folder: (folder / "thesis.tex").write_text("years of work"),
        lambda folder: (folder / "release.json").write_text("{}"),
        lambda folder: (folder / "release.json").write_text("of another tool"),
        lambda folder: (folder / "deep").mkdir() or (folder / "deep" / "x").write_text("x"),
    ],
)
def test_a_folder_that_holds_something_else_is_refused_and_left_alone(
    reviewed: Reviewed, tmp_path: Path, occupy: Callable[[Path], Any]
) -> None:
    target = tmp_path / "work"
    target.mkdir()
    occupy(target)
    before = files_in(target)

    with pytest.raises(CommandError, match="holds something that is no release"):
        export(target)

    assert files_in(target) == before
    assert not Release.objects.exists()


def test_a_release_in_which_somebody_keeps_something_else_is_left_alone(tree: Path) -> None:
    (tree / "notes.txt").write_text("mine")
    before = files_in(tree)

    with pytest.raises(CommandError, match="holds something"):
        export(tree)
    assert files_in(tree) == before


def test_a_file_in_the_place_of_the_folder_is_refused(reviewed: Reviewed, tmp_path: Path) -> None:
    (tmp_path / "release").write_text("a file")

    with pytest.raises(CommandError, match="holds something"):
        export(tmp_path / "release")
    assert (tmp_path / "release").read_text() == "a file"


def test_an_empty_folder_is_filled(tree: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    export(tmp_path / "empty")

    assert files_in(tmp_path / "empty") == files_in(tree)
