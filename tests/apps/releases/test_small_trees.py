"""Releases of one or two annotations: what the small project has no case of."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from apps.accounts.models import Role
from apps.accounts.services import member_set, project_create
from apps.episodes.ingest import media_erase
from apps.episodes.models import Blob, Camera
from apps.episodes.storage import blob_read
from apps.releases.models import Release
from apps.releases.services import release_create, release_pack
from tests.apps.releases.exporting import export, read
from tests.people import Cast
from tests.work import (
    ARROW,
    FRAMES,
    decide,
    event_operations,
    failed,
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


def test_arms_of_other_names_are_released_in_the_projects_order(
    cast: Cast, film: Any, tmp_path: Path
) -> None:
    for arms, text in {
        ("franka",): "Open the franka gripper.",
        ("zed", "abe"): "Open the zed gripper; open the abe gripper.",
    }.items():
        project = project_create(name=arms[0], by=cast.ada, embodiment={"arms": list(arms)})
        for person, role in ((cast.ann, Role.ANNOTATOR), (cast.rita, Role.REVIEWER)):
            member_set(project=project, username=person.username, role=role, by=cast.ada)
        command = {"hold": False, "arms": [{"arm": arm, "grasp": "open"} for arm in sorted(arms)]}
        episode = filmed(make_task(project), cam_high=film(FRAMES))
        decide(submitted(episode, cast.ann, failed_with(command)), cast.rita)

        export(tmp_path / arms[0], project=arms[0])

        (record,) = read(tmp_path / arms[0], "annotations.json")
        assert record["avoidance"][0]["low_level"] == text


def failed_with(command: dict[str, Any]) -> list[dict[str, Any]]:
    """The operations of a failure whose avoidance has this command in place of the usual one."""
    usual = failed()
    (place,) = (each for each in usual if each["path"][-1:] == ["command"])
    return [each if each is not place else {**place, "value": command} for each in usual]


@pytest.mark.parametrize(("container", "suffix"), [(".mkv", ".mkv"), ("", ".mp4")])
def test_a_videos_suffix_is_of_its_container_not_of_whoever_brought_the_bytes_first(
    cast: Cast, film: Any, tmp_path: Path, container: str, suffix: str
) -> None:
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, successful()), cast.rita)
    camera = Camera.objects.get(episode=episode)
    rename_blob(camera.source, ".avi")
    Camera.objects.filter(pk=camera.pk).update(suffix=container)

    export(tmp_path / "release")

    (record,) = read(tmp_path / "release", "annotations.json")
    assert record["video"] == f"annotated_data/wipe_board/videos/episode_0_cam_high{suffix}"
    assert (tmp_path / "release" / record["video"]).read_bytes() == film(FRAMES).read_bytes()


def rename_blob(blob: Blob, suffix: str) -> None:
    """As if the bytes had come under another name first."""
    data = blob_read(blob)
    blob.suffix = suffix
    blob.save()
    if not default_storage.exists(blob.path):
        default_storage.save(blob.path, ContentFile(data))


@pytest.mark.parametrize("out", ["", " "])
def test_no_folder_is_not_the_current_one(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, out: str
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(CommandError, match="name a folder"):
        export(out)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_said_in_a_sentence_and_makes_no_version(
    cast: Cast, film: Any, tmp_path: Path
) -> None:
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, successful()), cast.rita)
    (tmp_path / "file").write_text("no folder")

    with pytest.raises(CommandError, match=r"^The release cannot be written: .*file.*\.$"):
        export(tmp_path / "file" / "release")
    assert not Release.objects.exists()


def test_an_archive_outlives_its_episodes_files(cast: Cast, film: Any, media: Path) -> None:
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, successful()), cast.rita)
    release, _ = release_create(project=cast.project, by=cast.ada)
    release_pack(release=release)

    media_erase(episode=episode)

    (left,) = files_in(media)
    assert left.read_bytes() == blob_read(release.archive)
