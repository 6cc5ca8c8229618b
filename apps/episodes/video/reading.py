"""The one sequential pass: every frame with its number and time, checked as it comes."""

from collections.abc import Iterator
from dataclasses import dataclass

import av

from apps.episodes.video.limits import Limits, VideoRejected
from apps.episodes.video.source import NO_FRAMES, Source

SLACK = 1.0  # seconds; containers state lengths loosely


@dataclass(frozen=True)
class Numbered:
    """A decoded frame with its number and its timestamp in the file, in ticks of the track's time base."""

    number: int
    ticks: int
    frame: av.VideoFrame


def numbered(source: Source, limits: Limits) -> Iterator[Numbered]:
    """All frames of the recording in presentation order.

    VideoRejected: no frame, over a limit, a damaged frame, a change of size, time that runs backwards, or an
    end that comes well before the stated one.
    """
    watch = Watch(source, limits)
    for number, frame in enumerate(source.frames()):
        yield Numbered(number, watch.accept(number, frame), frame)
    watch.finish()


class Watch:
    """What the frames seen so far promise of those to come."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self.source = source
        self.limits = limits
        self.first: av.VideoFrame | None = None
        self.stated = self.start = self.last = self.end = self.longest_step = 0

    def accept(self, number: int, frame: av.VideoFrame) -> int:
        """Check one frame; its timestamp in ticks. A repeated timestamp counts as one tick later."""
        stated = _ticks(number, frame)
        if self.first is None:
            self.first, self.stated, self.start, self.last = frame, stated, stated, stated - 1
        self._check(number, frame, stated)
        ticks = max(stated, self.last + 1)
        self.longest_step = max(self.longest_step, ticks - self.last)
        self.stated, self.last, self.end = stated, ticks, ticks + (frame.duration or 0)
        return ticks

    def _check(self, number: int, frame: av.VideoFrame, ticks: int) -> None:
        first = self.first or frame
        self.limits.check_picture(frame.width, frame.height)
        self.limits.check_length(number + 1, float((ticks - self.start) * self.source.time_base))
        if frame.is_corrupt:
            raise VideoRejected("damaged", f"The video is damaged at frame {number}.")
        if ticks < self.stated:
            raise VideoRejected("disordered", f"The video's time runs backwards at frame {number}.")
        if (frame.width, frame.height) != (first.width, first.height):
            raise VideoRejected(
                "size_changes",
                f"The picture changes from {first.width} x {first.height} to {frame.width} x {frame.height} "
                f"pixels at frame {number}.",
            )

    def finish(self) -> None:
        """Check that there were frames, up to the end that the container states."""
        if self.first is None:
            raise NO_FRAMES
        stated = float(self.source.stated_seconds() or 0)
        end = float(self.end * self.source.time_base)
        if stated - end > max(SLACK, float(self.longest_step * self.source.time_base)):
            raise VideoRejected(
                "truncated",
                f"The video was cut off: it should last {stated:.1f} s, and ends at {end:.1f} s.",
            )


def _ticks(number: int, frame: av.VideoFrame) -> int:
    # AVI stores no presentation times; without B-frames the decoding time is the same.
    ticks = frame.pts if frame.pts is not None else frame.dts
    if ticks is None:
        raise VideoRejected("no_times", f"Frame {number} of the video has no time.")
    return ticks
