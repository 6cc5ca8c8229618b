"""H.264 in MP4, by PyAV: pictures in, pictures out, each frame at its own time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from fractions import Fraction
from itertools import islice
from pathlib import Path

import av
import cv2
import numpy as np
from av.video.reformatter import Colorspace
from av.video.stream import VideoStream

from robot.formats.recording import FormatRejected, Picture, check_picture

CODEC = "h264"
HD_HEIGHT = 720  # from here on untagged video is taken for BT.709, below for BT.601
CLOCK = 90_000
# One thread: the same bytes on every machine, so that the same recording is known again.
OPTIONS = {"preset": "veryfast", "crf": "17", "threads": "1", "g": "10", "bf": "0"}
READ_ONLY_THESE = {"format_whitelist": "mov,matroska", "protocol_whitelist": "file"}


class VideoWriter:
    """An MP4 that grows frame by frame; the first one says the size."""

    def __init__(self, path: Path, fps: float, options: dict[str, str] | None = None) -> None:
        self.frames = 0
        self._container = av.open(str(path), "w", format="mp4")
        self._rate = Fraction(fps).limit_denominator(1001)
        self._options = {**OPTIONS, **(options or {})}
        self._stream: VideoStream | None = None

    def write(self, picture: Picture, seconds: float | None = None) -> None:
        """One RGB picture, at `seconds` after the beginning, or one step of the frame rate after the last."""
        stream = self._stream or self._begin(picture)
        frame = _coded(picture, stream.pix_fmt or "yuv420p")
        at = Fraction(self.frames) / self._rate if seconds is None else Fraction(seconds)
        frame.pts, frame.time_base = round(at * CLOCK), Fraction(1, CLOCK)
        self._container.mux(stream.encode(frame))
        self.frames += 1

    def _begin(self, picture: Picture) -> VideoStream:
        height, width = picture.shape[:2]
        matrix = "bt709" if height >= HD_HEIGHT else "smpte170m"
        options = {**self._options, "x264-params": f"colormatrix={matrix}"}
        stream = self._container.add_stream("libx264", rate=self._rate, options=options)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p" if height % 2 == width % 2 == 0 else "yuv444p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, CLOCK)
        self._stream = stream
        return stream

    def close(self) -> None:
        if self._stream is not None:
            self._container.mux(self._stream.encode())
        self._container.close()


def _coded(picture: Picture, pix_fmt: str) -> av.VideoFrame:
    """The picture as YUV of limited range, by the matrix that players take for its size."""
    if picture.shape[0] < HD_HEIGHT and pix_fmt == "yuv420p":  # six times quicker than the general way
        planes = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2YUV_I420), np.uint8)
        return av.VideoFrame.from_ndarray(planes, format=pix_fmt)
    space = Colorspace.ITU709 if picture.shape[0] >= HD_HEIGHT else Colorspace.ITU601
    frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
    return frame.reformat(format=pix_fmt, dst_colorspace=space)


def encode(path: Path, pictures: Iterable[Picture], fps: float) -> int:
    """Write RGB pictures at a steady rate; how many there were. FormatRejected where their size changes."""
    writer, size = VideoWriter(path, fps), None
    try:
        for picture in pictures:
            size = size or picture.shape
            if picture.shape != size:
                raise FormatRejected(
                    f"{path.stem} changes the size of its pictures at frame {writer.frames}."
                )
            writer.write(picture)
    finally:
        writer.close()
    return writer.frames


def decode(path: Path, start: float = 0.0, count: int | None = None) -> Iterator[Picture]:
    """RGB pictures from the one at `start` seconds on; at most `count`."""
    with _opened(path) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        base = stream.time_base or Fraction(1, CLOCK)
        slack = 0.5 / float(stream.average_rate or 25)  # the frame whose time rounds to `start` is meant
        if start > 0:
            container.seek(int(start / base), stream=stream, backward=True)
        frames = (f for f in container.decode(stream) if float((f.pts or 0) * base) >= start - slack)
        for frame in islice(frames, count):
            check_picture(path.name, frame.height, frame.width)
            yield np.asarray(frame.to_ndarray(format="rgb24"), np.uint8)


@contextmanager
def _opened(path: Path) -> Iterator[av.container.InputContainer]:
    try:
        with av.open(f"file:{path}", options=READ_ONLY_THESE) as container:
            if not container.streams.video:
                raise FormatRejected(f"{path.name} has no video track.")
            yield container
    except av.FFmpegError:
        raise FormatRejected(f"{path.name} cannot be read as a video.") from None
