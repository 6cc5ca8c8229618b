"""Ingest of an uploaded episode: every camera is decoded once; then the episode is ready, or rejected."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db import transaction

from apps.core.errors import AppError
from apps.core.states import SYSTEM
from apps.episodes.live import announce
from apps.episodes.models import Camera, Episode, Still
from apps.episodes.queueing import enqueue_ingest
from apps.episodes.states import episode_states
from apps.episodes.storage import blob_as_path, blob_store_bytes, blob_store_path, blobs_collect
from apps.episodes.video import Ingested, Limits, VideoRejected, ingest
from apps.episodes.video import Still as DecodedStill

MAX_ATTEMPTS = 3
RETRY_SECONDS = 1.0
PROGRESS_STEP = 0.05


def limits() -> Limits:
    return Limits(
        max_seconds=settings.VIDEO_MAX_SECONDS,
        max_bytes=settings.VIDEO_MAX_BYTES,
        max_pixels=settings.VIDEO_MAX_PIXELS,
        max_frames=settings.VIDEO_MAX_FRAMES,
    )


def episode_ingest(*, episode: Episode) -> None:
    """Make index, samples, proxy and thumbnail of every camera. Safe to run again after it was cut off.

    A recording that cannot be taken makes the episode *rejected* with one sentence, and its files are
    erased. A fault of ours is raised; see `ingest_failed`.
    """
    if episode.state not in (Episode.State.UPLOADED, Episode.State.INGESTING):
        return
    try:
        attempts = episode.attempts + 1
        episode_states.move(episode, "ingest", by=None, permissions=SYSTEM, progress=0.0, attempts=attempts)
        _ingest_cameras(episode)
        episode_states.move(episode, "finish", by=None, permissions=SYSTEM, progress=1.0)
    except VideoRejected as problem:
        episode_reject(episode=episode, why=str(problem))
    except AppError:
        return  # another worker moved it on
    else:
        announce(episode)


def ingest_failed(*, episode: Episode, why: str) -> None:
    """After a fault that need not be the recording's: try again, and give up after some attempts.

    The source is kept then: it may be sound, and be read by a site that is well again.
    """
    if episode.state != Episode.State.INGESTING:
        return
    if episode.attempts < MAX_ATTEMPTS:
        enqueue_ingest(episode.pk, delay=RETRY_SECONDS)
    else:
        episode_reject(episode=episode, why=why, keep_source=True)


def _ingest_cameras(episode: Episode) -> None:
    cameras = list(episode.cameras.select_related("source"))
    for position, camera in enumerate(cameras):
        try:
            _ingest_camera(camera, _reporter(episode, position, len(cameras)))
        except VideoRejected as problem:
            if len(cameras) == 1:
                raise
            raise VideoRejected(problem.code, f"{camera.name}: {problem.sentence}") from None


def _reporter(episode: Episode, position: int, count: int) -> Callable[[float], None]:
    """Writes and announces the progress of the whole episode, in steps."""

    def report(fraction: float) -> None:
        progress = (position + fraction) / count
        if progress >= episode.progress + PROGRESS_STEP:
            episode.progress = progress
            Episode.objects.filter(pk=episode.pk).update(progress=progress)
            announce(episode)

    return report


def _ingest_camera(camera: Camera, report: Callable[[float], None]) -> None:
    settings.FILE_UPLOAD_TEMP_DIR.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=settings.FILE_UPLOAD_TEMP_DIR) as workdir,
        blob_as_path(camera.source) as path,
    ):
        stills: list[tuple[int, float, Path]] = []

        def keep(still: DecodedStill) -> None:
            file = Path(workdir) / f"{still.number}.jpg"
            file.write_bytes(still.jpeg)
            stills.append((still.number, float(still.timestamp), file))

        result = ingest(path, Path(workdir), limits=limits(), on_progress=report, on_still=keep)
        _keep_camera(camera, result, stills)


@transaction.atomic
def _keep_camera(camera: Camera, result: Ingested, stills: list[tuple[int, float, Path]]) -> None:
    """Files and rows together: whoever erases a file at the same time waits, then sees that it is used."""
    info = result.info
    camera.proxy = blob_store_path(result.proxy)
    camera.thumbnail = blob_store_bytes(result.thumbnail, ".jpg")
    camera.index = blob_store_bytes(result.index.to_json().encode(), ".json")
    camera.suffix = info.suffix
    camera.codec, camera.width, camera.height = info.codec, info.width, info.height
    camera.frame_count = len(result.index)
    camera.seconds = float(result.index.timestamps[-1])
    camera.fps = (camera.frame_count - 1) / camera.seconds if camera.seconds else 0.0
    camera.save()
    camera.stills.all().delete()
    Still.objects.bulk_create(
        Still(camera=camera, number=number, seconds=seconds, is_sample=True, blob=blob_store_path(file))
        for number, seconds, file in stills
    )


def episode_reject(*, episode: Episode, why: str, keep_source: bool = False) -> None:
    """End as *rejected* with the sentence `why`; its media are erased so that nothing half-made stays.

    Nothing happens when the episode is ready or rejected already: another worker was quicker.
    """
    try:
        episode_states.move(episode, "reject", by=None, permissions=SYSTEM, why=why, rejection=why)
    except AppError:
        return
    media_erase(episode=episode, keep_source=keep_source)
    announce(episode)


@transaction.atomic
def media_erase(*, episode: Episode, keep_source: bool = False) -> None:
    """Erase every file that only this episode used; with `keep_source` what was made of the source only."""
    digests = set(Still.objects.filter(camera__episode=episode).values_list("blob_id", flat=True))
    for row in episode.cameras.values_list("source_id", "proxy_id", "thumbnail_id", "index_id"):
        digests.update(filter(None, row[1:] if keep_source else row))
    if keep_source:
        Still.objects.filter(camera__episode=episode).delete()
        episode.cameras.update(proxy=None, thumbnail=None, index=None)
    else:
        digests.update(filter(None, [episode.signals_id]))
        Episode.objects.filter(pk=episode.pk).update(signals=None)
        episode.cameras.all().delete()
    blobs_collect(digests)
