"""Withdrawing an episode: its media are gone for good, what used it is told, its words stay."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.core.errors import AppError
from apps.episodes.models import Blob, Camera, Episode, Still
from apps.releases.services import release_create, release_pack
from apps.review.selectors import approved_in
from tests.people import Api, Cast, error_of
from tests.work import FRAMES, decide, failed, files_in, filmed, make_task, submitted


@pytest.fixture
def episode(cast: Cast, film: Callable[[int], Path], media: Path) -> Episode:
    """Annotated, approved and released."""
    episode = filmed(make_task(cast.project), cam_high=film(FRAMES))
    decide(submitted(episode, cast.ann, failed()), cast.rita)
    return episode


def withdraw(cast: Cast, episode: Episode, reason: str = "A face is to be seen.") -> Any:
    return Api.of(cast.ada).post(f"episodes/{episode.pk}/withdrawal/", {"reason": reason})


def test_its_media_are_erased_and_what_used_it_is_listed(
    cast: Cast, episode: Episode, media: Path, django_capture_on_commit_callbacks: Any
) -> None:
    release, _ = release_create(project=cast.project, by=cast.ada)
    assert len(files_in(media)) > 5
    before = Api.of(cast.ada).get(f"episodes/{episode.pk}/withdrawal/").json()

    with django_capture_on_commit_callbacks(execute=True):
        answer = withdraw(cast, episode)

    use = {"kind": "release", "id": release.pk, "title": "v1", "url": "/projects/table-top/releases/"}
    assert before == {"state": "ready", "uses": [use]}
    assert answer.json() == {"state": "withdrawn", "uses": [use]}
    assert files_in(media) == set()
    assert not Blob.objects.exists()
    assert not Still.objects.exists()
    camera = Camera.objects.get()
    assert (camera.source, camera.proxy, camera.thumbnail, camera.index) == (None, None, None, None)


def test_what_another_episode_has_too_stays(
    cast: Cast, episode: Episode, media: Path, film: Any, django_capture_on_commit_callbacks: Any
) -> None:
    twin = filmed(make_task(cast.elsewhere), cam_high=film(FRAMES))

    with django_capture_on_commit_callbacks(execute=True):
        withdraw(cast, episode)

    source = twin.cameras.get().source
    assert source.size == (media / source.path).stat().st_size


def test_it_is_in_no_queue_and_no_further_release_and_its_frames_are_refused_in_a_sentence(
    cast: Cast, episode: Episode
) -> None:
    withdraw(cast, episode)

    assert not approved_in(cast.project.pk).exists()
    ben = Api.of(cast.ben)
    assert error_of(ben.post(f"projects/{cast.project.pk}/queue/next/")) == (404, "queue_empty")
    assert error_of(ben.post(f"episodes/{episode.pk}/claim/")) == (409, "not_ready")
    frame = ben.get(f"episodes/{episode.pk}/cameras/cam_high/frames/3/")
    assert error_of(frame) == (409, "withdrawn")
    assert error_of(ben.get(f"episodes/{episode.pk}/cameras/cam_high/index/"))[0] == 409
    assert ben.get(f"episodes/{episode.pk}/").json()["cameras"][0]["thumbnail"] is None


def test_it_needs_a_reason_and_happens_once(cast: Cast, episode: Episode) -> None:
    assert error_of(withdraw(cast, episode, "  ")) == (400, "reason_needed")
    assert Episode.objects.get().state == "ready"

    assert withdraw(cast, episode).status_code == 200
    assert error_of(withdraw(cast, episode)) == (409, "wrong_state")


def test_its_number_is_not_used_again_and_the_same_recording_may_come_again(
    cast: Cast, episode: Episode, film: Any
) -> None:
    withdraw(cast, episode)

    again = filmed(episode.task, cam_high=film(FRAMES))

    assert again.pk != episode.pk
    assert again.number == episode.number + 1


def test_a_release_that_was_not_packed_before_says_why_it_cannot_be(cast: Cast, episode: Episode) -> None:
    release, _ = release_create(project=cast.project, by=cast.ada)
    withdraw(cast, episode)

    with pytest.raises(AppError) as refused:
        release_pack(release=release)

    assert refused.value.code == "withdrawn"
    assert release.archive is None
