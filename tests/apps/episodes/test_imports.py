"""`manage.py import_videos`: recordings on this machine's disk become episodes, with a sentence for each."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from apps.episodes.models import Blob, Episode, Task
from tests.people import Cast
from tests.work import FRAMES, files_in

Film = Callable[[int], Path]


def import_videos(*paths: Path, project: str = "Table-top", task: str = "wipe", **options: Any) -> list[str]:
    out = StringIO()
    call_command("import_videos", *map(str, paths), project=project, task=task, stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def folder(film: Film, tmp_path: Path) -> Path:
    """Two episodes, one with a wrist camera, and what is no recording."""
    folder = tmp_path / "recordings"
    (folder / "more").mkdir(parents=True)
    shutil.copy(film(FRAMES), folder / "episode_2_cam_high.mp4")
    shutil.copy(film(7), folder / "episode_2_cam_left_wrist.mp4")
    shutil.copy(film(13), folder / "more" / "episode_10_cam_high.MP4")
    (folder / "notes.txt").write_text("not a recording")
    return folder


def test_a_file_becomes_a_ready_episode_of_a_new_task(cast: Cast, film: Film) -> None:
    (sentence,) = import_videos(film(FRAMES), description="Wipe the board.", subtask=["Grasp", "Wipe"])

    episode = Episode.objects.get()
    assert (episode.state, episode.project) == ("ready", cast.project)
    assert (episode.task.name, episode.task.description) == ("wipe", "Wipe the board.")
    assert episode.task.subtasks == ["Grasp", "Wipe"]
    assert "wipe episode 0, ready" in sentence


def test_a_folder_is_imported_with_all_that_is_in_it_in_natural_order(cast: Cast, folder: Path) -> None:
    sentences = import_videos(folder, description="Wipe the board.")

    assert len(sentences) == 2
    episodes = Episode.objects.order_by("number")
    assert [each.stem for each in episodes] == ["episode_2", "episode_10"]
    assert [each.cameras.count() for each in episodes] == [2, 1]
    assert all(each.state == "ready" for each in episodes)


def test_importing_again_adds_nothing_and_says_what_is_there(cast: Cast, folder: Path, media: Path) -> None:
    import_videos(folder, description="Wipe the board.")
    blobs = set(Blob.objects.values_list("pk", flat=True))

    sentences = import_videos(folder)

    assert Episode.objects.count() == 2
    assert set(Blob.objects.values_list("pk", flat=True)) == blobs
    assert [sentence.rpartition(": ")[2] for sentence in sentences] == [
        "is there already, as wipe episode 0",
        "is there already, as wipe episode 1",
    ]


def test_a_known_head_camera_with_a_new_wrist_camera_is_refused_and_leaves_nothing(
    cast: Cast, film: Film, folder: Path, media: Path
) -> None:
    import_videos(film(FRAMES), description="Wipe the board.")
    kept = files_in(media)

    with pytest.raises(CommandError, match="No recording was taken in"):
        import_videos(folder / "episode_2_cam_high.mp4", folder / "episode_2_cam_left_wrist.mp4")

    assert files_in(media) == kept


def test_an_empty_folder_is_said_and_makes_no_task(cast: Cast, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no video"):
        import_videos(tmp_path, description="Wipe the board.")
    assert not Task.objects.exists()


def test_an_unknown_project_is_told_which_there_are(cast: Cast, film: Film) -> None:
    with pytest.raises(CommandError, match=r"no project named Kitchen.*Elsewhere, Table-top"):
        import_videos(film(FRAMES), project="Kitchen", description="x")
    assert not Episode.objects.exists()


def test_a_new_task_needs_a_description(cast: Cast, film: Film) -> None:
    with pytest.raises(CommandError, match="description"):
        import_videos(film(FRAMES))
    assert not Task.objects.exists()


def test_a_known_task_keeps_its_description(cast: Cast, film: Film) -> None:
    import_videos(film(FRAMES), description="Wipe the board.")

    with pytest.raises(CommandError, match=r"described as “Wipe the board.” already"):
        import_videos(film(13), description="Wipe the table.")
    import_videos(film(13), description=" Wipe the board. ")

    assert Episode.objects.count() == 2
    assert Task.objects.get().description == "Wipe the board."


def test_a_path_that_is_not_there_is_named_and_nothing_is_imported(
    cast: Cast, film: Film, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match=r"no file or folder .*nowhere\.mp4"):
        import_videos(film(FRAMES), tmp_path / "nowhere.mp4", description="Wipe.")
    assert not Episode.objects.exists()


def test_what_cannot_be_taken_gets_a_sentence_and_the_rest_is_imported(
    cast: Cast, folder: Path, tmp_path: Path
) -> None:
    (folder / "episode_2_cam_high.mp4").unlink()
    (folder / "broken_cam_high.mp4").write_text("no video")

    sentences = import_videos(folder, description="Wipe the board.")

    assert len(sentences) == 3
    assert [each for each in sentences if "has no head camera" in each]
    assert [each for each in sentences if "rejected" in each and "broken" in each]
    assert Episode.objects.get(state="ready").stem == "episode_10"
