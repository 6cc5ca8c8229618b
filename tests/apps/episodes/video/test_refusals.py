"""What is not taken: one sentence that says why, and nothing half-made stays."""

from pathlib import Path

import imageio_ffmpeg
import pytest

from apps.episodes.video import Limits, Still, VideoRejected, ingest, probe
from apps.episodes.video.proxy import ProxyFailed
from tests import videos
from tests.apps.episodes.video.conftest import Case

NEEDS_THE_WHOLE_FILE = {"damaged", "two_sizes", "backwards"}


@pytest.fixture
def workdir(tmp_path: Path) -> Path:
    """An empty directory to ingest in."""
    directory = tmp_path / "work"
    directory.mkdir()
    return directory


def ignore(_: object) -> None:
    """A callback of no interest."""


def refusal(path: Path, workdir: Path, limits: Limits) -> VideoRejected:
    """Why a recording is refused; fails where something of it stays or the reason is no sentence."""
    with pytest.raises(VideoRejected) as caught:
        ingest(path, workdir, limits=limits, on_progress=ignore, on_still=ignore)
    assert list(workdir.iterdir()) == []
    sentence = caught.value.sentence
    assert sentence[0].isupper()
    assert sentence.endswith(".")
    return caught.value


@pytest.mark.parametrize("kind", videos.BAD)
def test_bad_files_are_refused(kind: str, tmp_path: Path, workdir: Path) -> None:
    path, code = videos.make_bad(kind, tmp_path / kind)

    assert refusal(path, workdir, Limits()).code == code


@pytest.mark.parametrize("kind", sorted(set(videos.BAD) - NEEDS_THE_WHOLE_FILE))
def test_a_probe_refuses_most_of_them_before_any_work(kind: str, tmp_path: Path) -> None:
    path, code = videos.make_bad(kind, tmp_path / kind)

    with pytest.raises(VideoRejected) as caught:
        probe(path, Limits())
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("limits", "code", "figure"),
    [
        (Limits(max_bytes=20_000), "too_big", "0.02 MB"),
        (Limits(max_pixels=160 * 127), "too_large", "160 x 128"),
        (Limits(max_seconds=2.3), "too_long", "2.3 s"),
        (Limits(max_frames=59), "too_many_frames", "59"),
    ],
)
def test_limits_stand_in_the_sentence(
    limits: Limits, code: str, figure: str, h264: Case, workdir: Path
) -> None:
    rejected = refusal(h264.truth.path, workdir, limits)

    assert rejected.code == code
    assert figure in rejected.sentence


def test_a_length_that_no_container_states_is_found_while_reading(tmp_path: Path, workdir: Path) -> None:
    truth = videos.make("fragmented", tmp_path / "endless")

    assert refusal(truth.path, workdir, Limits(max_seconds=1)).code == "too_long"
    assert refusal(truth.path, workdir, Limits(max_frames=30)).code == "too_many_frames"


def test_exactly_the_limits_is_taken(h264: Case, workdir: Path) -> None:
    path = h264.truth.path
    limits = Limits(
        max_seconds=2.4,
        max_bytes=path.stat().st_size,
        max_pixels=160 * 128,
        max_frames=len(h264.truth.counters),
    )

    result = ingest(path, workdir, limits=limits, on_progress=ignore, on_still=ignore)

    assert result.index == h264.ingested.index


def test_nothing_stays_when_a_still_cannot_be_stored(h264: Case, workdir: Path) -> None:
    def full(_: Still) -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space left"):
        ingest(h264.truth.path, workdir, limits=Limits(), on_progress=ignore, on_still=full)
    assert list(workdir.iterdir()) == []


def test_a_broken_encoder_is_told_apart_from_a_bad_recording(
    h264: Case, workdir: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder = tmp_path / "ffmpeg"
    encoder.write_text("#!/bin/sh\necho out of order >&2\nexit 3\n")
    encoder.chmod(0o755)
    monkeypatch.setattr(imageio_ffmpeg, "get_ffmpeg_exe", lambda: str(encoder))

    with pytest.raises(ProxyFailed, match="out of order"):
        ingest(h264.truth.path, workdir, limits=Limits(), on_progress=ignore, on_still=ignore)
    assert list(workdir.iterdir()) == []
