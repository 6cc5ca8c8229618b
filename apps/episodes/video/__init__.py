"""Video understanding: what a recording is, its frame index, stills and proxy; paths and numbers only."""

from apps.episodes.video.index import Index, match
from apps.episodes.video.ingestion import Ingested, ingest
from apps.episodes.video.limits import Limits, VideoRejected
from apps.episodes.video.picture import encode_jpeg
from apps.episodes.video.recordings import CAMERAS, HEAD_CAMERA, Recording, group_recordings
from apps.episodes.video.source import VideoInfo, probe
from apps.episodes.video.stills import Still, still

__all__ = [
    "CAMERAS",
    "HEAD_CAMERA",
    "Index",
    "Ingested",
    "Limits",
    "Recording",
    "Still",
    "VideoInfo",
    "VideoRejected",
    "encode_jpeg",
    "group_recordings",
    "ingest",
    "match",
    "probe",
    "still",
]
