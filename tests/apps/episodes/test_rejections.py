"""What cannot be taken: rejected with a sentence, nothing of it kept, and the worker goes on."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings as site
from pytest_django import Settings

from apps.episodes.models import Blob, Camera, Episode, Still, Task
from apps.episodes.services import episode_create
from apps.episodes.storage import blob_store_bytes, blob_store_path
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


def test_a_fault_of_ours_ends_the_episode_and_not_the_worker(
    task: Task, film: Film, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody removed the stored file: the next episode is ingested as if nothing had been."""
    lost, _ = episode_create(task=task, stem="a", sources={"cam_high": blob_store_path(film(13))}, by=None)
    (path,) = files_in(media)
    path.unlink()
    good, _ = episode_create(
        task=task, stem="b", sources={"cam_high": blob_store_path(film(FRAMES))}, by=None
    )

    for episode in (lost, good):
        ingest_episode(episode.pk)

    lost.refresh_from_db()
    good.refresh_from_db()
    assert (lost.state, good.state) == ("rejected", "ready")
    assert lost.rejection


def test_a_decoder_that_was_killed_rejects_the_recording(task: Task, media: Path) -> None:
    episode, _ = episode_create(
        task=task, stem="a", sources={"cam_high": blob_store_bytes(b"x", ".mp4")}, by=None
    )
    Episode.objects.filter(pk=episode.pk).update(state="ingesting")

    ingest_died(episode.pk)

    episode.refresh_from_db()
    assert episode.state == "rejected"
    assert "damaged" in episode.rejection
    assert files_in(media) == set()


def test_tasks_of_an_episode_that_is_gone_do_nothing(db: None) -> None:
    ingest_episode(4711)
    ingest_died(4711)


def test_a_number_is_never_used_again(task: Task, film: Film, tmp_path: Path) -> None:
    (bad := tmp_path / "bad.mp4").write_bytes(b"no video")

    episodes = [filmed(task, cam_high=path) for path in (film(FRAMES), bad, film(13), bad)]

    assert [(each.number, each.state) for each in episodes] == [
        (0, "ready"), (1, "rejected"), (2, "ready"), (3, "rejected"),
    ]  # fmt: skip
