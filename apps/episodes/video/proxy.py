"""The proxy: the same frames at the same times, in a form that every browser seeks fast in."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from fractions import Fraction
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from typing import IO, cast

import av
import ffmpeg
import imageio_ffmpeg
import numpy as np

from apps.episodes.video.picture import Picture

ENCODING = {
    "c:v": "libx264",
    "preset": "veryfast",
    "tune": "fastdecode",  # decodes in half the time, for 5 to 20 % more bytes: what scrubbing waits for
    "crf": 23,
    "bf": 0,
    "g": 12,
    "keyint_min": 12,
    "sc_threshold": 0,
    "flags": "+cgop",
    "threads": 2,  # the encoder's output depends on their number
    "movflags": "+faststart",
    "fps_mode": "passthrough",
    "enc_time_base": "demux",
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "color_range": "tv",
}


UNSEEKABLE = {"write_index": "0"}


class ProxyFailed(RuntimeError):  # noqa: N818 - reads as what happened, beside VideoRejected
    """The encoder stopped; its own words are the message. A fault of the site, not of the recording."""


class ProxyWriter:
    """Where the frames go in, one after another.

    They travel to the encoder's process as a NUT stream, which carries each one's exact time; a bare pipe of
    pictures would not. The encoder then works beside the decoder (measured: a quarter less time than within
    this process).
    """

    def __init__(self, pipe: IO[bytes], width: int, height: int, time_base: Fraction) -> None:
        self.time_base = time_base
        self.pipe = pipe
        self.container = av.open(f"pipe:{pipe.fileno()}", "w", "nut", UNSEEKABLE)
        self.stream = self.container.add_stream("rawvideo")
        self.stream.width, self.stream.height, self.stream.pix_fmt = width, height, "rgb24"
        self.stream.time_base = self.stream.codec_context.time_base = time_base

    def write(self, rgb: Picture, ticks: int) -> None:
        """Append a (height, width, 3) RGB picture, `ticks` of the time base after the first one."""
        frame = av.VideoFrame.from_ndarray(_even(rgb), format="rgb24")
        frame.pts, frame.time_base = ticks, self.time_base
        with _encoder_listens():
            self.container.mux(self.stream.encode(frame))

    def close(self) -> None:
        """Tell the encoder that no more frames come."""
        with self.pipe, _encoder_listens():
            self.container.close()


@contextmanager
def proxy_writer(path: Path, *, width: int, height: int, time_base: Fraction) -> Iterator[ProxyWriter]:
    """An MP4 of the frames written within: H.264 yuv420p, keyframe every 12, no B-frames, faststart.

    Sizes in pixels; `time_base` in seconds. The file is whole when the block is left without an error. Odd
    sizes grow by one column or row on the right or at the bottom, so a point of the recording has the same
    coordinates in the proxy. ProxyFailed where the encoder gives up.
    """
    with TemporaryFile() as complaints, _encoder(path, time_base, complaints) as encoder:
        writer = ProxyWriter(
            cast(IO[bytes], encoder.stdin), width + width % 2, height + height % 2, time_base
        )
        try:
            with closing(writer):
                yield writer
            if encoder.wait():
                raise ProxyFailed
        except ProxyFailed as error:
            encoder.wait()
            complaints.seek(0)
            raise ProxyFailed(complaints.read().decode(errors="replace").strip()) from error


@contextmanager
def _encoder(path: Path, time_base: Fraction, complaints: IO[bytes]) -> Iterator[Popen[bytes]]:
    pictures = ffmpeg.input("pipe:", format="nut").video
    limited = pictures.filter("scale", out_color_matrix="bt709", out_range="tv").filter("format", "yuv420p")
    job = limited.output(
        f"file:{path}", format="mp4", video_track_timescale=time_base.denominator, **ENCODING
    )
    quiet = job.global_args("-loglevel", "error").overwrite_output()
    command = quiet.compile(imageio_ffmpeg.get_ffmpeg_exe())
    with Popen(command, stdin=PIPE, stderr=complaints) as encoder:
        try:
            yield encoder
        finally:
            encoder.kill()  # of no effect on one that has ended


@contextmanager
def _encoder_listens() -> Iterator[None]:
    try:
        yield
    except av.FFmpegError as error:
        raise ProxyFailed from error


def _even(rgb: Picture) -> Picture:
    height, width = rgb.shape[:2]
    if height % 2 == width % 2 == 0:
        return rgb
    return np.pad(rgb, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge")
