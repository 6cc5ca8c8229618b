"""Pictures and recordings by the API: the bytes that were stored, to members only, for ever the same."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from apps.episodes.models import Episode, Still
from apps.episodes.services import still_get
from tests import videos
from tests.apps.episodes.video.conftest import picture
from tests.people import Api, Cast, body_of, error_of
from tests.work import FRAMES, SAMPLES, filmed, make_task, ready

Film = Callable[[int], Path]


@pytest.fixture(scope="module")
def made(made_cast: Cast, film: Film) -> Episode:
    return filmed(make_task(made_cast.project), cam_high=film(FRAMES), cam_left_wrist=film(7))


@pytest.fixture
def episode(made: Episode, db: None) -> Episode:
    return Episode.objects.get(pk=made.pk)


def get_url(api: Api, url: str, **headers: str) -> Any:
    return api.get(url.removeprefix("/api/v1/"), headers=headers)


def test_the_index_gives_every_frame_its_time(cast: Cast, episode: Episode) -> None:
    index = Api.of(cast.ann).get(f"episodes/{episode.pk}/cameras/cam_high/index/").json()

    numerator, denominator = index["time_base"]
    assert [pts * numerator / denominator for pts in index["pts"]] == pytest.approx(
        [n / 5 for n in range(FRAMES)]
    )


@pytest.mark.parametrize("number", [0, 5, 7, FRAMES - 1])
def test_any_frame_is_given_exactly_whether_it_is_a_sample_or_not(
    cast: Cast, episode: Episode, number: int
) -> None:
    api, address = Api.of(cast.ann), f"episodes/{episode.pk}/cameras/cam_high/frames/{number}"

    still = api.get(f"{address}/").json()

    by_digest, by_number = body_of(get_url(api, still["url"])), body_of(api.get(f"{address}.jpg"))
    assert by_digest == by_number
    assert hashlib.sha256(by_digest).hexdigest() == still["sha256"]
    assert videos.read_counter(picture(by_digest)) == still["number"] == number
    assert still["seconds"] == pytest.approx(number / 5)


def test_a_still_is_made_once_and_is_no_sample(cast: Cast, episode: Episode) -> None:
    camera = episode.cameras.get(name="cam_high")

    first, second = still_get(camera=camera, number=7), still_get(camera=camera, number=7)

    assert first.pk == second.pk
    assert not first.is_sample
    samples = Api.of(cast.ann).get(f"episodes/{episode.pk}/").json()["cameras"][0]["samples"]
    assert [each["number"] for each in samples] == SAMPLES


def test_a_frame_that_is_not_there_is_told_the_range(cast: Cast, episode: Episode) -> None:
    response = Api.of(cast.ann).get(f"episodes/{episode.pk}/cameras/cam_left_wrist/frames/7/")

    assert error_of(response) == (400, "no_such_frame")
    assert "0 to 6" in response.json()["error"]["message"]
    assert not Still.objects.filter(number=7).exists()


def test_a_camera_that_is_not_there_is_404(cast: Cast, episode: Episode) -> None:
    response = Api.of(cast.ann).get(f"episodes/{episode.pk}/cameras/cam_right_wrist/index/")

    assert error_of(response) == (404, "not_found")


def test_a_recording_that_is_not_ingested_has_no_frames_yet(cast: Cast) -> None:
    waiting = ready(make_task(cast.project, "waiting"))

    for what in ("index/", "frames/0/"):
        response = Api.of(cast.ann).get(f"episodes/{waiting.pk}/cameras/cam_high/{what}")
        assert error_of(response) == (409, "not_ready")


def test_the_proxy_is_served_in_ranges_and_shows_the_same_frames(
    cast: Cast, episode: Episode, tmp_path: Path
) -> None:
    api = Api.of(cast.ann)
    camera = api.get(f"episodes/{episode.pk}/").json()["cameras"][0]

    whole = get_url(api, camera["proxy"])
    part = get_url(api, camera["proxy"], Range="bytes=4-7")

    data = body_of(whole)
    assert (part.status_code, body_of(part)) == (206, data[4:8])
    assert data[4:8] == b"ftyp"
    assert whole["Content-Type"] == "video/mp4"
    (tmp_path / "proxy.mp4").write_bytes(data)
    shown = [videos.read_counter(rgb) for _, rgb in videos.decode(tmp_path / "proxy.mp4")]
    assert shown == list(range(FRAMES))


def test_the_source_is_served_as_it_was_uploaded(cast: Cast, episode: Episode, film: Film) -> None:
    response = Api.of(cast.ann).get(f"episodes/{episode.pk}/media/{episode.source_sha256}/")

    assert body_of(response) == film(FRAMES).read_bytes()


def test_a_browser_that_has_a_still_does_not_get_it_again(cast: Cast, episode: Episode) -> None:
    api = Api.of(cast.ann)
    still = api.get(f"episodes/{episode.pk}/cameras/cam_high/frames/5/").json()

    response = get_url(api, still["url"], **{"If-None-Match": f'"{still["sha256"]}"'})

    assert (response.status_code, response.content) == (304, b"")


def test_a_files_digest_opens_it_only_through_its_own_episode(
    cast: Cast, episode: Episode, film: Film
) -> None:
    other = filmed(make_task(cast.elsewhere), cam_high=film(13))
    api = Api.of(cast.mallory)

    assert api.get(f"episodes/{other.pk}/media/{other.source_sha256}/").status_code == 200
    for address in (
        f"{other.pk}/media/{episode.source_sha256}",
        f"{episode.pk}/media/{episode.source_sha256}",
    ):
        assert error_of(api.get(f"episodes/{address}/")) == (404, "not_found")


def test_a_file_of_an_unknown_kind_is_a_download_and_never_a_page(
    cast: Cast, film: Film, tmp_path: Path
) -> None:
    """A recording named `.html` by whoever uploaded it."""
    path = tmp_path / "take.html"
    path.write_bytes(film(13).read_bytes())
    odd = filmed(make_task(cast.project, "odd"), cam_high=path)

    response = Api.of(cast.ann).get(f"episodes/{odd.pk}/media/{odd.source_sha256}/")

    assert odd.state == "ready"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"
