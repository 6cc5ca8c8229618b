"""Robots' own recordings become episodes: cameras in step, colors right, units by the project's profile."""

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import cv2
import h5py
import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from apps.accounts.models import User
from apps.episodes import tasks
from apps.episodes.models import Blob, Episode, Task, Upload
from apps.episodes.recordings import Said, recordings_import, recordings_in
from apps.episodes.selectors import episode_signals
from apps.episodes.services import still_get
from apps.episodes.storage import blob_read
from robot.formats import aloha, lerobot, video
from tests.people import Api, Cast, error_of
from tests.robot.conftest import CAMERAS, make_recording, where
from tests.work import make_task


def import_recordings(*paths: Path, **options: Any) -> list[str]:
    out = StringIO()
    call_command("import_recordings", *map(str, paths), project="Table-top", stdout=out, **options)
    return out.getvalue().splitlines()


@pytest.fixture
def silent(tmp_path: Path) -> Path:
    """A file as the paper's: BGR in its JPEGs, and no word of it nor of its frame rate."""
    path = tmp_path / "episode_0.hdf5"
    aloha.write(path, make_recording(), "jpeg", "bgr")
    with h5py.File(path, "a") as file:
        del file.attrs["channel_order"], file.attrs["fps"]
    return path


def shown(episode: Episode, camera: str, number: int) -> tuple[int, int]:
    """What the still that annotators see of a frame shows: row and camera of the red cube."""
    still = still_get(camera=episode.cameras.get(name=camera), number=number)
    bgr = cv2.imdecode(np.frombuffer(blob_read(still.blob), np.uint8), cv2.IMREAD_COLOR)
    return where(bgr[..., ::-1])


def test_the_red_cube_is_red_on_the_annotators_stills_in_every_camera_and_frame(
    cast: Cast, silent: Path
) -> None:
    import_recordings(silent, task="cube", description="Put it away.", fps=25.0, channel_order="bgr")

    episode = Episode.objects.get()
    assert (episode.state, episode.stem) == ("ready", "episode_0")
    for number, camera in enumerate(CAMERAS):
        row = episode.cameras.get(name=camera)
        assert (row.frame_count, round(row.fps, 3)) == (12, 25.0)
        assert [shown(episode, camera, frame) for frame in (0, 5, 11)] == [
            (0, number),
            (5, number),
            (11, number),
        ]


def test_a_file_that_states_no_order_is_refused_and_both_pictures_are_kept_for_a_look(
    cast: Cast, silent: Path, settings: Any
) -> None:
    with pytest.raises(CommandError, match="No recording was taken in"):
        import_recordings(silent, fps=25.0)

    picture = cv2.imread(str(settings.DATA_DIR / "channel-order.jpg"))[..., ::-1]
    assert where(picture[:, -64:]) == (0, 0)
    with pytest.raises(AssertionError):
        where(picture[:, :64])
    assert not Episode.objects.exists()
    assert not Blob.objects.exists()


def test_a_file_that_states_no_rate_is_refused(cast: Cast, silent: Path) -> None:
    with pytest.raises(CommandError):
        import_recordings(silent, channel_order="bgr")
    (sentence,) = [
        each.sentence
        for each in recordings_import(
            project=cast.project,
            found=recordings_in(silent, silent.parent),
            said=Said(order="bgr"),
            by=None,
            ingest=lambda episode: None,
        )
    ]
    assert "frames a second" in sentence


def test_signals_carry_the_units_of_the_embodiment_profile(cast: Cast, silent: Path) -> None:
    cast.project.embodiment = {**cast.project.embodiment, "gripper_unit": "share", "joint_unit": "deg"}
    cast.project.save()

    import_recordings(silent, task="cube", description="Put it away.", fps=50.0, channel_order="bgr")

    signals = episode_signals(Episode.objects.get())
    units = {column.name: column.unit for column in signals.columns}
    assert units["left_joint_1 position"] == "deg"
    assert units["right_gripper position"] == units["right_gripper action"] == "share"
    assert (units["left_gripper velocity"], units["left_joint_2 effort"]) == ("share/s", "")
    np.testing.assert_allclose(signals.seconds, np.arange(12) / 50)
    position = next(s for s in make_recording().series if s.quantity == "position")
    column = next(c for c in signals.columns if c.name == "right_joint_6 position")
    np.testing.assert_array_equal(column.values, position.values[:, 12])


@pytest.mark.parametrize("version", ["v2.1", "v3.0"])
def test_a_data_set_in_an_archive_gives_an_episode_for_each_and_tasks_of_their_texts(
    version: str, cast: Cast, tmp_path: Path
) -> None:
    lerobot.write(tmp_path / "set", [make_recording(rows=r, task=f"Do {r}.") for r in (8, 9, 8)], version)
    archive = shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "set")

    import_recordings(Path(archive))

    assert sorted(Task.objects.values_list("name", "description")) == [("do_8", "Do 8."), ("do_9", "Do 9.")]
    episodes = Episode.objects.order_by("pk")
    assert {each.state for each in episodes} == {"ready"}
    assert shown(episodes[1], "cam_left_wrist", 8) == (8, 1)


def test_importing_again_adds_nothing(cast: Cast, silent: Path) -> None:
    options = {"task": "cube", "description": "Put it away.", "fps": 25.0, "channel_order": "bgr"}
    import_recordings(silent, **options)
    blobs = set(Blob.objects.values_list("pk", flat=True))

    (sentence,) = import_recordings(silent, **options)

    assert "is there already, as cube episode 0" in sentence
    assert set(Blob.objects.values_list("pk", flat=True)) == blobs


def test_a_head_camera_of_another_name_has_to_be_named(cast: Cast, tmp_path: Path) -> None:
    recording = make_recording()
    names = dict(zip(("left_eye", "right_eye"), recording.cameras.values(), strict=False))
    aloha.write(tmp_path / "take.hdf5", type(recording)(**{**vars(recording), "cameras": names}))

    with pytest.raises(CommandError):
        import_recordings(tmp_path / "take.hdf5")
    import_recordings(tmp_path / "take.hdf5", head="right_eye")

    episode = Episode.objects.get()
    assert set(episode.cameras.values_list("name", flat=True)) == {"cam_high", "left_eye"}
    assert shown(episode, "cam_high", 3) == (3, 1)


# --- in the browser ---


@pytest.fixture
def uploaded(cast: Cast, silent: Path) -> Callable[..., str]:
    def send(by: User, name: str = "takes.zip") -> str:
        with ZipFile(silent.with_suffix(".zip"), "w") as archive:
            archive.write(silent, "takes/episode_0.hdf5")
        file = SimpleUploadedFile(name, silent.with_suffix(".zip").read_bytes())
        answer = Api.of(by).post(f"projects/{cast.project.pk}/uploads/", {"file": file}, format="multipart")
        return answer.json()["id"]

    return send


def test_the_plan_shows_both_pictures_and_the_import_takes_the_chosen_one(
    cast: Cast, uploaded: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    queued: list[tuple[Any, ...]] = []
    monkeypatch.setattr("apps.episodes.recordings_api.enqueue_recordings", lambda *told: queued.append(told))
    monkeypatch.setattr("apps.episodes.uploaded_recordings.enqueue_ingest", tasks.ingest_episode)
    api, base = Api.of(cast.ann), f"projects/{cast.project.pk}/recordings/"
    upload = uploaded(cast.ann)
    task = make_task(cast.project)

    (plan,) = api.post(f"{base}plan/", {"upload": upload}).json()
    assert (plan["rows"], plan["fps"], plan["order"], set(plan["pictures"])) == (
        12,
        None,
        None,
        {"rgb", "bgr"},
    )

    answer = api.post(base, {"upload": upload, "task": task.pk, "fps": 25, "order": "bgr"})
    assert answer.status_code == 202
    assert api.get(f"{base}{upload}/").json() == {"done": False, "recordings": []}
    upload_id, user_id, fields = queued[0]
    tasks.import_recordings(upload_id, user_id, **fields)
    state = api.get(f"{base}{upload}/").json()
    assert (state["done"], [each["taken"] for each in state["recordings"]]) == (True, [True])
    assert shown(Episode.objects.get(task=task), "cam_right_wrist", 4) == (4, 2)
    assert not Upload.objects.exists()


def test_what_failed_is_told_and_the_upload_stays_for_another_try(
    cast: Cast, uploaded: Callable[..., str]
) -> None:
    upload = uploaded(cast.ann)
    tasks.import_recordings(upload, cast.ann.pk)

    state = Api.of(cast.ann).get(f"projects/{cast.project.pk}/recordings/{upload}/").json()
    assert state["done"]
    assert "channel order" in state["recordings"][0]["sentence"]
    assert Upload.objects.count() == 1


def test_an_upload_of_another_project_is_not_there(cast: Cast, uploaded: Callable[..., str]) -> None:
    upload = uploaded(cast.ann)
    api = Api.of(cast.mallory)
    assert error_of(api.post(f"projects/{cast.project.pk}/recordings/plan/", {"upload": upload}))[0] == 404
    assert error_of(api.post(f"projects/{cast.elsewhere.pk}/recordings/plan/", {"upload": upload}))[1] == (
        "no_such_upload"
    )


def test_an_archive_without_recordings_is_told_so(cast: Cast, uploaded: Callable[..., str]) -> None:
    upload = uploaded(cast.ann, "takes.bin")
    answer = Api.of(cast.ann).post(f"projects/{cast.project.pk}/recordings/plan/", {"upload": upload})
    assert error_of(answer) == (400, "bad_recording")


def test_the_same_pictures_are_known_again_however_they_were_coded(
    cast: Cast, silent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = {"task": "cube", "description": "Put it away.", "fps": 25.0, "channel_order": "bgr"}
    import_recordings(silent, **options)
    blobs = set(Blob.objects.values_list("pk", flat=True))
    monkeypatch.setitem(video.OPTIONS, "crf", "30")

    (sentence,) = import_recordings(silent, **options)

    assert "is there already, as cube episode 0" in sentence
    assert set(Blob.objects.values_list("pk", flat=True)) == blobs
