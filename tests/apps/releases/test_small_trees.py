"""Releases of one or two annotations: what the small project has no case of."""

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.episodes.ingest import media_erase
from apps.episodes.storage import blob_read
from apps.releases.services import release_create, release_pack
from tests.apps.releases.exporting import export, read
from tests.people import Cast
from tests.work import (
    ARROW,
    FRAMES,
    decide,
    event_operations,
    files_in,
    filmed,
    make_task,
    op,
    put,
    submitted,
    successful,
)

FRAMES_0 = "annotated_data/wipe_board/frames/episode_0_cam_high"


@pytest.mark.parametrize("project", ["Elsewhere", "Nowhere"])
def test_without_anything_approved_or_a_project_there_is_a_sentence_and_no_folder(
    cast: Cast, tmp_path: Path, project: str
) -> None:
    with pytest.raises(CommandError, match=r"nothing|no approved annotation|no project named Nowhere"):
        call_command("export_release", project=project, out=tmp_path / "release")
    assert not (tmp_path / "release").exists()


def test_two_keyframes_of_later_events_may_share_a_frame(cast: Cast, film: Any, tmp_path: Path) -> None:
    """Also with the first event's: each keeps a file of its own name."""
    operations = [
        put("outcome", value="failed"),
        *event_operations("e1", avoid=1, correct=2),
        *event_operations("e2", avoid=1, correct=2),
    ]
    decide(submitted(filmed(make_task(cast.project), cam_high=film(FRAMES)), cast.ann, operations), cast.rita)

    export(tmp_path / "release")

    names = {path.name for path in (tmp_path / "release" / FRAMES_0).iterdir()}
    assert {
        "1_avoid_keyframe.jpg",
        "1_avoid_keyframe_2.jpg",
        "2_correct_keyframe.jpg",
        "2_correct_keyframe_2.jpg",
    } <= names
    assert {"0.jpg", "5.jpg", "10.jpg", "11.jpg"} <= names


def test_a_keyframe_without_symbols_has_no_drawn_twin(cast: Cast, film: Any, tmp_path: Path) -> None:
    annotation = submitted(filmed(make_task(cast.project), cam_high=film(FRAMES)), cast.ann, [
        put("outcome", value="failed"),
        *event_operations("e1", avoid=5, correct=7),
        op("remove_symbol", "events", "e1", "avoidance", "symbols", ARROW["id"]),
    ])  # fmt: skip
    decide(annotation, cast.rita)

    export(tmp_path / "release")

    (record,) = read(tmp_path / "release", "annotations.json")
    assert record["avoidance"][0]["avoid_keyframe_annotations"] == ""
    assert record["avoidance"][0]["avoid_keyframe_annotations_code"] == []
    assert not (tmp_path / "release" / FRAMES_0 / "5_avoid_keyframe_annotations.jpg").exists()


def test_records_are_sorted_by_task_and_by_number_as_a_number(cast: Cast, film: Any, tmp_path: Path) -> None:
    late = make_task(cast.project, "wipe_board")
    late.next_number = 9
    late.save()
    takes = [(late, 6), (late, 7), (make_task(cast.project, "a_first"), 8)]
    for task, frames in takes:
        decide(submitted(filmed(task, cam_high=film(frames)), cast.ann, successful()), cast.rita)

    export(tmp_path / "release")

    names = [record["video"] for record in read(tmp_path / "release", "annotations.json")]
    assert [name.removeprefix("annotated_data/") for name in names] == [
        "a_first/videos/episode_0_cam_high.mp4",
        "wipe_board/videos/episode_9_cam_high.mp4",
        "wipe_board/videos/episode_10_cam_high.mp4",
    ]


def test_an_archive_outlives_its_episodes_files(cast: Cast, film: Any, media: Path) -> None:
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, successful()), cast.rita)
    release, _ = release_create(project=cast.project, by=cast.ada)
    release_pack(release=release)

    media_erase(episode=episode)

    (left,) = files_in(media)
    assert left.read_bytes() == blob_read(release.archive)
