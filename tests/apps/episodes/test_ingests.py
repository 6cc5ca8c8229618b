"""Ingest of episodes: ready with all that is needed, or rejected with nothing left behind."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from apps.core.models import Event
from apps.episodes.ingest import episode_ingest, media_erase
from apps.episodes.models import Blob, Camera, Episode, Still, Task
from apps.episodes.storage import blob_read
from apps.episodes.tasks import ingest_died
from tests import videos
from tests.apps.episodes.video.conftest import picture
from tests.people import Api, Cast
from tests.work import FRAMES, HEIGHT, SAMPLES, WIDTH, files_in, filmed, make_task

Film = Callable[[int], Path]


@pytest.fixture
def task(cast: Cast) -> Task:
    return make_task(cast.project)


def rows_of(episode: Episode) -> list[Any]:
    """Everything that ingest writes, without the rows' own numbers."""
    cameras = Camera.objects.filter(episode=episode).order_by("name")
    stills = Still.objects.filter(camera__episode=episode).order_by("camera__name", "number")
    return [
        *cameras.values_list(
            "name",
            "source",
            "proxy",
            "thumbnail",
            "index",
            "codec",
            "width",
            "height",
            "fps",
            "frame_count",
            "seconds",
        ),
        *stills.values_list("camera__name", "number", "seconds", "is_sample", "blob"),
    ]


def test_a_recording_becomes_ready_with_index_samples_proxy_and_thumbnail(
    cast: Cast, task: Task, film: Film
) -> None:
    episode = filmed(task, cam_high=film(FRAMES))

    body = Api.of(cast.ben).get(f"episodes/{episode.pk}/").json()
    (camera,) = body["cameras"]
    assert (body["state"], body["progress"], body["rejection"]) == ("ready", 1.0, "")
    assert (camera["width"], camera["height"], camera["frame_count"]) == (WIDTH, HEIGHT, FRAMES)
    assert camera["fps"] == pytest.approx(5)
    assert camera["duration"] == pytest.approx(2.2)
    assert [(each["number"], each["seconds"]) for each in camera["samples"]] == [
        (number, pytest.approx(number / 5)) for number in SAMPLES
    ]
    for sample in camera["samples"]:
        still = Still.objects.get(camera__episode=episode, number=sample["number"])
        assert sample["sha256"] == still.blob_id
        assert videos.read_counter(picture(blob_read(still.blob))) == sample["number"]
    assert camera["proxy"] != camera["thumbnail"] is not None


def test_all_cameras_of_an_episode_are_ingested(cast: Cast, task: Task, film: Film) -> None:
    episode = filmed(task, cam_high=film(FRAMES), cam_left_wrist=film(13), cam_right_wrist=film(7))

    cameras = Api.of(cast.ann).get(f"episodes/{episode.pk}/").json()["cameras"]
    assert episode.state == "ready"
    assert [(each["name"], each["frame_count"], each["is_head"]) for each in cameras] == [
        ("cam_high", 12, True),
        ("cam_left_wrist", 13, False),
        ("cam_right_wrist", 7, False),
    ]


def test_every_step_of_an_ingest_is_logged(task: Task, film: Film) -> None:
    episode = filmed(task, cam_high=film(FRAMES))

    steps = Event.objects.filter(kind="episode", subject=episode.pk).values_list("verb", "source", "target")
    assert list(steps) == [
        ("upload", "", "uploaded"),
        ("ingest", "uploaded", "ingesting"),
        ("finish", "ingesting", "ready"),
    ]


def test_an_ingest_that_was_cut_off_gives_the_same_when_it_is_repeated(task: Task, film: Film) -> None:
    """As a killed worker leaves it: one camera kept, the other not, the state still ingesting."""
    episode = filmed(task, cam_high=film(FRAMES), cam_left_wrist=film(13))
    whole = rows_of(episode)
    Still.objects.filter(camera__episode=episode, camera__name="cam_left_wrist").delete()
    Camera.objects.filter(episode=episode, name="cam_left_wrist").update(
        proxy=None, index=None, frame_count=0
    )
    Episode.objects.filter(pk=episode.pk).update(state="ingesting", progress=0.6)

    episode_ingest(episode=Episode.objects.get(pk=episode.pk))

    assert rows_of(episode) == whole
    assert Episode.objects.get(pk=episode.pk).state == "ready"


def test_a_file_that_was_written_in_part_is_written_anew(task: Task, film: Film, media: Path) -> None:
    episode = filmed(task, cam_high=film(FRAMES))
    before = {path: path.read_bytes() for path in files_in(media)}
    for path in before:
        if path.stem != episode.source_sha256:
            path.write_bytes(path.read_bytes()[:10])
    Episode.objects.filter(pk=episode.pk).update(state="ingesting")

    episode_ingest(episode=Episode.objects.get(pk=episode.pk))

    assert {path: path.read_bytes() for path in files_in(media)} == before


@pytest.mark.parametrize("state", ["ready", "rejected", "withdrawn"])
def test_what_is_over_is_not_ingested_again(task: Task, film: Film, state: str) -> None:
    episode = filmed(task, cam_high=film(FRAMES))
    Episode.objects.filter(pk=episode.pk).update(state=state)
    events = Event.objects.count()

    episode_ingest(episode=Episode.objects.get(pk=episode.pk))

    assert Event.objects.count() == events
    assert Episode.objects.get(pk=episode.pk).state == state


def test_a_worker_that_comes_too_late_changes_nothing(task: Task, film: Film) -> None:
    """Two workers got the same episode; the slower one still believes that it is being ingested."""
    episode = filmed(task, cam_high=film(FRAMES))
    late = Episode.objects.get(pk=episode.pk)
    late.state = "ingesting"

    episode_ingest(episode=late)
    ingest_died(episode.pk)

    assert Episode.objects.get(pk=episode.pk).state == "ready"
    assert len(rows_of(episode)) == 1 + len(SAMPLES)


def test_numbers_count_within_a_task(cast: Cast, task: Task, film: Film) -> None:
    filmed(task, cam_high=film(FRAMES))

    assert filmed(make_task(cast.project, "other"), cam_high=film(13)).number == 0


def test_what_two_episodes_share_outlives_either_of_them(
    cast: Cast, task: Task, film: Film, media: Path
) -> None:
    """The same recording in two projects: one set of files, until the last of them is erased."""
    mine = filmed(task, cam_high=film(FRAMES))
    kept = files_in(media)
    theirs = filmed(make_task(cast.elsewhere), cam_high=film(FRAMES))
    assert files_in(media) == kept

    media_erase(episode=mine)
    assert files_in(media) == kept
    still = Still.objects.get(camera__episode=theirs, number=5)
    assert videos.read_counter(picture(blob_read(still.blob))) == 5

    media_erase(episode=theirs)
    assert files_in(media) == set()
    assert not Blob.objects.exists()


def test_erasing_takes_only_what_nobody_else_uses(task: Task, film: Film, media: Path) -> None:
    """Two recordings that begin alike share stills."""
    short, long = filmed(task, cam_high=film(11)), filmed(task, cam_high=film(FRAMES))
    wanted = {row for row in rows_of(long) if row[0] == "cam_high"}

    media_erase(episode=short)

    assert {row for row in rows_of(long) if row[0] == "cam_high"} == wanted
    for blob in Blob.objects.all():
        assert np.frombuffer(blob_read(blob), np.uint8).size == blob.size
    assert {path.stem for path in files_in(media)} == set(Blob.objects.values_list("pk", flat=True))
