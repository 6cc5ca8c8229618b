"""Stills: any frame of a recording as immutable, content-addressed JPEG."""

import hashlib
import zlib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

from apps.episodes.video.index import Index
from apps.episodes.video.limits import VideoRejected
from apps.episodes.video.picture import Picture, encode_jpeg, upright_rgb
from apps.episodes.video.source import Source, opened


@dataclass(frozen=True)
class Still:
    """One frame: number, seconds after the first frame, SHA-256 of the JPEG in hex, and the JPEG itself."""

    number: int
    timestamp: Fraction
    sha256: str
    jpeg: bytes

    @classmethod
    def of(cls, number: int, timestamp: Fraction, rgb: Picture) -> "Still":
        """The still of an upright RGB picture."""
        jpeg = encode_jpeg(rgb)
        return cls(number, timestamp, hashlib.sha256(jpeg).hexdigest(), jpeg)


def checksum(rgb: Picture) -> int:
    """32 bits that tell one picture of a recording from another."""
    return zlib.crc32(rgb.data)


def still(path: Path, number: int, index: Index) -> Still:
    """Frame `number` of the recording that `index` was made of, with the bytes that `ingest` would give it.

    Decodes from a keyframe before, and believes the result only where time and checksum are those of the
    index; else counts from the beginning. IndexError where there is no such frame; VideoRejected ("changed")
    where the file is not the indexed one.
    """
    timestamp = index.timestamp(number)
    with opened(path) as source:
        found = (_sought(source, entry, number, index) for entry in index.entries(number))
        rgb = next((rgb for rgb in found if rgb is not None), None)
    if rgb is None:
        with opened(path) as source:
            rgb = _counted(source, number, index)
    return Still.of(number, timestamp, rgb)


def _sought(source: Source, entry: int, number: int, index: Index) -> Picture | None:
    wanted = index.start + index.ticks[number]
    source.seek(index.start + index.ticks[entry])
    frame = _first_not_before(source, wanted)
    if frame is None or frame.pts != wanted:
        return None
    rgb = upright_rgb(frame)
    return rgb if checksum(rgb) == index.checks[number] else None


def _first_not_before(source: Source, wanted: int) -> av.VideoFrame | None:
    try:
        return next(
            (frame for frame in source.frames() if frame.pts is not None and frame.pts >= wanted), None
        )
    except VideoRejected:  # decoding from here failed; counting from the beginning may not
        return None


def _counted(source: Source, number: int, index: Index) -> Picture:
    for place, frame in enumerate(source.frames()):
        if place == number:
            return upright_rgb(frame)
    raise VideoRejected("changed", f"The file is no longer the recording that had {len(index)} frames.")
