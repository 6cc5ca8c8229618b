"""Was the file cut off? What its container says about its own length, against the bytes that are there."""

from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from apps.episodes.video.limits import VideoRejected

MP4_FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"styp"}
EBML_MAGIC = b"\x1a\x45\xdf\xa3"
EBML_SEGMENT = b"\x18\x53\x80\x67"
TS_PACKET = 188
TS_SYNC = 0x47


def check_extent(path: Path) -> None:
    """Raise `VideoRejected` ("empty" or "truncated") where bytes are missing at the end of the file.

    MP4 and MOV name the length of each box, AVI of its list, Matroska of its segment; MPEG-TS has packets of
    one length. A recorder that cannot know a length in advance leaves it open, and then nothing can be told.
    """
    size = path.stat().st_size
    if size == 0:
        raise VideoRejected("empty", "The file is empty.")
    with path.open("rb") as file:
        end = _stated_end(file, size)
    if end > size:
        raise VideoRejected(
            "truncated", f"The file was cut off: of its bytes, at least {end}, only {size} are there."
        )


def _stated_end(file: BinaryIO, size: int) -> int:
    head = file.read(TS_PACKET + 1)
    for matches, end in CONTAINERS:
        if matches(head):
            return end(file, size)
    return size


def _mp4_end(file: BinaryIO, size: int) -> int:
    position = 0
    while position + 8 <= size:
        file.seek(position)
        head = file.read(16)
        length = int.from_bytes(head[:4], "big")
        if length == 1:
            length = int.from_bytes(head[8:16], "big")
        if length < 8 or not head[4:8].isascii():  # 0: up to the end of the file; else: no box, some appendix
            return size
        position += length
    return position


def _avi_end(file: BinaryIO, size: int) -> int:
    file.seek(4)
    length = int.from_bytes(file.read(4), "little")
    return size if length in (0, 0xFFFFFFFF) else 8 + length


def _matroska_end(file: BinaryIO, size: int) -> int:
    file.seek(len(EBML_MAGIC))
    header = _ebml_length(file)
    file.seek(header or 0, 1)
    if file.read(4) != EBML_SEGMENT:
        return size
    segment = _ebml_length(file)
    return size if segment is None else file.tell() + segment


def _ebml_length(file: BinaryIO) -> int | None:
    """The variable-length integer at the file's position; None is Matroska's "unknown"."""
    first = file.read(1)
    if not first or first[0] == 0:
        return None
    extra = 8 - first[0].bit_length()
    bits = 7 * (extra + 1)
    value = int.from_bytes(first + file.read(extra), "big") & ((1 << bits) - 1)
    return None if value == (1 << bits) - 1 else value


def _ts_end(file: BinaryIO, size: int) -> int:
    return -(-size // TS_PACKET) * TS_PACKET


CONTAINERS: tuple[tuple[Callable[[bytes], bool], Callable[[BinaryIO, int], int]], ...] = (
    (lambda head: head[4:8] in MP4_FIRST_BOXES, _mp4_end),
    (lambda head: head[:4] == b"RIFF", _avi_end),
    (lambda head: head[:4] == EBML_MAGIC, _matroska_end),
    (lambda head: head[:1] == head[TS_PACKET:] == bytes([TS_SYNC]), _ts_end),
)
