"""What cannot be taken: rejected with a sentence, nothing of it kept, and the worker goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site
from pytest_django import Settings

from apps.episodes.ingest import MAX_ATTEMPTS
from apps.episodes.models import Blob, Camera, Episode, Still, Task
from apps.episodes.services import episode_create
from apps.episodes.storage import blob_read, blob_store_bytes, blob_store_path
from apps.episodes.tasks import ingest_died, ingest_episode
from tests.people import Api, Cast
from tests.work import FRAMES, HEIGHT, WIDTH, files_in, filmed, make_task

Film = Callable[[int], Path]


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("text.mp4", b"This is not a video.\n" * 50),
        ("empty.mp4", b""),
        ("picture.mp4", b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
        ("page.mp4", b"<script>alert(1)</script>"),
    ],
)
def test_what_is_no_video_is_rejected_with_a_sentence_and_leaves_nothing(
    cast: Cast, task: Task, media: Path, name: str, data: bytes
) -> None:
    temporary = files_in(site.FILE_UPLOAD_TEMP_DIR)
    (path := media.parent / name).write_bytes(data)

    episode = filmed(task, cam_high=path)

    body = Api.of(cast.ann).get(f"episodes/{episode.pk}/").json()
    assert (body["state"], body["cameras"]) == ("rejected", [])
    assert body["rejection"].endswith(".")
    assert "unexpected" not in body["rejection"]
    assert not Camera.objects.exists()
    assert not Still.objects.exists()
    assert not Blob.objects.exists()
    assert files_in(media) == set()
    assert files_in(site.FILE_UPLOAD_TEMP_DIR) == temporary


def test_a_bad_camera_rejects_the_whole_episode_and_takes_the_good_one_along(
    task: Task, film: Film, media: Path
) -> None:
    (bad := media.parent / "bad.mp4").write_bytes(b"no video")

    episode = filmed(task, cam_high=film(FRAMES), cam_left_wrist=bad)

    assert episode.state == "rejected"
    assert not Blob.objects.exists()
    assert files_in(media) == set()


@pytest.mark.parametrize(
    ("setting", "limit", "told"),
    [
        ("VIDEO_MAX_BYTES", 1000, "mb"),
        ("VIDEO_MAX_SECONDS", 2.0, "2.0 s"),
        ("VIDEO_MAX_FRAMES", 11, "frame"),
        ("VIDEO_MAX_PIXELS", WIDTH * HEIGHT - 1, "pixel"),
    ],
)
def test_a_recording_beyond_a_limit_is_rejected_and_the_limit_told(
    task: Task, film: Film, settings: Settings, setting: str, limit: float, told: str
) -> None:
    setattr(settings, setting, limit)

    episode = filmed(task, cam_high=film(FRAMES))

    assert episode.state == "rejected"
    assert told in episode.rejection.lower()


def test_a_recording_at_the_limits_is_taken(task: Task, film: Film, settings: Settings) -> None:
    settings.VIDEO_MAX_BYTES = film(FRAMES).stat().st_size
    settings.VIDEO_MAX_FRAMES = FRAMES
    settings.VIDEO_MAX_PIXELS = WIDTH * HEIGHT

    assert filmed(task, cam_high=film(FRAMES)).state == "ready"


def test_a_fault_of_ours_is_tried_again_and_then_told_and_the_worker_goes_on(
    task: Task, film: Film, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody removed the stored file: the next episode is ingested as if nothing had been."""
    lost, _ = episode_create(task=task, stem="a", sources={"cam_high": blob_store_path(film(13))}, by=None)
    (path,) = files_in(media)
    path.unlink()
    good, _ = episode_create(
        task=task, stem="b", sources={"cam_high": blob_store_path(film(FRAMES))}, by=None
    )

    states = []
    for episode in (lost, good, *[lost] * (MAX_ATTEMPTS - 1)):
        ingest_episode(episode.pk)
        episode.refresh_from_db()
        states.append(episode.state)

    assert states == ["ingesting", "ready", *["ingesting"] * (MAX_ATTEMPTS - 2), "rejected"]
    assert "fault" in lost.rejection


def test_a_recording_that_kills_its_decoder_each_time_is_rejected_and_kept(task: Task, media: Path) -> None:
    source = blob_store_bytes(b"x", ".mp4")
    episode, _ = episode_create(task=task, stem="a", sources={"cam_high": source}, by=None)

    for attempt in range(1, MAX_ATTEMPTS + 1):
        assert episode.state != "rejected"
        Episode.objects.filter(pk=episode.pk).update(state="ingesting", attempts=attempt)
        ingest_died(episode.pk)
        episode.refresh_from_db()

    assert episode.state == "rejected"
    assert "stopped the decoder" in episode.rejection
    assert blob_read(source) == b"x"


def test_a_rejection_names_the_camera_where_there_are_several(task: Task, film: Film, media: Path) -> None:
    sources = {"cam_high": blob_store_path(film(13)), "cam_left_wrist": blob_store_bytes(b"text", ".mp4")}
    episode, _ = episode_create(task=task, stem="a", sources=sources, by=None)
    ingest_episode(episode.pk)
    episode.refresh_from_db()
    assert episode.rejection.startswith("cam_left_wrist: ")


def test_tasks_of_an_episode_that_is_gone_do_nothing(db: None) -> None:
    ingest_episode(4711)
    ingest_died(4711)


def test_a_number_is_never_used_again(task: Task, film: Film, tmp_path: Path) -> None:
    (bad := tmp_path / "bad.mp4").write_bytes(b"no video")

    episodes = [filmed(task, cam_high=path) for path in (film(FRAMES), bad, film(13), bad)]

    assert [(each.number, each.state) for each in episodes] == [
        (0, "ready"), (1, "rejected"), (2, "ready"), (3, "rejected"),
    ]  # fmt: skip
