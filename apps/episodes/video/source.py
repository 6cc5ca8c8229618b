"""An opened recording: what it is, and its frames one after another."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Self

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from apps.episodes.video.extent import check_extent
from apps.episodes.video.limits import Limits, VideoRejected
from apps.episodes.video.picture import rotation

# A playlist or a list of files with a video's name could make the reader fetch addresses or other files.
READ_ONLY_THESE = {"format_whitelist": "mov,matroska,avi,mpegts", "protocol_whitelist": "file"}
NO_VIDEO = VideoRejected("no_video", "The file has no video track.")
NO_FRAMES = VideoRejected("no_frames", "The video has no frames.")


SUFFIXES = {"mov": ".mp4", "matroska": ".mkv", "avi": ".avi", "mpegts": ".ts"}


@dataclass(frozen=True)
class VideoInfo:
    """What a recording is. Sizes are pixels of the upright picture.

    suffix: the usual ending of a file name of this container.
    rotation: degrees clockwise from the stored to the upright picture, before any mirroring.
    seconds: the length the container states, else None; the index has the real one.
    """

    suffix: str
    codec: str
    width: int
    height: int
    rotation: int
    time_base: Fraction
    average_rate: Fraction | None
    seconds: Fraction | None

    @classmethod
    def of(cls, source: "Source", first: av.VideoFrame) -> Self:
        """Read from the container and from its first decoded frame, which carries the orientation."""
        turned = rotation(first)
        size = (first.height, first.width) if turned in (90, 270) else (first.width, first.height)
        return cls(
            suffix=SUFFIXES[source.container.format.name.split(",")[0]],
            codec=source.stream.codec_context.codec.canonical_name,
            width=size[0],
            height=size[1],
            rotation=turned,
            time_base=source.time_base,
            average_rate=source.stream.average_rate,
            seconds=source.stated_seconds(),
        )


@dataclass(frozen=True)
class Source:
    """A container opened for reading, and its video track."""

    container: InputContainer
    stream: VideoStream

    @property
    def time_base(self) -> Fraction:
        """Seconds in one tick of the track's timestamps."""
        return self.stream.time_base or Fraction(1, av.time_base)

    def stated_seconds(self) -> Fraction | None:
        """The track's length in seconds as the container states it; edit lists are counted in."""
        if self.stream.duration:
            return self.stream.duration * self.time_base
        if self.container.duration and len(self.container.streams) == 1:
            return Fraction(self.container.duration, av.time_base)
        return None

    def frames(self) -> Iterator[av.VideoFrame]:
        """Decode on from the present position, in presentation order.

        What cannot be decoded before the first picture is passed over, as players do: a recording may begin
        between two keyframes. After it, VideoRejected ("damaged").
        """
        started = False
        try:
            for packet in self.container.demux(self.stream):
                for frame in _decoded(packet, forgiving=not started):
                    started = True
                    yield frame
        except av.FFmpegError as error:
            raise VideoRejected("damaged", "The video is damaged: a part of it cannot be decoded.") from error

    def seek(self, ticks: int) -> None:
        """Go to the last place at or before `ticks` that decoding can begin at."""
        self.container.seek(ticks, stream=self.stream, backward=True)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """Open a recording; VideoRejected where it is cut off, no video file, or without a video track."""
    check_extent(path)
    try:
        container = av.open(f"file:{path}", options=READ_ONLY_THESE)
    except av.FFmpegError as error:
        raise VideoRejected(
            "unreadable",
            "The file cannot be read as a video; MP4, MOV, MKV, WebM, AVI and MPEG-TS are taken.",
        ) from error
    with container:
        stream = _video_track(container)
        stream.thread_type = "AUTO"
        yield Source(container, stream)


def probe(path: Path, limits: Limits) -> VideoInfo:
    """What the recording is, from its head and first frame; VideoRejected where it cannot be taken."""
    limits.check_bytes(path.stat().st_size)
    with opened(path) as source:
        size = source.stream.codec_context
        limits.check_picture(size.width, size.height)
        limits.check_length(source.stream.frames, float(source.stated_seconds() or 0))
        first = next(source.frames(), None)
        if first is None:
            raise NO_FRAMES
        return VideoInfo.of(source, first)


def _video_track(container: InputContainer) -> VideoStream:
    covers = Disposition.attached_pic
    tracks = [stream for stream in container.streams.video if not stream.disposition & covers]
    if not tracks:
        raise NO_VIDEO
    return tracks[0]


def _decoded(packet: "av.Packet[VideoStream]", *, forgiving: bool) -> list[av.VideoFrame]:
    try:
        return packet.decode()
    except av.FFmpegError:
        if forgiving:
            return []
        raise
