"""Two at the same time: real threads on a real database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from apps.episodes.models import Blob, Episode, Still
from apps.episodes.services import episode_create, still_get
from apps.episodes.storage import blob_store_bytes, blobs_collect
from tests.people import Cast, make_cast
from tests.threads import at_once
from tests.work import FRAMES, files_in, filmed, make_task


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return make_cast()


def test_the_same_content_brought_twice_at_once_is_one_episode(cast: Cast) -> None:
    task = make_task(cast.project)

    def bring(number: int) -> tuple[int, bool]:
        sources = {"cam_high": blob_store_bytes(b"the same", ".mp4")}
        episode, created = episode_create(task=task, stem=f"copy {number}", sources=sources, by=None)
        return episode.pk, created

    brought = at_once(4, bring)

    assert len({pk for pk, _ in brought}) == 1
    assert sorted(created for _, created in brought) == [False, False, False, True]
    assert Episode.objects.count() == Blob.objects.count() == 1


def test_a_frame_asked_for_by_many_at_once_is_one_still(cast: Cast, film: Callable[[int], Path]) -> None:
    camera = filmed(make_task(cast.project), cam_high=film(FRAMES)).cameras.get()

    stills = at_once(4, lambda _: still_get(camera=camera, number=7))

    assert len({still.pk for still in stills}) == len({still.blob_id for still in stills}) == 1
    assert Still.objects.filter(number=7).count() == 1


def test_a_file_stored_while_it_is_collected_is_there_or_was_never_kept(cast: Cast, media: Path) -> None:
    """Whoever has a row has the file, however store and collect fall together."""
    digest = blob_store_bytes(b"wanted", ".bin").pk

    for _ in range(5):
        at_once(4, lambda n: blob_store_bytes(b"wanted", ".bin") if n % 2 else blobs_collect([digest]))
        files = files_in(media)
        assert len(files) == Blob.objects.count()
