"""Ingest as a whole: determinism, memory, and the shared recordings."""

import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apps.episodes.video import Limits, ingest, still
from tests import videos
from tests.apps.episodes.video.conftest import Case, ingested

RECORDINGS = Path(__file__).parents[5] / "shared" / "data" / "videos"
PICTURE = 160 * 128 * 3


def shared(pattern: str, quick: int) -> list[Any]:
    """Shared recordings as test parameters, the first few quick ones; one that skips where there are none."""
    missing = pytest.mark.skip(reason=f"no recordings {RECORDINGS / pattern}")
    paths = sorted(RECORDINGS.glob(pattern))
    more = [pytest.param(path, marks=pytest.mark.full) for path in paths[quick:]]
    return [*paths[:quick], *more] or [pytest.param(Path(pattern), marks=missing)]


def test_the_same_file_gives_the_same_bytes(h264: Case, tmp_path: Path) -> None:
    again = ingested(h264.truth, tmp_path)

    assert again.stills == h264.stills
    assert again.ingested.index == h264.ingested.index
    assert again.ingested.thumbnail == h264.ingested.thumbnail
    assert again.ingested.proxy.read_bytes() == h264.ingested.proxy.read_bytes()


def test_a_proxy_from_an_earlier_attempt_is_replaced(h264: Case, tmp_path: Path) -> None:
    (tmp_path / "proxy.mp4").write_bytes(b"half-made")

    assert ingested(h264.truth, tmp_path).ingested.proxy.read_bytes() == h264.ingested.proxy.read_bytes()


def test_memory_does_not_grow_with_the_video(tmp_path: Path) -> None:
    peaks = []
    for frames in (75, 300):
        truth = videos.make("h264", tmp_path / f"{frames}", frames=frames)
        tracemalloc.start()
        ingest(truth.path, tmp_path, limits=Limits(), on_progress=lambda _: None, on_still=lambda _: None)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] - peaks[0] < 5 * PICTURE


@pytest.mark.parametrize("path", shared("safe_*.mp4", quick=1), ids=lambda path: path.stem)
def test_rollouts_of_policies(path: Path, tmp_path: Path) -> None:
    """Every sample and the frames next to it are the same by number as in the pass."""
    made = ingested(videos.Truth(path, [], [], (0, 0)), tmp_path)
    index, rate = made.ingested.index, made.ingested.info.average_rate
    last = len(index) - 1

    assert made.ingested.samples == sorted({*range(0, last + 1, int(rate)), last})
    assert [still(path, one.number, index) for one in made.stills[::6]] == made.stills[::6]
    assert [time for time, _ in videos.decode(made.ingested.proxy)] == list(index.timestamps)


@pytest.mark.parametrize("path", shared("droid_*.mp4", quick=4), ids=lambda path: path.stem)
def test_recordings_of_robots(path: Path, tmp_path: Path) -> None:
    made = ingested(videos.Truth(path, [], [], (0, 0)), tmp_path)
    index = made.ingested.index

    assert made.progress[-1] == 1.0
    assert made.ingested.samples == index.sample_numbers()
    assert still(path, len(index) - 1, index) == made.stills[-1]
    unsure = replace(index, checks=(0,) * len(index))
    assert still(path, len(index) // 2, unsure) == still(path, len(index) // 2, index)
